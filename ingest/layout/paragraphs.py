"""Lines to paragraphs and list items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ingest.german import BULLET, FIELD, FIRST_ITEM, NUMBERED_HEADING, NUMBERED_ITEM, NUMBERED_PARAGRAPH, STOP
from ingest.layout.hyphens import ends_in_hyphen
from ingest.layout.lines import Line, leading

_FAR = 1.5
"""Distance between lines, in parts of the usual one, that a full line without a stop does not bridge either."""

_SECOND = str.maketrans({"1": "2", "a": "b"})


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Lines that read on as one text. ``right`` is where their column ends, in points."""

    lines: tuple[Line, ...]
    right: float

    @cached_property
    def text(self) -> str:
        """The lines as printed, one behind the other."""
        return " ".join(line.text for line in self.lines)

    @property
    def size(self) -> float:
        """Height of the font of its first line."""
        return self.lines[0].size

    @property
    def bold(self) -> bool:
        """Whether it is bold throughout."""
        return all(line.bold for line in self.lines)

    @property
    def is_item(self) -> bool:
        """Whether it begins like a list item."""
        return begins_item(self.lines[0])


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """The paragraphs of a column."""
    if not lines:
        return []
    usual = leading(lines)
    right = max(line.box.x1 for line in lines)
    groups = [[lines[0]]]
    opening = _opening(lines)
    for above, line in pairwise(lines):
        if id(line) in opening or _breaks(groups[-1], above, line, usual, right):
            groups.append([line])
        else:
            groups[-1].append(line)
    return [Paragraph(lines=tuple(group), right=right) for group in groups]


def begins_item(line: Line) -> bool:
    """Whether ``line`` begins with a bullet, "1." or "a)"."""
    return bool(BULLET.match(line.text) or NUMBERED_ITEM.match(line.text))


def _breaks(group: Sequence[Line], above: Line, line: Line, usual: float, right: float) -> bool:
    """Whether ``line`` begins a new paragraph below ``above``, the last line of ``group``."""
    size = max(above.size, line.size)
    distance = above.box.y0 - line.box.y0
    if abs(above.size - line.size) > 0.09 * size or distance < -size:
        return True
    ended = bool(STOP.search(above.text))
    if distance > 1.3 * size * max(usual, 1) and (
        ended or distance > _FAR * size * max(usual, 1) or not is_full(above, line, right)
    ):
        return True
    if ends_in_hyphen(above.words[-1].text) and line.text[:1].islower():
        return False
    short = above.box.x1 - group[0].box.x0 < 0.55 * (right - group[0].box.x0)
    if above.bold != line.bold:
        # A bold phrase may begin and end anywhere; a bold line with a new sentence below it is a heading.
        heading = group[0].bold and not line.text[:1].islower()
        return ended or short or heading
    if _is_next_term(group[0], above, line) or (FIELD.search(above.text) and not line.text[:1].islower()):
        return True
    if BULLET.match(line.text) or NUMBERED_PARAGRAPH.match(line.text):
        return ended or short or not is_full(above, line, right) or line.box.x0 <= group[0].box.x0 + 2
    if NUMBERED_ITEM.match(line.text) or NUMBERED_HEADING.match(line.text):
        return ended or short or _next_number(group[0], line)
    if begins_item(group[0]) and _ends_item(group, above, line, right):
        return True
    if not is_full(above, line, right):
        # A line that need not have ended there and is followed by a bold term ends an entry of a glossary.
        term = line.words[0].bold and not above.words[-1].bold
        return ended or term or (short and not line.text[:1].islower())
    indented = line.box.x0 - above.box.x0
    return ended and abs(indented) > 0.8 * size and len(group) > 1


def _ends_item(group: Sequence[Line], above: Line, line: Line, right: float) -> bool:
    """Whether ``line`` stands left of the text of a list item, or where its mark does, and need not go on with it."""
    if line.text[:1].islower():
        return False
    if len(group) > 1:
        return line.box.x0 < group[1].box.x0 - 0.8 * line.size
    return line.box.x0 <= group[0].box.x0 + 2 and not is_full(above, line, right)


def _is_next_term(first: Line, above: Line, line: Line) -> bool:
    """Whether ``line`` begins with a bold term as the whole group does, like the next entry of a glossary."""
    begins = all(item.words[0].bold and not item.bold for item in (first, line))
    return begins and not above.words[-1].bold and abs(first.box.x0 - line.box.x0) < 2 and line.text[:1].isupper()


def _opening(lines: Sequence[Line]) -> set[int]:
    """The ids of the lines that begin a list, whatever stands above them: its second item is below at the same edge."""
    found: set[int] = set()
    for index, line in enumerate(lines):
        first = FIRST_ITEM.match(line.text)
        if first:
            second = first[0].translate(_SECOND)
            below = (other for other in lines[index + 1 :] if abs(other.box.x0 - line.box.x0) < 2)
            found.update(id(line) for other in below if other.text.startswith(second))
    return found


def _next_number(first: Line, line: Line) -> bool:
    """Whether ``line`` counts on from ``first``, right below it: "1.2 …" under "1.1 …", "b) …" under "a) …"."""
    both = any(all(mark.match(item.text) for item in (first, line)) for mark in (NUMBERED_HEADING, NUMBERED_ITEM))
    return both and abs(first.box.x0 - line.box.x0) < 2


def is_full(above: Line, line: Line, right: float) -> bool:
    """Whether the first word of ``line`` had no room behind ``above``."""
    return right - above.box.x1 < _first_word_width(line) + 0.35 * line.size


def _first_word_width(line: Line) -> float:
    """The width of what would have had to fit into the line above, in points."""
    first = line.words[0]
    glued = [word for word in line.words[1:2] if word.glued]
    return (glued[-1].x1 if glued else first.x1) - first.x0
