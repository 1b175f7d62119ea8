"""Justified lines of few words: their blanks may be as wide as gutters, and they are lines of a text all the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

from ingest.layout.lines import Line, joined_line, rows_of

_WIDEST_BLANK = 3.5
"""Widest blank of a justified line, in heights of the font."""

_WIDEST_BESIDE = 1.6
"""The same above or below lines that end where the blank is, as after the full stops of a typewriter."""

_WIDEST_IN_ROW = 4.5
"""The same where the line ends where the text above or below it does."""


def one_line(band: Sequence[Line]) -> list[Line]:
    """``band`` with its only row of several pieces put together, if they are the words of one line; else nothing.

    They are if they were drawn at one go and their gaps are no wider than blanks may be, which are narrower where other
    lines keep clear of them.
    """
    rows = [sorted(row, key=lambda line: line.box.x0) for row in rows_of(band)]
    several = [row for row in rows if len(row) > 1]
    if len(several) != 1:
        return []
    [row] = several
    widest = _WIDEST_BLANK if len(rows) == 1 else _WIDEST_BESIDE
    many = sum(len(line.words) for line in row) >= 4
    return [reduce(joined_line, row) for row in rows] if many and _is_drawn_at_once(row, widest) else []


def justified(band: Sequence[Line], near: Sequence[Line]) -> list[Line]:
    """The lines that the rows of ``band`` are, if they begin and end where a line ``near`` them does; else none."""
    rows = [sorted(row, key=lambda line: line.box.x0) for row in rows_of(band)]
    beside = [line for line in near if len(line.words) > 2 and all(_fills(row, line) for row in rows)]
    # Between two lines of a text, right below and above, a blank may be as wide as it likes.
    close = len(beside) == 2 and beside[0].box.y0 - beside[1].box.y1 < (1.6 * len(rows) - 0.1) * beside[0].size
    starts = [{round(line.box.x0) for line in row[1:-1]} for row in rows]
    aligned = any(one & other for one, other in pairwise(starts))
    widest = float("inf") if close else _WIDEST_IN_ROW
    if not beside or aligned or not all(_is_drawn_at_once(row, widest) for row in rows):
        return []
    return [reduce(joined_line, row) for row in rows]


def _fills(row: Sequence[Line], line: Line) -> bool:
    return abs(row[0].box.x0 - line.box.x0) < 1.5 and abs(row[-1].box.x1 - line.box.x1) < 1.5


def _is_drawn_at_once(row: Sequence[Line], widest: float) -> bool:
    """Whether a row was drawn from left to right, with blanks below ``widest``, in heights of the font."""
    blanks = all(after.box.x0 - line.box.x1 < widest * line.size for line, after in pairwise(row))
    return blanks and [line.order for line in row] == sorted(line.order for line in row)
