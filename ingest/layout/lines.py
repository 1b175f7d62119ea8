"""Words to pieces of lines: what stands on one baseline without a wide gap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from assistant.domain import Box
from ingest.layout.words import Word

GAP = 1.1
"""Widest blank inside a line, in heights of its font; wider ones part columns and table cells."""

_GAP_AFTER_STOP = 1.6
"""The same behind a sentence, where typewriters leave two blanks."""

_FAR = 0.45
_MARKER = re.compile(
    r"[-–—•▪◦●○■□☐➢✓*·\uf0a7\uf0b7\uf0d8\uf02d]|\(?\w{1,4}[.)]|§+ ?\d+\w?"
    r"|\d{1,2}(?:\.\d{1,2})*|\d{1,2}\.[a-z]|\d{1,3}|[A-Z]"
)
_MARKER_GAP = 6.0


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of one column, or a cell's part of it: words from left to right. ``order`` is when it was drawn."""

    words: tuple[Word, ...]
    page: int
    order: int

    @cached_property
    def box(self) -> Box:
        """The rectangle around all words, in points."""
        _, x0, y0, x1, y1, *_ = zip(*self.words, strict=True)
        return Box(x0=min(x0), y0=min(y0), x1=max(x1), y1=max(y1))

    @cached_property
    def text(self) -> str:
        """The words with a blank where one was drawn."""
        return "".join(word.text if word.glued else f" {word.text}" for word in self.words).strip()

    @cached_property
    def size(self) -> float:
        """The height of the font most characters are in, in points, rounded to a quarter."""
        sizes: dict[float, int] = {}
        for word in self.words:
            size = round(4 * (word.y1 - word.y0)) / 4
            sizes[size] = sizes.get(size, 0) + len(word.text)
        return max(sizes, key=lambda size: (sizes[size], size)) if len(sizes) > 1 else next(iter(sizes))

    @cached_property
    def bold(self) -> bool:
        """Whether nearly all characters are bold."""
        return sum(len(word.text) for word in self.words if word.bold) >= 0.9 * sum(
            len(word.text) for word in self.words
        )


def lines_of(words: Sequence[Word], page: int) -> list[Line]:
    """The pieces of lines on a page, in the order they were drawn."""
    runs: list[list[Word]] = []
    starts: list[int] = []
    for index, word in enumerate(words):
        if runs and _follows(runs[-1][-1], word):
            runs[-1].append(word)
        else:
            runs.append([word])
            starts.append(index)
    lines = [Line(words=tuple(run), page=page, order=start) for run, start in zip(runs, starts, strict=True)]
    return _reunited(_once(lines))


def _follows(left: Word, right: Word) -> bool:
    """Whether ``right``, drawn after ``left``, stands behind it on the same line."""
    if right.glued:
        return True
    size = max(left.y1 - left.y0, right.y1 - right.y0)
    # First what tells most of the words apart, for there are very many.
    gap = right.x0 - left.x1
    if -0.3 * size <= gap <= GAP * size:
        return _same_line(left, right)
    ended = GAP * size < gap <= _GAP_AFTER_STOP * size and left.text[-1:] in ".!?" and right.text[:1].isupper()
    return ended and _same_line(left, right)


def _same_line(one: Word | Box, other: Word | Box) -> bool:
    """Whether two things overlap in height by more than half of the lower one."""
    shared = min(one.y1, other.y1) - max(one.y0, other.y0)
    return shared > 0.5 * min(one.y1 - one.y0, other.y1 - other.y0)


def _once(lines: Iterable[Line]) -> list[Line]:
    """The lines without those drawn a second time at the same place (a cheap way to print bold)."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for line in lines:
        key = (line.text, round(line.box.x0 / 2), round(line.box.y0 / 2))
        if key not in seen:
            seen.add(key)
            kept.append(line)
    return kept


def _reunited(lines: Sequence[Line]) -> list[Line]:
    """Join pieces that were drawn apart but stand close together on one line, and markers with their items."""
    kept: list[Line] = []
    for row in rows_of(lines):
        row.sort(key=lambda line: line.box.x0)
        joined = [row[0]]
        for line in row[1:]:
            if _belongs(joined[-1], line):
                joined[-1] = joined_line(joined[-1], line)
            else:
                joined.append(line)
        kept.extend(joined)
    return sorted(kept, key=lambda line: line.order)


def _belongs(left: Line, right: Line) -> bool:
    if not _same_line(left.box, right.box):
        return False
    size = max(left.size, right.size)
    gap = right.box.x0 - left.box.x1
    if _MARKER.fullmatch(left.text) and right.text[:1].isalpha():
        return -0.3 * size <= gap <= _MARKER_GAP * size
    return -0.3 * size <= gap <= _FAR * size


def joined_line(left: Line, right: Line) -> Line:
    """One line of both, ``left`` first."""
    return replace(left, words=left.words + right.words, order=min(left.order, right.order))


def rows_of(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines in rows from top to bottom: lines whose heights overlap, directly or by way of others, share a row."""
    rows: list[list[Line]] = []
    bottom = 0.0
    for line in sorted(lines, key=lambda line: -line.box.y1):
        # Ascent and descent of neighbouring lines may overlap a little.
        slack = 0.3 * line.size
        if rows and line.box.y1 - slack > bottom:
            rows[-1].append(line)
            bottom = min(bottom, line.box.y0)
        else:
            rows.append([line])
            bottom = line.box.y0
    return rows


def median(sizes: Iterable[float]) -> float:
    """The middle of ``sizes``; 0 when there are none."""
    ordered = sorted(sizes)
    return ordered[len(ordered) // 2] if ordered else 0.0


def leading(lines: Sequence[Line]) -> float:
    """The usual distance from one line to the next below it, in heights of their font; 0 when there is but one.

    It is among the shortest ones: where paragraphs are short, most lines begin one and stand further apart.
    """
    distances = sorted(
        (one.box.y0 - other.box.y0) / max(one.size, other.size)
        for one, other in pairwise(lines)
        if one.box.y0 > other.box.y0
    )
    return distances[max(0, len(distances) - 4) // 4] if distances else 0.0
