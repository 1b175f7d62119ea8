"""Tables of contents: read by people to find pages, and no evidence of anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.german import CONTENTS_END, CONTENTS_HEADING, CONTENTS_LINE, NUMBERED_HEADING, STOP
from ingest.layout.lines import Line

FEWEST = 3
"""Dotted lines on a page that make a table of contents."""


def split_contents(lines: Sequence[Line]) -> tuple[list[Line], list[list[Line]]]:
    """The lines of a page's text, and the entries of a table of contents on it, each as its lines."""
    ordered = sorted(lines, key=lambda line: (-line.box.y1, line.box.x0))
    dotted = [index for index, line in enumerate(ordered) if CONTENTS_LINE.fullmatch(line.text)]
    first, last = (dotted[0], dotted[-1]) if dotted else (0, 0)
    ends = sum(CONTENTS_END.search(line.text) is not None for line in ordered[first : last + 1])
    # The dots of a form are there to be written on.
    if len(dotted) < FEWEST or ends < 0.5 * len(dotted):
        return _split_overview(ordered) or (list(lines), [])
    if first and ordered[first - 1].size == ordered[first].size and not _is_title(ordered[first - 1]):
        # The first line of an entry that takes two.
        first -= 1
    while last + 1 < len(ordered) and _goes_on(ordered[last], ordered[last + 1]):
        # An entry so long that hardly a dot had room.
        last += 1
    title = [line for line in ordered[:first] if _is_title(line)]
    inside = ordered[first : last + 1]
    taken = {id(line) for line in (*title, *inside)}
    return [line for line in lines if id(line) not in taken], [*([line] for line in title), *_entries(inside)]


def _split_overview(ordered: Sequence[Line]) -> tuple[list[Line], list[list[Line]]] | None:
    """The same for the overview of a law, which names its sections but no pages; nothing where there is none."""
    start = next((index for index, line in enumerate(ordered) if _is_title(line)), len(ordered))
    end = start + 1
    seen: set[str] = set()
    # With the first section that is named again, the text begins.
    while end < len(ordered) and ordered[end].text not in seen and _is_section(ordered[end]):
        seen.add(ordered[end].text)
        end += 1
    if len(seen) < FEWEST:
        return None
    return [*ordered[:start], *ordered[end:]], [[line] for line in ordered[start:end]]


def _is_section(line: Line) -> bool:
    numbered = NUMBERED_HEADING.fullmatch(line.text)
    return numbered is not None and bool(numbered["title"]) and not STOP.search(line.text)


def _goes_on(above: Line, line: Line) -> bool:
    near = above.box.y0 - line.box.y1 < 1.5 * line.size
    return near and CONTENTS_END.search(line.text) is not None and abs(above.size - line.size) < 1


def _is_title(line: Line) -> bool:
    return CONTENTS_HEADING.fullmatch(line.text) is not None


def _entries(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Runs of lines that end with a page number."""
    entry: list[Line] = []
    for line in lines:
        entry.append(line)
        if CONTENTS_END.search(line.text):
            yield entry
            entry = []
    if entry:
        yield entry
