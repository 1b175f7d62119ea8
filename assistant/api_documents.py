"""The documents over HTTP: list, text, original file, and pages as pictures with a place marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Response
from fastapi.responses import FileResponse

from assistant import wire
from assistant.api_errors import documented
from assistant.citations import boxes_on
from assistant.domain import Box, Document, Span
from assistant.errors import UnknownDocumentError
from assistant.service import Assistant

DrawPage = Callable[[Document, int, Sequence[Box], int], bytes]
"""Draws a page (physical number) of a document as PNG with places marked, at a zoom in per cent; raises
UnknownDocumentError if it cannot."""

Offset = Annotated[int, Query(ge=0, description="characters of the document's text")]
Zoom = Annotated[int, Query(ge=100, le=200, multiple_of=50, description="per cent of the usual sharpness")]


def add_documents(app: FastAPI, assistant: Callable[[], Assistant], draw_page: DrawPage | None) -> None:
    """Add the routes. The one that takes any id comes last, because ids may hold slashes."""

    @app.get("/api/documents", responses=documented(503))
    def documents() -> list[dict[str, Any]]:
        """All documents."""
        return [wire.document_json(document) for document in assistant().documents()]

    @app.get("/api/documents/{id:path}/file", responses=documented(404, 503), response_class=FileResponse)
    def file(id: str) -> FileResponse:
        """The original file."""
        return _original(assistant().document(id))

    if draw_page is not None:

        @app.get("/api/documents/{id:path}/pages/{number}.png", responses=documented(404, 422, 503))
        def page(id: str, number: int, start: Offset = 0, end: Offset = 0, zoom: Zoom = 100) -> Response:
            """A page as a picture, with the characters ``start`` to ``end`` of the document marked in it."""
            document = assistant().document(id)
            if not any(page.number == number for page in document.pages):
                raise UnknownDocumentError("page_unknown")
            boxes = boxes_on(document, number, Span(start=start, end=end)) if start < end else []
            drawn = draw_page(document, number, boxes, zoom)
            return Response(drawn, media_type="image/png", headers={"Cache-Control": "private, max-age=600"})

    @app.get("/api/documents/{id:path}", responses=documented(404, 503))
    def document(id: str) -> dict[str, Any]:
        """One document with its text, pages and sections. Spans of citations refer to ``text``."""
        return wire.document_text_json(assistant().document(id))


def _original(document: Document) -> FileResponse:
    path = Path(document.file)
    if not document.file or not path.is_file():
        raise UnknownDocumentError("file_unknown")
    if path.suffix.lower() == ".pdf":
        return FileResponse(path, media_type="application/pdf", content_disposition_type="inline", filename=path.name)
    # Never shown by the browser: scripts in somebody's HTML would run as ours.
    return FileResponse(path, media_type="application/octet-stream", filename=path.name)
