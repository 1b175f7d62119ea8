"""Citations are cut from the source by offset, never written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from assistant.domain import Box, Citation, CitedPage, Document, Sentence, Span
from assistant.texts import message


def cite(document: Document, sentences: Sequence[Sentence], marker: int) -> Citation:
    """The proof for neighbouring ``sentences`` of ``document``; the quote is the text from the first to the last."""
    span = Span(start=sentences[0].span.start, end=sentences[-1].span.end)
    pages = cited_pages(document, sentences)
    return Citation(
        marker=marker,
        document=document.id,
        title=document.title,
        span=span,
        quote=span.of(document.text),
        section=section_of(document, span),
        pages=pages,
        url=document.url,
        stand=stand_of(document, span),
        notice=_notice(document, pages),
    )


def section_of(document: Document, span: Span) -> tuple[str, ...]:
    """The heading path of the innermost section around ``span``, empty where there is none."""
    # In reading order, outer before inner: of those that begin before the span, the last to reach over it.
    before = bisect_right(document.sections, span.start, key=lambda section: section.span.start)
    around = (section.path for section in reversed(document.sections[:before]) if section.span.covers(span))
    return next(around, ())


def below(title: str, path: Sequence[str]) -> tuple[str, ...]:
    """``path`` without headings that only repeat the document's title."""
    return tuple(heading for heading in path if heading.casefold() != title.casefold())


def place_name(document: Document, span: Span) -> str:
    """What a place is called where it is offered: the document's title and the innermost heading around ``span``."""
    return " › ".join((document.title, *below(document.title, section_of(document, span))[-1:]))


def cited_pages(document: Document, sentences: Sequence[Sentence]) -> tuple[CitedPage, ...]:
    """The pages that ``sentences`` stand on, each with their rectangles there."""
    span = Span(start=sentences[0].span.start, end=sentences[-1].span.end)
    boxes: dict[int, list[Box]] = {}
    for sentence in sentences:
        for number, rectangles in sentence.boxes.items():
            boxes.setdefault(number, []).extend(rectangles)
    return tuple(
        CitedPage(number=page.number, label=page.label, boxes=tuple(boxes.get(page.number, ())))
        for page in document.pages
        if page.number in boxes or (not boxes and page.span.overlaps(span))
    )


def boxes_on(document: Document, number: int, span: Span) -> list[Box]:
    """Where on the page with physical ``number`` the sentences stand that share characters with ``span``."""
    return [
        box for sentence in document.sentences if sentence.span.overlaps(span) for box in sentence.boxes.get(number, ())
    ]


def _notice(document: Document, cited: Sequence[CitedPage]) -> str:
    """The document's notice, and a warning where a cited page was read by OCR, which makes mistakes."""
    numbers = {page.number for page in cited}
    recognised = any(page.note == "ocr" and page.number in numbers for page in document.pages)
    return " ".join(filter(None, (document.notice, message("citations", "ocr") if recognised else "")))


def stand_of(document: Document, span: Span) -> str:
    """The date of validity at ``span``: a FAQ entry has one of its own, older or newer than that of its file."""
    return next((faq.stand for faq in document.faqs if faq.stand and faq.answer.covers(span)), document.stand)


def place_of(citation: Citation) -> tuple[str, int, int]:
    """What tells one cited place from another: document, first and last character."""
    return citation.document, citation.span.start, citation.span.end
