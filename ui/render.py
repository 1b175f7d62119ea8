"""Answers, hits and lists as text for a terminal. Pure: values in, text out."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from assistant.domain import Answer, Citation, DocumentSummary
from assistant.service import SearchResult
from ui.german_typer import say
from ui.places import by_place, date_in_words, place_in_words, section_in_words, verdict_in_words
from ui.terminal import columns, printable


def answer_text(answer: Answer, width: int) -> str:
    """The answer with its marks, then its numbered sources, then how sure it is."""
    blocks = [_paragraphs(answer.text, width)]
    if answer.citations:
        sources = "\n\n".join(_source(citations, width) for citations in by_place(answer.citations))
        blocks.append(f"{say('terminal', 'sources')}\n{sources}")
    if answer.suggestions:
        places = "\n".join(_wrapped(f"• {place}", width, indent="  ") for place in answer.suggestions)
        blocks.append(f"{say('terminal', 'nearest')}\n{places}")
    if answer.note:
        blocks.append(_wrapped(answer.note, width))
    blocks.append(_wrapped(verdict_in_words(answer), width))
    return "\n\n".join(blocks)


def hits_text(found: SearchResult, titles: Mapping[str, str], width: int) -> str:
    """The hits, best first, each with its place and text."""
    if not found.hits:
        return say("terminal", "no_hits")
    blocks = []
    for rank, (hit, text) in enumerate(zip(found.hits, found.texts, strict=True), start=1):
        place = [titles.get(hit.passage.document, hit.passage.document), section_in_words(hit.passage.headings)]
        if hit.passage.pages:
            place.append(say("place", "physical", number=hit.passage.pages[0]))
        head = f"{rank:>2}. {', '.join(part for part in place if part)}  [{hit.score:.3f}]"
        blocks.append(f"{_wrapped(head, width, indent='    ')}\n{_wrapped('    ' + text, width, indent='    ')}")
    return "\n\n".join(blocks)


def documents_text(documents: Sequence[DocumentSummary]) -> str:
    """A table of the documents."""
    if not documents:
        return say("terminal", "no_documents")
    head = tuple(say("table", column) for column in ("id", "kind", "stand", "pages", "title"))
    rows = [
        (document.id, document.kind, date_in_words(document.stand), str(document.pages or ""), document.title)
        for document in documents
    ]
    return columns((head, *rows))


def _source(citations: Sequence[Citation], width: int) -> str:
    """One place with all its quotes."""
    first, indent = citations[0], " " * 4
    lines = [_wrapped(f"{_marks(citations)} {place_in_words(first)}", width, indent=indent)]
    for citation in citations:
        mark = f"[{citation.marker}] " if len(citations) > 1 else ""
        lines.append(_wrapped(f"{indent}{mark}„{citation.quote}“", width, indent=indent))
    if first.notice:
        lines.append(_wrapped(indent + say("place", "notice", notice=first.notice), width, indent=indent))
    if first.url:
        lines.append(indent + printable(first.url))
    return "\n".join(lines)


def _marks(citations: Sequence[Citation]) -> str:
    return " ".join(f"[{citation.marker}]" for citation in citations)


def _paragraphs(text: str, width: int) -> str:
    return "\n".join(_wrapped(line, width) for line in text.splitlines())


def _wrapped(text: str, width: int, *, indent: str = "") -> str:
    leading = text[: len(text) - len(text.lstrip(" "))]
    return textwrap.fill(
        printable(text.strip()),
        width,
        initial_indent=leading,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
