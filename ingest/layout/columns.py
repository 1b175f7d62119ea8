"""Reading order: which lines stand in columns, which in rows side by side.

Whether the parts of a band left and right of a gutter are columns or the cells of rows is decided by the order they
were drawn in, which programs keep far better than any geometry tells, and by how full their lines are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.layout.bands import bands
from ingest.layout.gutters import Interval, gutters_of, split
from ingest.layout.lines import Line, rows_of
from ingest.layout.margins import with_margin

_STEP = 0.1
"""By how much lines side by side may drift from one to the next, in heights of the font."""


@dataclass(frozen=True, kw_only=True)
class Region:
    """Lines to be read one after the other; in a ``grid`` they are cells, side by side in rows."""

    lines: tuple[Line, ...]
    grid: bool = False


def regions(lines: Sequence[Line], depth: int = 0) -> list[Region]:
    """``lines`` of a page in reading order."""
    found: list[Region] = []
    for band in bands(lines):
        found.extend(_band(band, depth))
    return _joined(found)


def _band(band: Sequence[Line], depth: int) -> list[Region]:
    gutters = gutters_of(band)
    if not gutters:
        return [Region(lines=tuple(sorted(band, key=lambda line: (-round(line.box.y1), line.box.x0))))]
    columns = split(band, _real_gutters(band, gutters))
    if len(columns) > 1 and depth < 6:
        parts = with_margin(columns) or columns
        return [region for part in parts for region in regions(part, depth + 1)]
    return [Region(lines=tuple(line for row in rows_of(band) for line in sorted(row, key=_left)), grid=True)]


def _real_gutters(band: Sequence[Line], gutters: Sequence[Interval]) -> list[Interval]:
    """The gutters that part columns and not cells."""
    return [gutter for gutter in gutters if _parts_columns(band, gutter)]


def _parts_columns(band: Sequence[Line], gutter: Interval) -> bool:
    left, right = split(band, [gutter])
    fewer = min(len(left), len(right))
    sides = [line.box.x0 >= gutter[1] - 0.1 for line in sorted(band, key=lambda line: line.order)]
    changes = sum(one != other for one, other in pairwise(sides))
    if fewer < 3 and not (fewer == 2 and changes <= 1 and _is_out_of_step(left, right)):
        # One or two lines beside many: a label, a margin note, a short last column.
        return changes <= 1 and max(len(left), len(right)) >= 3 and _is_prose(left) and _is_prose(right)
    if changes <= 1 or (_is_out_of_step(left, right) and _is_prose(max(left, right, key=len))):
        return True
    return changes <= 0.34 * fewer or (_is_prose(left) and _is_prose(right) and changes < 1.5 * fewer)


def _is_out_of_step(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether lines that follow each other closely on one side drift against those beside them.

    The lines of a table's cells keep step; a note in the margin, in small type, does not.
    """
    fewer, more = sorted((left, right), key=len)
    ordered = sorted(fewer, key=lambda line: -line.box.y0)
    close = drifting = 0
    for above, line in pairwise(ordered):
        before, here = _offset(above, more), _offset(line, more)
        if above.box.y0 - line.box.y0 < 1.7 * line.size and before is not None and here is not None:
            close += 1
            drifting += abs(before - here) > _STEP * line.size
    return close > 0 and drifting > 0.6 * close


def _offset(line: Line, others: Sequence[Line]) -> float | None:
    """How much higher ``line`` stands than the nearest of the lines beside it, in points."""
    near = min(others, key=lambda other: abs(other.box.y0 - line.box.y0))
    distance = line.box.y0 - near.box.y0
    return distance if abs(distance) < line.size else None


def _is_prose(lines: Sequence[Line]) -> bool:
    """Whether most lines run to the right edge of their column, as those of wrapped text do."""
    if len(lines) < 2:
        return len(lines) == 1 and len(lines[0].words) >= 4
    left, right = min(map(_left, lines)), max(line.box.x1 for line in lines)
    full = sum(line.box.x1 > right - 0.25 * (right - left) for line in lines)
    return full >= 0.5 * len(lines) and sum(len(line.words) for line in lines) >= 3 * len(lines)


def _joined(found: Sequence[Region]) -> list[Region]:
    """Plain regions that follow each other without a change of column are one."""
    joined: list[Region] = []
    for region in found:
        last = joined[-1] if joined else None
        below = last is not None and region.lines[0].box.y1 <= last.lines[-1].box.y1
        if last and below and not last.grid and not region.grid and _share_column(last, region):
            joined[-1] = Region(lines=last.lines + region.lines)
        else:
            joined.append(region)
    return joined


def _share_column(one: Region, other: Region) -> bool:
    """Whether both begin and end at about the same edges."""
    edges = [(min(map(_left, region.lines)), max(line.box.x1 for line in region.lines)) for region in (one, other)]
    width = max(right - left for left, right in edges)
    return all(abs(a - b) <= 0.12 * width for a, b in zip(*edges, strict=True))


def _left(line: Line) -> float:
    return line.box.x0
