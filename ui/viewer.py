"""The page viewer: ``/dokumente/ID?seite=&start=&end=&zoom=`` and the pictures it shows."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from assistant.domain import Box, Document, Span
from assistant.errors import AssistantError, UnknownDocumentError
from assistant.service import Assistant
from ingest.failures import Unreadable
from ingest.pdf_picture import picture
from ui.german_typer import say
from ui.viewer_html import ZOOMS, View, frame_html, view_html

logger = logging.getLogger(__name__)


def viewer_route(assistant: Callable[[], Assistant]) -> Route:
    """The route of the viewer."""

    def show(request: Request) -> HTMLResponse:
        try:
            document = assistant().document(request.path_params["id"])
            return HTMLResponse(view_html(view_of(document, request.query_params)))
        except UnknownDocumentError:
            return _refused("unknown", 404)
        except AssistantError:
            return _refused("unavailable", 503)

    return Route("/dokumente/{id:path}", show)


def view_of(document: Document, asked: Mapping[str, str]) -> View:
    """What the parameters of an address ask to see. A place outside the text marks nothing.

    Raises:
        UnknownDocumentError: if the document has no such page.
    """
    start = min(_number(asked.get("start")), len(document.text))
    span = Span(start=start, end=max(start, min(_number(asked.get("end")), len(document.text))))
    zoom = _number(asked.get("zoom"))
    number = _number(asked.get("seite"))
    # Without a page in the address, the one that the place stands on.
    wanted = [page for page in document.pages if page.number == number or (not number and page.span.end > span.start)]
    if document.pages and not wanted:
        raise UnknownDocumentError("page_unknown")
    page = wanted[0] if wanted else None
    return View(document=document, page=page, span=span, zoom=zoom if zoom in ZOOMS else ZOOMS[0])


class PagePictures:
    """Draws pages, two at a time, and remembers the latest."""

    def __init__(self) -> None:
        self._workers = threading.Semaphore(2)
        self._drawn = lru_cache(maxsize=128)(self._draw)

    def __call__(self, document: Document, number: int, boxes: Sequence[Box]) -> bytes:
        """Page ``number`` of ``document`` as PNG with ``boxes`` marked.

        Raises:
            UnknownDocumentError: if it has no PDF to draw from, or that cannot be drawn.
        """
        path = Path(document.file)
        if path.suffix.lower() != ".pdf" or not path.is_file():
            raise UnknownDocumentError("page_not_drawn")
        return self._drawn(path, document.sha256, number, tuple(boxes))

    def _draw(self, path: Path, sha256: str, number: int, boxes: Sequence[Box]) -> bytes:
        """Draw it. ``sha256`` only tells versions of the file apart in what is remembered."""
        try:
            with self._workers:
                return picture(path, number, boxes)
        except Unreadable as error:
            logger.warning("page %d of %s cannot be drawn: %s", number, path, error)
            raise UnknownDocumentError("page_not_drawn") from error


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _refused(key: str, status: int) -> HTMLResponse:
    title = say("viewer", "title")
    body = f"<h1>{escape(title)}</h1><p>{escape(say('viewer', key))}</p>"
    return HTMLResponse(frame_html(title, body), status_code=status)
