"""Cells side by side to rows that can be read alone: "Programm: Lebendige Zentren; Fördersatz: 66,67 %"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.domain import SentenceKind
from ingest.blocks import Block, Place
from ingest.layout.cells import Cell
from ingest.layout.columns import Region
from ingest.layout.flow import Known, block
from ingest.layout.gutters import gutters_of, split
from ingest.layout.lines import Line, rows_of

LONGEST_ROW = 600
"""Characters of a row that is one sentence; in longer ones each cell is a text of its own."""


def grid_rows(region: Region) -> list[tuple[Cell, ...]]:
    """The rows of a grid without rules, cell by cell."""
    gutters = gutters_of(region.lines)
    printed = rows_of(region.lines)
    tops = [max(line.box.y1 for line in row) for row in printed]
    steps = [above - below for above, below in pairwise(tops)]
    tight = 1.08 * min(steps) if steps and max(steps) > 1.12 * min(steps) else 0.0
    found: list[tuple[Cell, ...]] = []
    for row, step in zip(printed, [float("inf"), *steps], strict=True):
        cells = tuple(_ordered(cell) for cell in split(row, gutters))
        if found and _continues(found[-1], cells, close=step <= tight):
            found[-1] = tuple(above + below for above, below in zip(found[-1], cells, strict=True))
        else:
            found.append(cells)
    return found


def row_blocks(header: Sequence[Cell], cells: Sequence[Cell], known: Known) -> Iterator[Block]:
    """The blocks of a table row: one with a header before each filled cell, or several if it would be too long."""
    names = [_plain(cell, known) for cell in header] or [""] * len(cells)
    parts = [
        _named(name.rstrip(":"), made)
        for name, cell in zip(names, cells, strict=True)
        if cell and (made := block(SentenceKind.ROW, cell, known))
    ]
    if not names[0] and len(parts) == 2 and len(cells) == 2 and len(parts[0].text) < 60:
        # A label and what it says need no header.
        yield _beside(parts, ": " if parts[0].text[-1].isalnum() else " ")
    elif sum(len(part.text) for part in parts) <= LONGEST_ROW:
        yield from [_beside(parts, "; ")] if parts else ()
    else:
        yield from (replace(part, kind=SentenceKind.PROSE) for part in parts)


def _plain(cell: Cell, known: Known) -> str:
    made = block(SentenceKind.ROW, cell, known) if cell else None
    return made.text if made else ""


def _named(name: str, cell: Block) -> Block:
    """``cell`` with the name of its column in front, which stands elsewhere on the page."""
    prefix = f"{name}: " if name else ""
    return replace(cell, text=prefix + cell.text, places=_moved(cell.places, len(prefix)))


def _beside(parts: Sequence[Block], separator: str) -> Block:
    text = ""
    places: tuple[Place, ...] = ()
    for part in parts:
        start = f"{text}{separator}" if text else ""
        text, places = start + part.text, places + _moved(part.places, len(start))
    return Block(kind=SentenceKind.ROW, text=text, places=places)


def _moved(places: Iterable[Place], by: int) -> tuple[Place, ...]:
    return tuple(replace(place, start=place.start + by, end=place.end + by) for place in places)


def _continues(above: Sequence[Cell], cells: Sequence[Cell], *, close: bool) -> bool:
    """Whether a printed row only goes on with the cells of the one above.

    It does if its first cell is empty, or if it stands closer than rows do (``close``) and leaves any cell empty.
    """
    if not above[0] or any(below and not over for over, below in zip(above, cells, strict=True)):
        return False
    bottom = min(line.box.y0 for cell in above for line in cell)
    top = max(line.box.y1 for cell in cells for line in cell)
    near = bottom - top < 0.5 * above[0][0].size
    return near and (not cells[0] or (close and not all(cells)))


def _ordered(cell: Iterable[Line]) -> Cell:
    return tuple(line for row in rows_of(cell) for line in sorted(row, key=lambda line: line.box.x0))
