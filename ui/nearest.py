"""Where to read or ask on: places near to a declined question, and curated questions beside an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.citations import place_name
from assistant.domain import Answer, Document, Hit, Span
from ui.exchange import NearPlace
from ui.viewer_html import place_address

GetDocument = Callable[[str], Document]

MOST = 3


def nearest_places(answer: Answer, hits: Sequence[Hit], document: GetDocument) -> tuple[NearPlace, ...]:
    """The places that a declined answer suggests, each with the best hit there."""
    places: dict[str, NearPlace] = {}
    for hit in hits:
        place = _place(document(hit.passage.document), hit)
        if place.words in answer.suggestions:
            places.setdefault(place.words, place)
    return tuple(places.values())


def related_questions(answer: Answer, hits: Sequence[Hit], document: GetDocument) -> tuple[str, ...]:
    """Curated questions whose answers were found but not cited, best first."""
    asked = answer.question.strip().casefold()
    questions: dict[str, None] = {}
    for hit in hits:
        cited = any(
            citation.document == hit.passage.document and citation.span.overlaps(hit.passage.span)
            for citation in answer.citations
        )
        faq = "" if cited else _faq(document(hit.passage.document), hit.passage.span)
        if faq and faq.casefold() != asked:
            questions[faq] = None
    return tuple(questions)[:MOST]


def _place(document: Document, hit: Hit) -> NearPlace:
    span = hit.passage.span
    number = hit.passage.pages[0] if hit.passage.pages else 0
    return NearPlace(
        words=place_name(document, span),
        document=document.id,
        address=place_address(document.id, number, span),
        faq=_faq(document, span),
    )


def _faq(document: Document, span: Span) -> str:
    return next((faq.question for faq in document.faqs if faq.answer.overlaps(span)), "")
