"""The widget for other sites: ``/widget.js``, ``/embed`` for frames, and ``/einbetten``, which shows how to do it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from assistant.list_marks import MARK
from assistant.texts import texts
from ui.exchange import Contact
from ui.way_out import contact_texts
from ui.widget_html import embed_html, embedding_html

SOURCES = Path(__file__).with_name("element")
COMMENT = re.compile(r"^ *(?://[^\n]*|/\*.*?\*/)\n", re.MULTILINE | re.DOTALL)
"""A comment on lines of its own."""
SHOWN_WITH = ("status", "mode", "confidence", "place", "whole")
"""Sections whose texts the widget shares with the chat page."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What the pages here may do: as strict as the strictest site that the widget is meant for."""


def widget_routes(sites: Sequence[str], contact: Contact) -> list[Route]:
    """The routes.

    Args:
        sites: other sites that may show the widget and frame ``/embed``.
        contact: who helps on when the documents do not answer.
    """
    script = widget_script(contact).encode()
    etag = f'W/"{sha256(script).hexdigest()[:32]}"'  # weak: compressed or not, it is the same
    headers = {
        "Cache-Control": "public, max-age=3600",
        "ETag": etag,
        "Cross-Origin-Resource-Policy": "cross-origin",
    }

    def widget(request: Request) -> Response:
        if etag in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        return Response(script, media_type="text/javascript", headers=headers)

    def embed(request: Request) -> Response:
        asked = request.query_params
        attributes = {name: asked[name] for name in ("heading", "documents", "theme") if asked.get(name)}
        return _page(embed_html(attributes), framed_by=sites)

    def embedding(request: Request) -> Response:
        return _page(embedding_html(sites), framed_by=())

    return [
        Route("/widget.js", widget, middleware=[Middleware(GZipMiddleware)]),
        Route("/embed", embed),
        Route("/einbetten", embedding),
    ]


def widget_script(contact: Contact) -> str:
    """The one file of the widget: its source with the German words, the marks of lists and the look put in."""
    source = _source("chat.js")
    for name, empty, value in (
        ("TEXTS", "{}", widget_texts(contact)),
        ("MARK", '""', MARK),
        ("STYLE", '""', _source("chat.css")),
    ):
        declared = f"const {name} = {empty};"
        assert source.count(declared) == 1, f"chat.js declares {name} once"
        # ASCII only, so that no page's own encoding can change it.
        source = source.replace(declared, f"const {name} = {json.dumps(value)};")
    return source


def widget_texts(contact: Contact) -> Mapping[str, str]:
    """What the widget says, by the names under which an embedding page may say it in its own words."""
    known = texts("ui")
    shared = {f"{section}_{key}": text for section in SHOWN_WITH for key, text in known[section].items()}
    return {**known["widget"], **shared, **contact_texts(contact)}


def _source(name: str) -> str:
    """A source as it is sent: its comments are for us."""
    return COMMENT.sub("", (SOURCES / name).read_text(encoding="utf-8"))


def _page(html: str, *, framed_by: Sequence[str]) -> Response:
    ancestors = " ".join(("frame-ancestors 'self'", *framed_by))
    headers = {"Content-Security-Policy": f"{POLICY}; {ancestors}", "Cache-Control": "no-cache"}
    return HTMLResponse(html, headers=headers)
