"""Cells side by side to rows that can be read alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.layout.columns import Region, gutters_of, split
from ingest.layout.lines import Line, rows_of


def rows(region: Region) -> list[list[Line]]:
    """The rows of a grid, each as its lines cell by cell."""
    gutters = gutters_of(region.lines)
    found: list[list[list[Line]]] = []
    for row in rows_of(region.lines):
        cells = split(row, gutters)
        if found and _continues(found[-1], cells):
            found[-1] = [[*above, *below] for above, below in zip(found[-1], cells, strict=True)]
        else:
            found.append(cells)
    return [[line for cell in cells for line in _ordered(cell)] for cells in found]


def _continues(above: Sequence[Sequence[Line]], cells: Sequence[Sequence[Line]]) -> bool:
    """Whether a printed row only goes on with the cells of the one above: its first cell is empty."""
    if cells[0] or not above[0]:
        return False
    bottom = min(line.box.y0 for cell in above for line in cell)
    top = max(line.box.y1 for cell in cells for line in cell)
    return bottom - top < 0.5 * above[0][0].size


def _ordered(cell: Iterable[Line]) -> list[Line]:
    return sorted(cell, key=lambda line: (-round(line.box.y1), line.box.x0))
