"""Cells between drawn rules: where a table is framed all around, its rules say which cells span columns or rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.domain import Box
from ingest.layout.words import Word

_SAME = 2.5
"""Points by which the ends of rules that meet may differ."""

_SHORTEST = 5.0
"""Length of a rule that parts cells, in points."""

_WIDE = 0.5
"""Width of a blank, in heights of the font, that words of one cell seldom have between them."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The rules inside a table. ``columns`` are the places of the upright ones, from left to right."""

    box: Box
    columns: tuple[float, ...]
    uprights: tuple[Box, ...]
    levels: tuple[Box, ...]

    def spans(self, bottom: float, top: float, words: Sequence[Word]) -> list[tuple[int, int]]:
        """The first and last column of each cell between these heights, from left to right.

        Cells are parted by a rule, or by a blank between ``words`` that is wider than those of a text.
        """
        middle = (bottom + top) / 2
        inside = [word for word in words if bottom < (word.y0 + word.y1) / 2 < top]
        closed = [
            index
            for index, place in enumerate(self.columns)
            if any(abs(_across(rule) - place) < 2 * _SAME and rule.y0 < middle < rule.y1 for rule in self.uprights)
            or self._keep_clear(inside, index)
        ]
        starts = [0, *(index + 1 for index in closed)]
        return list(zip(starts, [*(start - 1 for start in starts[1:]), len(self.columns)], strict=True))

    def cuts(self, bottom: float, top: float) -> list[float]:
        """The heights from ``top`` down to ``bottom`` at which cells end, though not all of them."""
        inner = (_height(rule) for rule in self.levels if bottom + _SAME < _height(rule) < top - _SAME)
        heights = [top]
        for height in sorted(inner, reverse=True):
            if heights[-1] - height > _SAME:
                heights.append(height)
        return [*heights, bottom]

    def is_cut(self, height: float, column: int) -> bool:
        """Whether a rule runs through ``column`` at ``height``."""
        edges = (self.box.x0, *self.columns, self.box.x1)
        middle = (edges[column] + edges[column + 1]) / 2
        return any(abs(_height(rule) - height) < _SAME and rule.x0 < middle < rule.x1 for rule in self.levels)

    def _keep_clear(self, words: Sequence[Word], column: int) -> bool:
        """Whether there are ``words`` in ``column`` and in the next one, and a wide blank between them."""
        left = [word.x1 for word in words if self.column(word) == column]
        right = [word.x0 for word in words if self.column(word) == column + 1]
        return bool(left and right) and min(right) - max(left) > _WIDE * max(word.size for word in words)

    def column(self, word: Word) -> int:
        """The column that ``word`` stands in."""
        middle = (word.x0 + word.x1) / 2
        return sum(middle > place for place in self.columns)


def frame(box: Box, rules: Iterable[Box]) -> Frame:
    """The rules inside ``box``; without upright ones there are no columns."""
    inside = [rule for rule in rules if _is_inside(rule, box)]
    levels = tuple(rule for rule in inside if rule.x1 - rule.x0 > max(_SHORTEST, rule.y1 - rule.y0))
    heights = [*map(_height, levels), box.y0, box.y1]
    uprights = tuple(
        rule
        for rule in inside
        if rule.y1 - rule.y0 > max(_SHORTEST, rule.x1 - rule.x0)
        # Of a table that goes on below, the rules do too.
        and _ends_at(max(rule.y0, box.y0), heights)
        and _ends_at(min(rule.y1, box.y1), heights)
    )
    # Underlined words have rules too, which end anywhere.
    across = [*map(_across, uprights), box.x0, box.x1]
    levels = tuple(rule for rule in levels if _ends_at(rule.x0, across) and _ends_at(rule.x1, across))
    places: list[float] = []
    for place in sorted(map(_across, uprights)):
        if box.x0 + 2 * _SAME < place < box.x1 - 2 * _SAME and (not places or place - places[-1] > 2 * _SAME):
            places.append(place)
    return Frame(box=box, columns=tuple(places), uprights=uprights, levels=levels)


def framed_rows(found: Frame, heights: Sequence[float], words: Sequence[Word]) -> list[list[list[Word]]]:
    """The words of each cell by row and column; ``heights`` are those of the rules across the whole table.

    What spans rows stands in each of them, what spans columns in the first of them.
    """
    rows: list[list[list[Word]]] = []
    for top, bottom in pairwise(heights):
        cuts = found.cuts(bottom, top)
        steps = list(pairwise(cuts))
        spans = [found.spans(low, high, words) for high, low in steps]
        cells: list[list[list[Word]]] = [[[] for _ in range(len(found.columns) + 1)] for _ in steps]
        for word in words:
            middle = (word.y0 + word.y1) / 2
            if not bottom < middle < top:
                continue
            at = next((n for n, (_, low) in enumerate(steps) if middle > low), len(steps) - 1)
            column = found.column(word)
            first = next(start for start, end in spans[at] if start <= column <= end)
            for step in _reach(found, cuts, at, column):
                cells[step][first].append(word)
        rows.extend(cells)
    return rows


def _reach(found: Frame, cuts: Sequence[float], step: int, column: int) -> range:
    """The steps that the cell around ``step`` in ``column`` takes up."""
    first, last = step, step
    while first > 0 and not found.is_cut(cuts[first], column):
        first -= 1
    while last + 2 < len(cuts) and not found.is_cut(cuts[last + 1], column):
        last += 1
    return range(first, last + 1)


def _ends_at(end: float, heights: Iterable[float]) -> bool:
    """Whether a rule that ends there meets another one, as those between cells do."""
    return any(abs(end - height) < _SAME for height in heights)


def _is_inside(rule: Box, box: Box) -> bool:
    within = box.x0 - _SAME <= rule.x0 and rule.x1 <= box.x1 + _SAME
    return within and rule.y1 > box.y0 and rule.y0 < box.y1


def _across(rule: Box) -> float:
    return (rule.x0 + rule.x1) / 2


def _height(rule: Box) -> float:
    return (rule.y0 + rule.y1) / 2
