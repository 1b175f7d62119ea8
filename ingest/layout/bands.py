"""Bands: a page swept from top to bottom. A band keeps at least one blank gutter all the way down, or has none."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.layout.gutters import Interval, gutters_of, split
from ingest.layout.justified import justified, one_line
from ingest.layout.lines import Line, rows_of

_FAR = 4.0
"""Blank between lines, in heights of the font, that parts what has nothing to do with each other."""


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


def _one_sided(row: Sequence[Line], gutters: Sequence[Interval]) -> bool:
    return all(line.box.x1 <= gutters[0][0] + 1 for line in row)


def _goes_on_left(row: Sequence[Line], lines: Sequence[Line], gutter: Interval) -> bool:
    """Whether ``row`` was drawn after those of ``lines`` left of ``gutter`` and before those right of it."""
    left, right = ([line.order for line in column] for column in split(lines, [gutter]))
    return bool(left and right) and max(left) < row[0].order < min(right)
