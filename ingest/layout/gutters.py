"""Gutters: the blank strips from top to bottom that part columns, or the cells of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.layout.lines import Line

GUTTER = 0.7
"""Narrowest gutter, in heights of the font."""

Interval = tuple[float, float]


def gutters_of(lines: Iterable[Line]) -> list[Interval]:
    """The vertical strips between ``lines`` that none of them touches, from left to right."""
    ordered = sorted(lines, key=lambda line: line.box.x0)
    if not ordered:
        return []
    narrowest = GUTTER * min(line.size for line in ordered)
    found = []
    right = ordered[0].box.x1
    for line in ordered[1:]:
        if line.box.x0 - right >= narrowest:
            found.append((right, line.box.x0))
        right = max(right, line.box.x1)
    return found


def split(lines: Iterable[Line], gutters: Sequence[Interval]) -> list[list[Line]]:
    """``lines`` by the column they stand in."""
    columns: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    for line in lines:
        columns[sum(line.box.x0 >= gutter[1] - 0.1 for gutter in gutters)].append(line)
    return columns
