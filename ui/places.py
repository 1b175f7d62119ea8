"""Places in documents, in words: „S. 12 (PDF-Seite 16)“, headings, dates. Used by command line and chat page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from assistant.citations import below
from assistant.domain import Answer, Citation, CitedPage, Span, Status
from ui.german_typer import say


def pages_in_words(pages: Sequence[CitedPage]) -> str:
    """The printed label first, as readers of the paper see it; the physical number where it differs."""
    if not pages:
        return ""
    first, last = pages[0], pages[-1]
    if len(pages) == 1:
        physical = say("place", "physical", number=first.number)
        printed = say("place", "page", label=first.label)
    else:
        physical = say("place", "physicals", first=first.number, last=last.number)
        printed = say("place", "pages", first=first.label, last=last.label)
    if not first.label or not last.label:
        return physical
    if all(page.label == str(page.number) for page in pages):
        return printed
    return f"{printed} ({physical})"


def section_in_words(path: Sequence[str]) -> str:
    """Headings from the outermost to the innermost."""
    return " › ".join(path)


def date_in_words(stand: str) -> str:
    """``2025-04-29`` as „29.04.2025“, ``2025-04`` as „04/2025“; anything else as it is."""
    parts = stand.split("-")
    if not all(part.isdigit() for part in parts):
        return stand
    if len(parts) == 3:
        return ".".join(reversed(parts))
    return "/".join(reversed(parts))


def place_in_words(citation: Citation) -> str:
    """Title, section, pages and date of a citation, on one line."""
    parts = [
        citation.title,
        section_in_words(below(citation.title, citation.section)),
        pages_in_words(citation.pages),
        say("place", "stand", stand=date_in_words(citation.stand)) if citation.stand else "",
    ]
    return ", ".join(part for part in parts if part)


def by_place(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Neighbouring citations of one place together, so that the place is named once above its quotes."""
    return [list(group) for _, group in groupby(citations, key=_place)]


def confidence_in_words(confidence: float) -> str:
    """How far the answer can be relied on."""
    level = "high" if confidence >= 0.8 else "medium" if confidence >= 0.5 else "low"
    return say("confidence", level, percent=round(confidence * 100))


def verdict_in_words(answer: Answer) -> str:
    """Status, and for an answer how it was made and how far to rely on it, on one line."""
    if answer.status is Status.DECLINED:
        return say("status", answer.status)
    return " · ".join((say("status", answer.status), say("mode", answer.mode), confidence_in_words(answer.confidence)))


def _place(citation: Citation) -> Citation:
    """``citation`` without what tells one quote of a place from another."""
    pages = tuple(replace(page, boxes=()) for page in citation.pages)
    return replace(citation, marker=0, span=Span(start=0, end=0), quote="", pages=pages)
