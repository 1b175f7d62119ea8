"""A PDF as drawn to a PDF as read: blocks in reading order, with headings, notes, and pages as facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.domain import SentenceKind
from ingest.blocks import Block
from ingest.documents import PageFacts
from ingest.german import NUMBERED_HEADING, STOP
from ingest.layout.columns import regions
from ingest.layout.contents import without_contents
from ingest.layout.flow import block
from ingest.layout.furniture import without_furniture
from ingest.layout.grids import rows
from ingest.layout.headings import Outline, Typography, body_size, level_of, typography
from ingest.layout.hyphens import ends_in_hyphen
from ingest.layout.legible import is_legible
from ingest.layout.lines import Line, lines_of
from ingest.layout.marks import split_notes, without_marks
from ingest.layout.paragraphs import Paragraph, paragraphs
from ingest.layout.words import RawDocument, RawPage


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a PDF says, in reading order."""

    title: str
    pages: tuple[PageFacts, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A paragraph before its kind is settled; ``kind`` is set for rows and notes."""

    paragraph: Paragraph
    kind: SentenceKind | None = None


def read(raw: RawDocument) -> Reading:
    """Everything that can be read in ``raw``."""
    notes = [_note(page) for page in raw.pages]
    lines = [[] if note else lines_of(page.words, page.number) for page, note in zip(raw.pages, notes, strict=True)]
    texts, printed = without_furniture(raw.pages, lines)
    body = body_size(line for page in texts for line in page)
    parts = [part for page, text in zip(raw.pages, texts, strict=True) for part in _parts(page, text, body)]
    style = typography((part.paragraph for part in parts if part.kind is None), body)
    blocks = tuple(_blocks(_rejoined(parts, style), Outline(raw.outline), style))
    return Reading(
        title=raw.title,
        pages=tuple(
            PageFacts(
                number=page.number,
                label=page.label or label or str(page.number),
                width=page.width,
                height=page.height,
                note=note,
            )
            for page, label, note in zip(raw.pages, printed, notes, strict=True)
        ),
        blocks=blocks,
    )


def _note(page: RawPage) -> str:
    """What keeps a page from being read, '' if nothing."""
    if sum(len(word.text) for word in page.words) < 3:
        return "needs_ocr"
    return "" if is_legible(word.text for word in page.words) else "unreadable"


def _parts(page: RawPage, lines: Sequence[Line], body: float) -> Iterator[_Part]:
    """The paragraphs of a page in reading order; notes come before a last paragraph that goes on overleaf."""
    text, notes = split_notes(lines, body, page.rules)
    text = without_contents([without_marks(line) for line in text])
    found: list[_Part] = []
    for region in regions(text):
        if region.grid:
            found.extend(_row(row) for row in rows(region))
        else:
            found.extend(_Part(paragraph=paragraph) for paragraph in paragraphs(region.lines))
    noted = [_Part(paragraph=_whole(note), kind=SentenceKind.NOTE) for note in notes]
    last = found[-1:] if found and noted and not STOP.search(found[-1].paragraph.text) else []
    yield from found[: len(found) - len(last)]
    yield from noted
    yield from last


def _row(lines: Sequence[Line]) -> _Part:
    return _Part(paragraph=_whole(lines), kind=SentenceKind.ROW if len(lines) > 1 else None)


def _whole(lines: Sequence[Line]) -> Paragraph:
    return Paragraph(lines=tuple(lines), right=max(line.box.x1 for line in lines))


def _rejoined(parts: Sequence[_Part], style: Typography) -> list[_Part]:
    """Put together paragraphs that go on in the next column or on the next page."""
    joined: list[_Part] = []
    for part in parts:
        if joined and _goes_on(joined[-1], part, style):
            above = joined[-1].paragraph
            lines = above.lines + part.paragraph.lines
            joined[-1] = replace(joined[-1], paragraph=Paragraph(lines=lines, right=part.paragraph.right))
        else:
            joined.append(part)
    return joined


def _goes_on(above: _Part, part: _Part, style: Typography) -> bool:
    """Whether ``part`` continues the text of ``above`` in another column or on another page."""
    if above.kind or part.kind:
        return False
    last, first = above.paragraph.lines[-1], part.paragraph.lines[0]
    moved = last.page != first.page or first.box.y0 > last.box.y1
    alike = abs(last.size - first.size) <= 0.06 * last.size and last.bold == first.bold
    if not moved or not alike or part.paragraph.is_item or NUMBERED_HEADING.match(first.text):
        return False
    if last.bold and last.size > style.body * 1.12:
        return False
    if ends_in_hyphen(last.words[-1].text):
        return True
    if STOP.search(last.text):
        return False
    return first.text[:1].islower() or len(above.paragraph.lines) > 1 or len(last.words) > 8


def _blocks(parts: Sequence[_Part], outline: Outline, style: Typography) -> Iterator[Block]:
    known = {word.text.lower() for part in parts for line in part.paragraph.lines for word in line.words[:-1]}
    for part in parts:
        paragraph = part.paragraph
        level = 0 if part.kind else level_of(paragraph, outline, style)
        kind = part.kind or (
            SentenceKind.HEADING if level else SentenceKind.ITEM if paragraph.is_item else SentenceKind.PROSE
        )
        made = block(kind, paragraph.lines, known, level)
        if made:
            yield made
