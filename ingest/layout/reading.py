"""A PDF as drawn to a PDF as read: blocks in reading order, with headings, notes, and pages as facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.domain import SentenceKind
from ingest.blocks import Block
from ingest.documents import PageFacts
from ingest.layout.flow import block
from ingest.layout.furniture import without_furniture
from ingest.layout.grids import row_blocks
from ingest.layout.headings import Outline, Typography, body_size, level_of, typography
from ingest.layout.index_entries import index_as_headings
from ingest.layout.legible import is_bare, lacks_text
from ingest.layout.lines import lines_of
from ingest.layout.overleaf import continued, rejoined
from ingest.layout.parts import Part, Row, Text, numbered, parts_of
from ingest.layout.words import RawDocument, RawPage


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a PDF says, in reading order."""

    title: str
    dated: str
    pages: tuple[PageFacts, ...]
    blocks: tuple[Block, ...]


def read(raw: RawDocument) -> Reading:
    """Everything that can be read in ``raw``."""
    lacking = [lacks_text(page) for page in raw.pages]
    notes = [_note(page, lack) for page, lack in zip(raw.pages, lacking, strict=True)]
    lines = [
        [] if lack == "unreadable" or is_bare(page) else lines_of(page.words, page.number)
        for page, lack in zip(raw.pages, lacking, strict=True)
    ]
    texts, printed = without_furniture(raw.pages, lines)
    body = body_size(line for page in texts for line in page)
    parts = continued(
        [part for page, text in zip(raw.pages, texts, strict=True) for part in parts_of(page, text, body)]
    )
    style = typography((part.paragraph for part in parts if isinstance(part, Text) and not part.kind), body)
    made = list(_blocks(numbered(rejoined(parts, style), body), Outline(raw.outline), style))
    blocks = tuple(index_as_headings(made, len(raw.pages)))
    if any(page.turned for page in raw.pages):
        blocks = tuple(_as_shown(item, raw.pages) for item in blocks)
    return Reading(
        title=raw.title,
        dated=raw.dated,
        pages=tuple(
            PageFacts(
                number=page.number,
                label=page.label or label or str(page.number),
                width=page.height if page.turned % 2 else page.width,
                height=page.width if page.turned % 2 else page.height,
                note=note,
            )
            for page, label, note in zip(raw.pages, printed, notes, strict=True)
        ),
        blocks=blocks,
    )


def _as_shown(block: Block, pages: Sequence[RawPage]) -> Block:
    """``block`` with its places on the pages as they are shown, not as they were read."""
    places = (replace(place, box=pages[place.page - 1].shown(place.box)) for place in block.places)
    return replace(block, places=tuple(places))


def _note(page: RawPage, lacking: str) -> str:
    """What a reader of the report, or of a citation, must know about a page: '' if nothing. See ``domain.Page``."""
    if page.damaged:
        return "damaged"
    if lacking and page.postponed:
        return "postponed"
    if lacking == "needs_ocr" and page.searched:
        # A stamp upon a scan, a title upon a photograph: what there is can be read.
        return "no_text" if is_bare(page) else ""
    if lacking:
        return lacking
    if page.recognised:
        return "ocr"
    return "gaps" if page.lost else "hidden" if page.hidden else ""


def _blocks(parts: Sequence[Part], outline: Outline, style: Typography) -> Iterator[Block]:
    known = frozenset(word.text.lower() for part in parts for line in part.lines for word in line.words[:-1])
    for part in parts:
        if isinstance(part, Row):
            yield from row_blocks(part.header, part.cells, known)
            continue
        paragraph = part.paragraph
        level = 0 if part.kind else level_of(paragraph, outline, style)
        kind = part.kind or (
            SentenceKind.HEADING if level else SentenceKind.ITEM if paragraph.is_item else SentenceKind.PROSE
        )
        made = block(kind, paragraph.lines, known, level)
        if made:
            yield made
