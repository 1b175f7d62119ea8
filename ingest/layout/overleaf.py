"""What goes on in the next column or on the next page: tables with their headers, cut rows, and paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain import SentenceKind
from ingest.german import NUMBERED_HEADING, STOP
from ingest.layout.headings import Typography
from ingest.layout.hyphens import ends_in_hyphen
from ingest.layout.paragraphs import Paragraph, is_full
from ingest.layout.parts import Part, Row, Text


def continued(parts: Sequence[Part]) -> list[Part]:
    """``parts`` of all pages, with tables that go on overleaf put together.

    The header is given to rows overleaf where it is not printed again, and a row that a page break cut is one again.
    """
    found: list[Part] = []
    first = 0
    for part in parts:
        above = found[-1] if found else None
        if not (isinstance(part, Row) and isinstance(above, Row) and len(above.cells) == len(part.cells)):
            first = len(found)
            found.append(part)
            continue
        moved = part.lines[0].page - above.lines[-1].page
        if moved == 1 and _says_the_same(found[first], part):
            # A row that is printed again at the head of the next page names the columns.
            found[first:] = [replace(row, header=part.cells) for row in found[first + 1 :] if isinstance(row, Row)]
            continue
        if moved <= 1 and not part.header:
            part = replace(part, header=above.header)
        if moved == 1 and _is_rest(above, part):
            cells = (one + other for one, other in zip(above.cells, part.cells, strict=True))
            part = replace(above, cells=tuple(cells))
            found.pop()
        found.append(part)
    return found


def _says_the_same(one: Part, other: Row) -> bool:
    return isinstance(one, Row) and not one.header and _texts(one) == _texts(other)


def _texts(row: Row) -> list[list[str]]:
    return [[line.text for line in cell] for cell in row.cells]


def _is_rest(above: Row, part: Row) -> bool:
    """Whether ``part``, at the head of a page, is the rest of the row at the foot of the page before."""
    both = [(one, other) for one, other in zip(above.cells, part.cells, strict=True) if one and other]
    split = any(ends_in_hyphen(one[-1].words[-1].text) and other[0].text[:1].islower() for one, other in both)
    return not part.cells[0] or split


def rejoined(parts: Sequence[Part], style: Typography) -> list[Part]:
    """Put together paragraphs that go on in the next column or on the next page, where notes may stand between."""
    joined: list[Part] = []
    for part in parts:
        above = joined[-1] if joined else None
        if isinstance(part, Text) and isinstance(above, Text) and _goes_on(above, part, style):
            lines = above.paragraph.lines + part.paragraph.lines
            joined[-1] = replace(above, paragraph=Paragraph(lines=lines, right=part.paragraph.right))
        else:
            joined.append(part)
    return joined


def _goes_on(above: Text, part: Text, style: Typography) -> bool:
    """Whether ``part`` continues the text of ``above`` in another column or on another page."""
    if part.kind or above.kind not in (None, SentenceKind.NOTE):
        return False
    last, first = above.lines[-1], part.lines[0]
    if above.kind and last.page == first.page:
        # What stands above a note was put behind it because it goes on overleaf.
        return False
    if ends_in_hyphen(last.words[-1].text) and first.text[:1].islower():
        return True
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
    long = len(above.lines) > 1 or len(last.words) > 8
    return first.text[:1].islower() or (long and is_full(last, first, above.paragraph.right))
