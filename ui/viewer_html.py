"""The page viewer as HTML: a cited place in its document. Pure: values in, text out, everything escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from urllib.parse import quote, urlencode

from assistant.citations import below, boxes_on, section_of, stand_of
from assistant.domain import Citation, Document, Page, SentenceKind, Span
from ui.german_typer import say
from ui.places import date_in_words, section_in_words

ZOOMS = (100, 150, 200)
INFO_PAGES = ("hilfe", "datenschutz", "barrierefreiheit")
"""What every page links to at its foot."""


BESIDE_HEAD = '<script src="/fundstelle/viewer.js" defer></script>'
"""What pages need in their head that may stand beside the chat."""


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
    heading = _say("page_text" if view.page else "text" if view.span.end else "whole_text")
    parts = [
        f'<h1>{escape(document.title)}</h1><p class="fs-place">{escape(_place(view))}</p>',
        f'<p class="fs-note" role="note">{escape(view.note)}</p>' if view.note else "",
        f'<nav class="fs-controls" aria-label="{_say("controls")}">{_controls(view)}</nav>',
        f'<p class="fs-goes-on">{goes_on}</p>' if (goes_on := _goes_on(view)) else "",
        _picture(view) if view.page else "",
        f'<section class="fs-page-text"><h2>{heading}</h2><p>{_text(view)}</p></section>',
        f'<p class="fs-small">{escape(document.notice)}</p>' if document.notice else "",
    ]
    return frame_html(document.title, "".join(parts), head=BESIDE_HEAD)


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


def footer_html(*, beside: bool = False) -> str:
    """The foot of every page: what it is not, and where the pages about it are.

    With ``beside``, they open beside the page or in a tab: it holds a conversation that must not be left.
    """
    links = "".join(f"<li>{_info_link(name, beside)}</li>" for name in INFO_PAGES)
    return (
        f'<footer class="fs-footer"><p>{escape(say("chat", "edition"))}</p>'
        f'<nav aria-label="{escape(say("info", "nav"))}"><ul>{links}</ul></nav></footer>'
    )


def _info_link(name: str, beside: bool) -> str:
    words = escape(say("info", name))
    attributes = f' target="fundstelle-seite" data-beside="{words}"' if beside else ""
    return _link(say("info", name), f"/{name}", attributes)


def _place(view: View) -> str:
    document, page = view.document, view.page
    place = view.span if view.span.end or not page else Span(start=page.span.start, end=page.span.start)
    section = section_of(document, place) if page or view.span.end else ()
    parts = [section_in_words(below(document.title, section))]
    if page:
        total = len(document.pages)
        parts.append(say("viewer", "page", label=page.label or page.number, number=page.number, total=total))
    if stand := stand_of(document, place):
        parts.append(say("place", "stand", stand=date_in_words(stand)))
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
    elif view.span.end:
        links.append(_link(say("viewer", "whole"), document_address(view.document.id)))
    if view.document.file:
        place = f"#page={view.page.number}" if view.page else ""
        address = f"{_api(view.document.id)}/file{place}"
        links.append(_link(say("viewer", "original"), address, ' target="_blank" rel="noopener"'))
    return "".join(links)


def _goes_on(view: View) -> str:
    """Links to the pages before and after the one that is shown, where the place reaches over its edges."""
    if view.page is None:
        return ""
    links = [
        _link(say("viewer", "begins" if page.number < view.page.number else "goes_on"), address)
        for page in view.document.pages
        if abs(page.number - view.page.number) == 1 and page.span.overlaps(view.span)
        for address in (_address(view.document.id, page.number, view.span, view.zoom),)
    ]
    return " ".join(links)


def _picture(view: View) -> str:
    page = view.page
    assert page is not None
    values = {"start": view.span.start, "end": view.span.end, "zoom": view.zoom}
    asked = urlencode({name: value for name, value in values.items() if value and (name, value) != ("zoom", ZOOMS[0])})
    source = f"{_api(view.document.id)}/pages/{page.number}.png{'?' if asked else ''}{asked}"
    words = escape(say("viewer", "picture", label=page.label or page.number))
    # Known before the picture is there, so that the place can be brought into sight at once.
    size = f' width="{page.width:.0f}" height="{page.height:.0f}"' if page.width and page.height else ""
    return (
        f'<div class="fs-picture" tabindex="0" role="group" aria-label="{words}">'
        f'<div class="fs-sheet fs-zoom-{view.zoom}"><img src="{escape(source)}" alt="{words}"{size}>'
        f"{_place_on(view, page)}</div></div>"
    )


def _place_on(view: View, page: Page) -> str:
    """An unseen element around the place on the picture, for the script that brings it into sight."""
    boxes = boxes_on(view.document, page.number, view.span) if view.span.end else []
    if not (boxes and page.width and page.height):
        return ""
    left, right = min(box.x0 for box in boxes) / page.width, max(box.x1 for box in boxes) / page.width
    top, bottom = 1 - max(box.y1 for box in boxes) / page.height, 1 - min(box.y0 for box in boxes) / page.height
    place = f"left:{left:.2%};top:{top:.2%};width:{right - left:.2%};height:{bottom - top:.2%}"
    return f'<span class="fs-place-on" style="{place}"></span>'


def _text(view: View) -> str:
    """The text of the page or section around the place: headings strong, the place marked."""
    document, place = view.document, view.span
    around = _around(view)
    headings = [
        sentence.span
        for sentence in document.sentences
        if sentence.kind is SentenceKind.HEADING and around.covers(sentence.span)
    ]
    edges = {min(max(edge, around.start), around.end) for span in (around, place, *headings) for edge in _edges(span)}
    html = ""
    for start, end in pairwise(sorted(edges)):
        piece = Span(start=start, end=end)
        shown = _paragraphs(piece.of(document.text))
        if any(heading.covers(piece) for heading in headings):
            shown = f"<strong>{shown}</strong>"
        html += f"<mark>{shown}</mark>" if place.covers(piece) else shown
    return html


def _around(view: View) -> Span:
    """What to show of the text: the page, and what of the place reaches over it; else the section; else everything."""
    place, whole = view.span, Span(start=0, end=len(view.document.text))
    if view.page:
        shown = view.page.span
        if place.overlaps(shown):
            return Span(start=min(shown.start, place.start), end=max(shown.end, place.end))
        return shown
    if not place.end:
        return whole
    sections = [section.span for section in view.document.sections if section.span.covers(place)]
    return min(sections, key=lambda span: span.end - span.start, default=whole)


def _edges(span: Span) -> Iterator[int]:
    yield span.start
    yield span.end


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
