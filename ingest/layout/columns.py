"""Reading order: which lines stand in columns, which in rows side by side.

A page is swept from top to bottom into bands. A band keeps at least one blank gutter all the way down, or has none.
Whether the parts left and right of a gutter are columns or the cells of rows is decided by the order they were drawn
in, which programs keep far better than any geometry tells, and by how full their lines are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.layout.justified import justified, one_line
from ingest.layout.lines import Line, rows_of
from ingest.layout.margins import with_margin

GUTTER = 0.7
"""Narrowest gutter, in heights of the font."""

_FAR = 4.0
"""Blank between lines, in heights of the font, that parts what has nothing to do with each other."""

_STEP = 0.1
"""By how much lines side by side may drift from one to the next, in heights of the font."""

Interval = tuple[float, float]


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


def bands(lines: Sequence[Line]) -> list[list[Line]]:
    """``lines`` from top to bottom in bands that have a gutter all the way down, or consist of single lines."""
    found: list[list[Line]] = []
    gutters: list[Interval] = []
    for row in rows_of(lines):
        near = bool(found) and not _is_letterhead(found[-1], row)
        merged = gutters_of([*found[-1], *row]) if near else []
        alone = len(row) == 1
        if found and gutters and merged and not (alone and _opens(found[-1], row[0])):
            found[-1].extend(row)
            gutters = merged
        elif near and not gutters and alone:
            found[-1].extend(row)
        else:
            gutters = gutters_of(row)
            found.append([*_begun(found[-1], row, gutters), *row] if found else list(row))
    return [part for band in _mended(found) for part in _without_tail(band)]


def _is_letterhead(band: Sequence[Line], row: Sequence[Line]) -> bool:
    """Whether ``band`` is a single row far above ``row``."""
    blank = min(line.box.y0 for line in band) - max(line.box.y1 for line in row)
    return blank > _FAR * max(line.size for line in row) and len(rows_of(band)) == 1


def _begun(above: list[Line], row: Sequence[Line], gutters: Sequence[Interval]) -> list[Line]:
    """The last lines of ``above``, taken from it, that begin the right column of ``row``: it stands a little higher."""
    begun: list[Line] = []
    right = [line for line in row if gutters and line.box.x0 >= gutters[0][1] - 0.1]
    while right and len(above) > 1:
        last, below = above[-1], (begun or right)[0]
        beside = last.box.x0 >= gutters[0][1] - 0.1 and abs(last.size - below.size) < 0.06 * last.size
        alone = above[-2].box.y0 > last.box.y0 + 0.5 * last.size
        if not (beside and alone) or not 0 <= last.box.y0 - below.box.y0 < 1.6 * last.size:
            break
        begun.insert(0, above.pop())
    return begun


def _mended(found: Sequence[list[Line]]) -> list[list[Line]]:
    """Bands whose gaps are mere blanks, as in a justified line of few words, joined to their text."""
    mended: list[list[Line]] = []
    for index, band in enumerate(found):
        near = [found[index - 1][-1]] if index else []
        near.extend(found[index + 1][:1] if index + 1 < len(found) else ())
        whole = one_line(band) or justified(band, near) or band
        if mended and not gutters_of(mended[-1]) and not gutters_of(whole):
            mended[-1].extend(whole)
        else:
            mended.append(list(whole))
    return mended


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


def _opens(band: Sequence[Line], line: Line) -> bool:
    """Whether a single line below a band is rather the heading of what follows: larger, or bold where they are not."""
    return line.size > 1.1 * max(other.size for other in band) or (
        line.bold and not any(other.bold for other in band) and len(band) > 4
    )


def _without_tail(band: list[Line]) -> list[list[Line]]:
    """``band``, and apart from it the lines at its end that stand alone below a wide gap."""
    gutters = gutters_of(band)
    rows = rows_of(band)
    if not gutters or len(rows) < 3:
        return [band]
    cut = len(rows)
    while cut > 1 and _one_sided(rows[cut - 1], gutters):
        cut -= 1
    for index in range(cut, len(rows)):
        above = min(line.box.y0 for line in rows[index - 1])
        below = max(line.box.y1 for line in rows[index])
        if above - below > 0.9 * rows[index][0].size:
            head = [line for row in rows[:index] for line in row]
            if _goes_on_left(rows[index], head, gutters[0]):
                # The left column only reaches further down than the right one.
                return [band]
            return [head, *bands([line for row in rows[index:] for line in row])]
    return [band]


def _goes_on_left(row: Sequence[Line], lines: Sequence[Line], gutter: Interval) -> bool:
    """Whether ``row`` was drawn after those of ``lines`` left of ``gutter`` and before those right of it."""
    left, right = ([line.order for line in column] for column in split(lines, [gutter]))
    return bool(left and right) and max(left) < row[0].order < min(right)


def _one_sided(row: Sequence[Line], gutters: Sequence[Interval]) -> bool:
    return all(line.box.x1 <= gutters[0][0] + 1 for line in row)


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


def split(lines: Iterable[Line], gutters: Sequence[Interval]) -> list[list[Line]]:
    """``lines`` by the column they stand in."""
    columns: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    for line in lines:
        columns[sum(line.box.x0 >= gutter[1] - 0.1 for gutter in gutters)].append(line)
    return columns


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
