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

from assistant.domain import Box, Document, Page, Span
from assistant.errors import AssistantError, UnknownDocumentError
from assistant.service import Assistant
from ingest.failures import Unreadable
from ingest.pdf_picture import picture
from ui.german_typer import say
from ui.viewer_html import ZOOMS, View, frame_html, view_html

logger = logging.getLogger(__name__)

SHARPNESS = 1.6
"""Pixels to the point at 100 per cent: as wide as the viewer shows an A4 page."""


def viewer_route(assistant: Callable[[], Assistant]) -> Route:
    """The route of the viewer."""

    def show(request: Request) -> HTMLResponse:
        try:
            document = assistant().document(request.path_params["id"])
            view = view_of(document, request.query_params)
            return HTMLResponse(view_html(view), status_code=404 if view.note else 200)
        except UnknownDocumentError:
            return _refused("unknown", 404)
        except AssistantError:
            return _refused("unavailable", 503)

    return Route("/dokumente/{id:path}", show)


def view_of(document: Document, asked: Mapping[str, str]) -> View:
    """What the parameters of an address ask to see. What does not fit the document is said, and the rest shown."""
    start, end = _number(asked.get("start")), _number(asked.get("end"))
    fits = start < end <= len(document.text)
    span = Span(start=start, end=end) if fits else Span(start=0, end=0)
    zoom = _number(asked.get("zoom"))
    page, note = _page(document, asked.get("seite", ""), span)
    if not fits and (start or end):
        note = say("viewer", "no_place")
    return View(document=document, page=page, span=span, zoom=zoom if zoom in ZOOMS else ZOOMS[0], note=note)


def _page(document: Document, asked: str, span: Span) -> tuple[Page | None, str]:
    """The page that is asked for; else that of ``span``, else the first, and what is wrong with the one asked for."""
    if not document.pages:
        return None, ""
    of_span = [page for page in document.pages if span.start < page.span.end]
    if not asked:
        return of_span[0] if of_span else document.pages[0], ""
    wanted = [page for page in document.pages if page.number == _number(asked)]
    if wanted:
        return wanted[0], ""
    shown = of_span[0] if of_span else document.pages[0]
    return shown, say("viewer", "no_page", total=len(document.pages), label=shown.label or shown.number)


class PagePictures:
    """Draws pages, two at a time, and remembers the latest."""

    def __init__(self) -> None:
        self._workers = threading.Semaphore(2)
        self._drawn = lru_cache(maxsize=128)(self._draw)

    def __call__(self, document: Document, number: int, boxes: Sequence[Box], zoom: int) -> bytes:
        """Page ``number`` of ``document`` as PNG with ``boxes`` marked, sharp at ``zoom`` per cent.

        Raises:
            UnknownDocumentError: if it has no PDF to draw from, or that cannot be drawn.
        """
        path = Path(document.file)
        if path.suffix.lower() != ".pdf" or not path.is_file():
            raise UnknownDocumentError("page_not_drawn")
        return self._drawn(path, document.sha256, number, tuple(boxes), zoom)

    def _draw(self, path: Path, sha256: str, number: int, boxes: Sequence[Box], zoom: int) -> bytes:
        """Draw it. ``sha256`` only tells versions of the file apart in what is remembered."""
        try:
            with self._workers:
                return picture(path, number, boxes, scale=SHARPNESS * zoom / 100)
        except Unreadable as error:
            logger.warning("page %d of %s cannot be drawn: %s", number, path, error)
            raise UnknownDocumentError("page_not_drawn") from error


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _refused(key: str, status: int) -> HTMLResponse:
    title = say("viewer", "title")
    body = f"<h1>{escape(title)}</h1><p>{escape(say('viewer', key))}</p>"
    return HTMLResponse(frame_html(title, body), status_code=status)
