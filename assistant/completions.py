"""An answer as the plain text that chat programs show: sentences with marks, and their sources below. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.citations import below
from assistant.domain import Answer, Citation
from assistant.texts import message

_PIECE = re.compile(r"\S+\s*|\s+")


def content_of(answer: Answer) -> str:
    """The answer, then what is to be said about it, the nearest places if it is declined, and the sources."""
    blocks = [answer.text, answer.note]
    if answer.suggestions:
        blocks.append("\n".join((message("completions", "nearest"), *(f"- {place}" for place in answer.suggestions))))
    if answer.citations:
        blocks.append("\n".join((message("completions", "sources"), *map(_source, answer.citations))))
    return "\n\n".join(block for block in blocks if block)


def pieces(answer: Answer) -> Iterator[str]:
    """The same text word by word."""
    yield from _PIECE.findall(content_of(answer))


def without_sources(content: str) -> str:
    """What was answered, of a content that a client sends back as history."""
    heads = "|".join(re.escape(message("completions", name)) for name in ("nearest", "sources"))
    return re.split(rf"\n\n(?:{heads})\n", content)[0]


def _source(citation: Citation) -> str:
    place = [citation.title, *below(citation.title, citation.section)[-1:]]
    if citation.pages:
        place.append(message("completions", "page", label=citation.pages[0].label or citation.pages[0].number))
    quote = " ".join(citation.quote.split())
    return " ".join(filter(None, (f"[{citation.marker}]", f"{', '.join(place)}: „{quote}“", citation.url)))
