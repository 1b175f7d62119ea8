"""Tables of contents: read by people to find pages, and no evidence of anything."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.german import CONTENTS_HEADING, CONTENTS_LINE
from ingest.layout.lines import Line

FEWEST = 3


def without_contents(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page without its table of contents, if it has one."""
    dotted = [index for index, line in enumerate(lines) if CONTENTS_LINE.fullmatch(line.text)]
    if len(dotted) < FEWEST:
        return list(lines)
    first, last = dotted[0], dotted[-1]
    between = {index for index in range(first, last + 1) if _belongs(lines[index])}
    headings = {index for index in range(first) if CONTENTS_HEADING.fullmatch(lines[index].text)}
    # The first line of an entry that takes two.
    wrapped = {first - 1} if first and lines[first - 1].size == lines[first].size and not headings else set()
    return [line for index, line in enumerate(lines) if index not in between | headings | wrapped]


def _belongs(line: Line) -> bool:
    return bool(CONTENTS_LINE.fullmatch(line.text)) or len(line.text) < 120
