"""Documents out of what readers found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.domain import Box, Document, Faq, Page, Sentence, Span
from ingest.blocks import Block, Piece, Place, join
from ingest.sections import sections
from ingest.sentences import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a file says about itself; empty fields are unknown."""

    title: str = ""
    kind: str = ""
    url: str = ""
    stand: str = ""
    notice: str = ""
    dated: str = ""

    def over(self, other: Facts) -> Facts:
        """These facts, with the gaps filled from ``other``."""
        return Facts(
            title=self.title or other.title,
            kind=self.kind or other.kind,
            url=self.url or other.url,
            stand=self.stand or other.stand,
            notice=self.notice or other.notice,
            dated=self.dated or other.dated,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """A page without its text. See :class:`assistant.domain.Page`."""

    number: int
    label: str
    width: float
    height: float
    note: str = ""


def from_pieces(id: str, text: str, pieces: Sequence[Piece], facts: Facts, faqs: Sequence[Faq] = ()) -> Document:
    """A document without pages whose text is exactly ``text``."""
    return Document(
        id=id,
        title=facts.title or id,
        text=text,
        kind=facts.kind or "document",
        url=facts.url,
        stand=facts.stand,
        notice=facts.notice,
        dated=facts.dated,
        sections=sections(text, pieces),
        sentences=sentences(text, pieces),
        faqs=tuple(faqs),
    )


def from_blocks(id: str, blocks: Sequence[Block], facts: Facts, pages: Sequence[PageFacts] = ()) -> Document:
    """A document whose text is made of ``blocks``, one per line, with pages and boxes where the blocks know them."""
    text, pieces = join(blocks)
    document = from_pieces(id, text, pieces, facts)
    if not pages:
        return document
    places = _shifted(blocks, pieces)
    return replace(
        document,
        pages=_pages(pages, places, len(text)),
        sentences=tuple(_located(document.sentences, places)),
    )


def _shifted(blocks: Sequence[Block], pieces: Sequence[Piece]) -> list[Place]:
    """The places of all blocks, counted in the document's text."""
    return [
        replace(place, start=place.start + piece.span.start, end=place.end + piece.span.start)
        for block, piece in zip(blocks, pieces, strict=True)
        for place in block.places
    ]


def _pages(pages: Sequence[PageFacts], places: Sequence[Place], length: int) -> tuple[Page, ...]:
    """The pages with their spans: each begins with its first word and ends where the next one begins."""
    first: dict[int, int] = {}
    for place in places:
        first.setdefault(place.page, place.start)
    found: list[Page] = []
    end = length
    for page in reversed(pages):
        start = min(first.get(page.number, end), end)
        span = Span(start=start, end=end)
        found.append(
            Page(
                number=page.number,
                label=page.label,
                span=span,
                width=page.width,
                height=page.height,
                note=page.note,
            )
        )
        end = start
    return tuple(reversed(found))


def _located(found: Sequence[Sentence], places: Sequence[Place]) -> Iterator[Sentence]:
    """The sentences with their boxes. Both lists are in the order of the text."""
    next_place = 0
    for sentence in found:
        while next_place < len(places) and places[next_place].end <= sentence.span.start:
            next_place += 1
        last = next_place
        while last < len(places) and places[last].start < sentence.span.end:
            last += 1
        yield replace(sentence, boxes=_boxes(places[next_place:last]))


def _boxes(words: Sequence[Place]) -> Mapping[int, tuple[Box, ...]]:
    """One rectangle per printed line, by page."""
    lines: dict[tuple[int, int], Box] = {}
    for word in words:
        key = (word.page, word.line)
        lines[key] = around(lines[key], word.box) if key in lines else word.box
    boxes: dict[int, tuple[Box, ...]] = {}
    for (page, _), box in lines.items():
        boxes[page] = (*boxes.get(page, ()), box)
    return boxes


def around(one: Box, other: Box) -> Box:
    """The smallest rectangle around both."""
    return Box(x0=min(one.x0, other.x0), y0=min(one.y0, other.y0), x1=max(one.x1, other.x1), y1=max(one.y1, other.y1))
