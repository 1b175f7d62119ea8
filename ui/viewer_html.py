"""The page viewer as HTML: a cited place in its document. Pure: values in, text out, everything escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlencode

from assistant.citations import below, section_of
from assistant.domain import Citation, Document, Page, Span
from ui.german_typer import say
from ui.places import date_in_words, section_in_words

ZOOMS = (100, 150, 200)
INFO_PAGES = ("hilfe", "datenschutz", "barrierefreiheit")
"""What every page links to at its foot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is looked at: a place in a document, on one of its pages if it has any.

    ``zoom`` is in per cent. ``note`` tells what of the address does not fit the document.
    """

    document: Document
    page: Page | None
    span: Span
    zoom: int = 100
    note: str = ""


def citation_address(citations: Sequence[Citation]) -> str:
    """Where the viewer shows the first of ``citations``, with those that follow it without a gap."""
    first = citations[0]
    end = first.span.end
    for citation in citations[1:]:
        if end <= citation.span.start <= end + 1:
            end = citation.span.end
    number = first.pages[0].number if first.pages else 0
    return place_address(first.document, number, Span(start=first.span.start, end=end))


def place_address(document: str, number: int, span: Span) -> str:
    """Where the viewer shows ``span`` of a document; ``number`` is its physical page, 0 for none."""
    return _address(document, number, span, ZOOMS[0])


def document_address(document: str) -> str:
    """Where the viewer shows the beginning of a document."""
    return _address(document, 0, Span(start=0, end=0), ZOOMS[0])


def view_html(view: View) -> str:
    """The whole page: place, picture, text."""
    document = view.document
    around = view.page.span if view.page else _section_span(document, view.span)
    text = _marked(document.text, around, view.span)
    parts = [
        f'<h1>{escape(document.title)}</h1><p class="fs-place">{escape(_place(view))}</p>',
        f'<p class="fs-note" role="note">{escape(view.note)}</p>' if view.note else "",
        f'<nav class="fs-controls" aria-label="{_say("controls")}">{_controls(view)}</nav>',
        _picture(view) if view.page else "",
        f'<section class="fs-page-text"><h2>{_say("text")}</h2><p>{text}</p></section>',
        f'<p class="fs-small">{escape(document.notice)}</p>' if document.notice else "",
    ]
    return frame_html(document.title, "".join(parts))


def frame_html(title: str, body: str, *, head: str = "") -> str:
    """A page of ours around ``body``. That and what is added to the head are HTML."""
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{escape(title)} · Fundstelle</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="/fundstelle/favicon.svg">'
        '<link rel="stylesheet" href="/fundstelle/palette.css"><link rel="stylesheet" href="/fundstelle/viewer.css">'
        f'{head}</head><body><header><a href="/">{_say("home")}</a></header><main>{body}</main>{footer_html()}'
        "</body></html>"
    )


def footer_html() -> str:
    """The foot of every page: what it is not, and where the pages about it are."""
    links = "".join(f'<li><a href="/{name}">{escape(say("info", name))}</a></li>' for name in INFO_PAGES)
    return (
        f'<footer class="fs-footer"><p>{escape(say("chat", "edition"))}</p>'
        f'<nav aria-label="{escape(say("info", "nav"))}"><ul>{links}</ul></nav></footer>'
    )


def _place(view: View) -> str:
    document, page = view.document, view.page
    place = view.span if view.span.end or not page else Span(start=page.span.start, end=page.span.start)
    parts = [section_in_words(below(document.title, section_of(document, place)))]
    if page:
        total = len(document.pages)
        parts.append(say("viewer", "page", label=page.label or page.number, number=page.number, total=total))
    if document.stand:
        parts.append(say("place", "stand", stand=date_in_words(document.stand)))
    return " · ".join(part for part in parts if part)


def _controls(view: View) -> str:
    links = []
    if page := view.page:
        numbers = [other.number for other in view.document.pages]
        for key, number in (("previous", page.number - 1), ("next", page.number + 1)):
            if number in numbers:
                links.append(_link(say("viewer", key), _address(view.document.id, number, view.span, view.zoom)))
        for zoom in ZOOMS:
            current = ' aria-current="true"' if zoom == view.zoom else ""
            address = _address(view.document.id, page.number, view.span, zoom)
            links.append(_link(say("viewer", "zoom", percent=zoom), address, current))
    if view.document.file:
        place = f"#page={view.page.number}" if view.page else ""
        links.append(_link(say("viewer", "original"), f"{_api(view.document.id)}/file{place}"))
    return "".join(links)


def _picture(view: View) -> str:
    assert view.page is not None
    values = urlencode({"start": view.span.start, "end": view.span.end})
    source = f"{_api(view.document.id)}/pages/{view.page.number}.png?{values}"
    words = say("viewer", "picture", label=view.page.label or view.page.number)
    return (
        f'<div class="fs-picture" tabindex="0" role="group" aria-label="{escape(words)}">'
        f'<img src="{escape(source)}" alt="{escape(words)}" class="fs-zoom-{view.zoom}"></div>'
    )


def _marked(text: str, around: Span, place: Span) -> str:
    """The text of ``around`` with ``place`` marked where the two meet."""
    start, end = max(around.start, place.start), min(around.end, place.end)
    if start >= end:
        return _paragraphs(around.of(text))
    before, marked, after = text[around.start : start], text[start:end], text[end : around.end]
    return f"{_paragraphs(before)}<mark>{_paragraphs(marked)}</mark>{_paragraphs(after)}"


def _section_span(document: Document, place: Span) -> Span:
    """The innermost section around ``place``; the whole text where there is none."""
    around = [section.span for section in document.sections if section.span.covers(place)]
    whole = Span(start=0, end=len(document.text))
    return min(around, key=lambda span: span.end - span.start, default=whole)


def _paragraphs(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _address(id: str, number: int, span: Span, zoom: int) -> str:
    values = {"seite": number, "start": span.start, "end": span.end, "zoom": zoom}
    shown = {name: value for name, value in values.items() if value and (name, value) != ("zoom", ZOOMS[0])}
    return f"/dokumente/{quote(id, safe='')}{'?' if shown else ''}{urlencode(shown)}"


def _api(id: str) -> str:
    return f"/api/documents/{quote(id, safe='')}"


def _link(words: str, address: str, attributes: str = "") -> str:
    return f'<a href="{escape(address)}"{attributes}>{escape(words)}</a>'


def _say(key: str) -> str:
    return escape(say("viewer", key))
