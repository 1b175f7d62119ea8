"""Notes in the margin: each is read before the sentence that begins beside it, as its author meant it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.german import STOP
from ingest.layout.lines import Line, median, rows_of

_NARROW = 0.45
"""Width of a margin, at most, in parts of the text beside it."""

_SMALL = 0.95
"""Height of the type in a margin, at most, in parts of that of the text."""

_APART = 1.6
"""Distance from line to line, in heights of the font, from which on another note begins."""


def with_margin(columns: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The notes and pieces of text of two ``columns``, in reading order; none if neither column is a margin."""
    if len(columns) != 2 or not all(columns):
        return []
    notes, text = sorted(columns, key=_width)
    small = median(line.size for line in notes) <= _SMALL * median(line.size for line in text)
    if not small or _width(notes) > _NARROW * _width(text):
        return []
    if any(above.bold and not line.bold for above, line in pairwise(_downwards(notes))):
        # A box with a heading of its own.
        return []
    lines = _downwards(text)
    ordered: list[list[Line]] = []
    done = 0
    for note in _notes(notes):
        cut = max(done, _beginning(lines, note[0].box.y1))
        ordered.extend(part for part in (lines[done:cut], note) if part)
        done = cut
    return [*ordered, lines[done:]] if lines[done:] else ordered


def _downwards(lines: Sequence[Line]) -> list[Line]:
    return [line for row in rows_of(lines) for line in sorted(row, key=lambda line: line.box.x0)]


def _notes(lines: Sequence[Line]) -> list[list[Line]]:
    ordered = _downwards(lines)
    notes = [ordered[:1]]
    for above, line in pairwise(ordered):
        if above.box.y0 - line.box.y0 > _APART * line.size:
            notes.append([line])
        else:
            notes[-1].append(line)
    return notes


def _beginning(lines: Sequence[Line], top: float) -> int:
    """The line that stands at the height ``top``, or the one above it with which a sentence begins."""
    beside = next((index for index, line in enumerate(lines) if line.box.y0 < top - 0.2 * line.size), len(lines))
    while 0 < beside < len(lines) and not STOP.search(lines[beside - 1].text) and not lines[beside].bold:
        beside -= 1
    return beside


def _width(lines: Sequence[Line]) -> float:
    return max(line.box.x1 for line in lines) - min(line.box.x0 for line in lines)
