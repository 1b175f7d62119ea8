"""The parts of a page in reading order: paragraphs, table rows and notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.domain import SentenceKind
from ingest.german import SOURCES, STOP
from ingest.layout.cells import Cell, is_header
from ingest.layout.columns import Region, regions
from ingest.layout.contents import split_contents
from ingest.layout.grids import grid_rows
from ingest.layout.headings import is_number, looks_like_heading
from ingest.layout.lines import Line
from ingest.layout.marks import split_notes, without_marks
from ingest.layout.paragraphs import Paragraph, paragraphs
from ingest.layout.tables import Table, tables
from ingest.layout.words import RawPage, Word

_FIGURE_WORDS = 8
"""Words of a line in a figure from which on it is text and not a label."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A paragraph, list item, heading or note.

    ``kind`` is set for notes, and for lines of a table of contents, which are headings of nothing; the others are told
    apart later.
    """

    paragraph: Paragraph
    kind: SentenceKind | None = None

    @property
    def lines(self) -> Sequence[Line]:
        """Its lines from top to bottom."""
        return self.paragraph.lines


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a table, with the table's header if it has one."""

    header: tuple[Cell, ...]
    cells: tuple[Cell, ...]

    @property
    def lines(self) -> Sequence[Line]:
        """Its lines, cell by cell."""
        return [line for cell in self.cells for line in cell]


Part = Text | Row


def parts_of(page: RawPage, lines: Sequence[Line], body: float) -> Iterator[Part]:
    """The parts of a page in reading order; notes come before a last paragraph that goes on overleaf.

    ``lines`` are those of the page without running heads; ``body`` is the font height of the document's text.
    """
    text, notes = split_notes(lines, body, page.rules)
    text, contents = split_contents([without_marks(line) for line in text if not _is_label(line)])
    entries = [Text(paragraph=_whole(entry), kind=SentenceKind.HEADING) for entry in contents]
    found = _with_contents(list(_in_order(text, tables(text, page.rules))), entries)
    noted = [Text(paragraph=_whole(note), kind=SentenceKind.NOTE) for note in notes]
    unfinished = found[-1:] if noted and found and not STOP.search(found[-1].lines[-1].text) else []
    yield from found[: len(found) - len(unfinished)]
    yield from noted
    yield from unfinished


def _with_contents(found: Sequence[Part], entries: Sequence[Part]) -> list[Part]:
    """``found`` with the table of contents behind what stands above it."""
    top = entries[0].lines[0].box.y1 if entries else 0.0
    above = next((index for index, part in enumerate(found) if part.lines[0].box.y1 < top), len(found))
    return [*found[:above], *entries, *found[above:]]


def _is_label(line: Line) -> bool:
    """Whether a line only labels something in a figure."""
    return all(word.figure for word in line.words) and len(line.words) < _FIGURE_WORDS


def _in_order(lines: Sequence[Line], found: Sequence[Table]) -> Iterator[Part]:
    """The parts of a page's text; a table takes its place among them as if it were one line."""
    markers = [_stand_in(table) for table in found]
    stand_ins = {id(marker): table for marker, table in zip(markers, found, strict=True)}
    outside = [line for line in lines if not _is_inside(line, found)]
    for region in regions([*outside, *markers]):
        yield from _region(region, stand_ins)


def _region(region: Region, stand_ins: Mapping[int, Table]) -> Iterator[Part]:
    for is_table, group in groupby(region.lines, key=lambda line: id(line) in stand_ins):
        lines = tuple(group)
        if is_table:
            for line in lines:
                yield from _rows(stand_ins[id(line)].header, stand_ins[id(line)].rows)
        elif region.grid:
            yield from _grid(Region(lines=lines, grid=True))
        else:
            yield from map(_text, paragraphs(lines))


def _text(paragraph: Paragraph) -> Text:
    return Text(paragraph=paragraph, kind=SentenceKind.NOTE if SOURCES.match(paragraph.text) else None)


def _grid(region: Region) -> Iterator[Part]:
    rows = grid_rows(region)
    if len(rows) == 1 and not _is_one_size(rows[0]):
        # A heading beside a box: they only happen to stand at one height.
        yield from (_text(paragraph) for cell in rows[0] for paragraph in paragraphs(cell))
        return
    header = rows[0] if len(rows) > 2 and is_header(rows[0], rows[1:], first_of_three=False) else ()
    yield from _rows(header, rows[1:] if header else rows)


def _is_one_size(cells: Sequence[Cell]) -> bool:
    sizes = [line.size for cell in cells for line in cell]
    return max(sizes) <= 1.12 * min(sizes)


def _rows(header: tuple[Cell, ...], rows: Sequence[tuple[Cell, ...]]) -> Iterator[Part]:
    """Rows of a table; what stands alone in its row is a text between them."""
    if header and not any(sum(map(bool, cells)) > 1 for cells in rows):
        # What names no cell is a row itself, as in forms whose fields are empty.
        header, rows = (), [header, *rows]
    for cells in rows:
        filled = [cell for cell in cells if cell]
        if len(filled) == 1 and len(cells) > 1:
            yield from (Text(paragraph=paragraph) for paragraph in paragraphs(filled[0]))
        elif filled:
            yield Row(header=header, cells=cells)


def _is_inside(line: Line, found: Sequence[Table]) -> bool:
    middle = (line.box.y0 + line.box.y1) / 2
    across = (line.box.x0 + line.box.x1) / 2
    return any(
        table.box.y0 < middle < table.box.y1 and table.box.x0 - 4 <= across <= table.box.x1 + 4 for table in found
    )


def _stand_in(table: Table) -> Line:
    box = table.box
    word = Word(text="", x0=box.x0, y0=box.y0, x1=box.x1, y1=box.y1)
    return Line(words=(word,), page=table.page, order=table.order)


def _whole(lines: Sequence[Line]) -> Paragraph:
    return Paragraph(lines=tuple(lines), right=max(line.box.x1 for line in lines))


def numbered(parts: Sequence[Part], body: float) -> list[Part]:
    """Put the number of a heading that stands in a line of its own before the heading below it."""
    found: list[Part] = []
    for part in parts:
        above = found[-1] if found else None
        if not (isinstance(above, Text) and isinstance(part, Text)):
            found.append(part)
        elif is_number(above.paragraph) and looks_like_heading(part.paragraph, body):
            lines = above.paragraph.lines + part.paragraph.lines
            found[-1] = Text(paragraph=Paragraph(lines=lines, right=part.paragraph.right))
        else:
            found.append(part)
    return found
