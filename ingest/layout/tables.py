"""Tables between rules: which rules belong together, and which words stand in which cell.

A table is a run of level rules of one width between which the words keep clear of the same gutters. What stands
between two rules is a row; where a table has rules at its head and foot alone, a row begins with a filled first cell.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.domain import Box
from ingest.layout.cells import Cell, Row, is_header
from ingest.layout.frames import Frame, frame, framed_rows
from ingest.layout.level_rules import SAME, level_rules, same_ends
from ingest.layout.lines import Line, lines_of, median, rows_of
from ingest.layout.words import Word

_TALLEST_ROW = 260.0
_GUTTER = 0.42
_WIDE = 1.2
"""Width of a blank, in heights of the font, that no line of text has."""

_BLANK = 0.8
"""The same where the blank is as wide in every line."""

_RULE_PER_ROW = 4

Interval = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Table:
    """Cells by row and column; ``header`` is empty when no row looks like one. ``box`` is in points."""

    box: Box
    header: Row
    rows: tuple[Row, ...]
    order: int
    page: int


def tables(lines: Sequence[Line], rules: Sequence[Box]) -> list[Table]:
    """The ruled tables among ``lines`` of one page, from top to bottom."""
    found = []
    for group in same_ends(level_rules(rules), fewest=2):
        for run in _runs(group, lines, rules):
            table = _table(run, lines, rules)
            if table:
                found.append(table)
    return sorted(_apart(found), key=lambda table: -table.box.y1)


def _runs(rules: Sequence[Box], lines: Sequence[Line], drawn: Sequence[Box]) -> Iterator[list[Box]]:
    """Runs of rules between which cells are framed, or all words keep clear of at least one gutter."""
    bands = [_words_between(above, below, lines) for above, below in pairwise(rules)]
    start = 0
    while start < len(rules) - 1:
        end = start + 1
        while end < len(rules) and _is_tabular(rules[start : end + 1], bands[start:end], drawn):
            end += 1
        if end - start >= 3 or (end - start == 2 and _is_rest(rules[start:end], lines, drawn)):
            yield list(rules[start:end])
        start = max(end - 1, start + 1)


def _is_tabular(rules: Sequence[Box], bands: Sequence[Sequence[Word]], drawn: Sequence[Box]) -> bool:
    """Whether between all neighbouring ``rules`` stand words, framed or clear of a common gutter."""
    close = all(above.y0 - below.y1 <= _TALLEST_ROW for above, below in pairwise(rules))
    if not close or not all(bands):
        return False
    return bool(_columns([word for band in bands for word in band]) or frame(_around(rules), drawn).columns)


def _is_rest(rules: Sequence[Box], lines: Sequence[Line], drawn: Sequence[Box]) -> bool:
    """Whether a single row stands at the head of a page, framed: what is left of a table on the page before."""
    return bool(frame(_around(rules), drawn).columns) and all(line.box.y0 < rules[0].y1 for line in lines)


def _around(rules: Sequence[Box]) -> Box:
    return Box(x0=rules[0].x0, y0=rules[-1].y0, x1=rules[0].x1, y1=rules[0].y1)


def _words_between(above: Box, below: Box, lines: Sequence[Line]) -> list[Word]:
    inside = (line for line in lines if below.y0 < (line.box.y0 + line.box.y1) / 2 < above.y1)
    words = (word for line in inside for word in line.words)
    return [word for word in words if above.x0 - SAME <= (word.x0 + word.x1) / 2 <= above.x1 + SAME]


def _columns(words: Sequence[Word]) -> list[Interval]:
    """The gutters between the columns that ``words`` stand in.

    A blank strip between words may come by chance; a column it is if several words begin at its right edge, or if it is
    wider than blanks are.
    """
    ordered = sorted(words, key=lambda word: word.x0)
    lefts = [word.x0 for word in ordered]
    size = median(word.size for word in words)
    found = []
    right = ordered[0].x1 if ordered else 0.0
    for word in ordered[1:]:
        if word.x0 - right >= _GUTTER * size:
            starts = ordered[bisect_left(lefts, word.x0 - 1.5) : bisect_right(lefts, word.x0 + 1.5)]
            wide = word.x0 - right >= _WIDE * size
            if wide or (len(starts) >= 2 and not _is_blank(starts, words, _BLANK * size)):
                found.append((right, word.x0))
        right = max(right, word.x1)
    return found


def _is_blank(starts: Sequence[Word], words: Sequence[Word], widest: float) -> bool:
    """Whether what is left of all ``starts`` is but the blank between two words, as in a column of dates."""
    gaps = []
    for word in starts:
        before = [other.x1 for other in words if other.x1 <= word.x0 and abs(other.y0 - word.y0) < 0.3 * word.size]
        gaps.append(word.x0 - max(before, default=float("-inf")))
    return max(gaps) < widest and max(gaps) - min(gaps) < 1


def _table(rules: Sequence[Box], lines: Sequence[Line], drawn: Sequence[Box]) -> Table | None:
    bands = [_words_between(above, below, lines) for above, below in pairwise(rules)]
    words = [word for band in bands for word in band]
    inside = set(map(id, words))
    taken = [line for line in lines if any(id(word) in inside for word in line.words)]
    if not taken:
        return None
    page, order = taken[0].page, min(line.order for line in taken)
    gutters, framed = _columns(words), frame(_around(rules), drawn)
    header: Row = ()
    if framed.columns and len(framed.columns) >= len(gutters):
        header, cells = _framed(framed, rules, words, page)
    elif gutters:
        cells = [_cells(band, gutters, page) for band in bands]
        if len(rules) < _RULE_PER_ROW:
            cells = [cells[0], *(row for band in cells[1:] for row in _loose_rows(band))]
    else:
        return None
    if not header and len(cells) > 1 and is_header(cells[0], cells[1:], first_of_three=len(rules) == 3):
        header, cells = cells[0], cells[1:]
    return Table(box=_around(rules), header=header, rows=tuple(cells), order=order, page=page)


def _framed(framed: Frame, rules: Sequence[Box], words: Sequence[Word], page: int) -> tuple[Row, list[Row]]:
    """The header of a table that takes two rows, if it has one, and the other rows."""
    heights = [(rule.y0 + rule.y1) / 2 for rule in rules]
    rows = [
        tuple(_in_order(lines_of([word._replace(glued=False) for word in cell], page)) for cell in row)
        for row in framed_rows(framed, heights, words)
    ]
    top, below = framed.cuts(heights[1], heights[0])[:2]
    spans = framed.spans(below, top, words)
    spanning = 1 < len(spans) <= len(framed.columns)
    # Beside a cell that spans columns, one that spans both rows can only be a name.
    named = spanning and any(over and over == below for over, below in zip(rows[0], rows[1], strict=True))
    if len(rows) > 2 and spanning and (named or is_header(rows[1], rows[2:], first_of_three=False)):
        above = [rows[0][first] for first, last in spans for _ in range(first, last + 1)]
        # A name that spans both rows stands in each.
        return tuple(over if over == below else over + below for over, below in zip(above, rows[1], strict=True)), rows[
            2:
        ]
    return (), rows


def _cells(words: Sequence[Word], gutters: Sequence[Interval], page: int) -> tuple[Cell, ...]:
    """The words of a row by column, put into lines again."""
    columns: list[list[Word]] = [[] for _ in range(len(gutters) + 1)]
    for word in words:
        columns[sum(word.x0 >= right - 0.1 for _, right in gutters)].append(word._replace(glued=False))
    return tuple(_in_order(lines_of(column, page)) for column in columns)


def _in_order(lines: Sequence[Line]) -> Cell:
    rows = rows_of(lines)
    # A line of a cell may have wide gaps; nothing else stands beside it.
    return tuple(line for row in rows for line in sorted(row, key=lambda line: line.box.x0))


def _loose_rows(band: tuple[Cell, ...]) -> Iterator[tuple[Cell, ...]]:
    """The rows of a band without rules between them: each begins where the first cell is filled anew.

    Where rows stand further apart than the lines of a cell, it must be below such a gap.
    """
    printed = [max(line.box.y1 for line in row) for row in rows_of([line for cell in band for line in cell])]
    steps = [above - below for above, below in pairwise(printed)]
    tight = 1.08 * min(steps) if steps and max(steps) > 1.12 * min(steps) else 0.0
    inner = {height for height, step in zip(printed[1:], steps, strict=True) if step <= tight}
    firsts = [max(line.box.y1 for line in row) for row in rows_of(band[0])]
    starts = [height for height in firsts if not any(abs(height - other) < 1 for other in inner)]
    bounds = [*starts[1:], float("-inf")]
    for index, low in enumerate(bounds):
        high = starts[index] if index else float("inf")
        yield tuple(tuple(line for line in cell if low + 1 < line.box.y1 <= high + 1) for cell in band)


def _apart(found: Sequence[Table]) -> list[Table]:
    """The tables without those inside a larger one."""
    kept: list[Table] = []
    for table in sorted(found, key=lambda table: table.box.y0 - table.box.y1):
        if not any(table.box.y0 < other.box.y1 - 1 and other.box.y0 < table.box.y1 - 1 for other in kept):
            kept.append(table)
    return kept
