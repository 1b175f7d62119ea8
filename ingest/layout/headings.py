"""Which paragraphs are headings, and how deep."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.german import BULLET, NUMBERED_HEADING, STOP
from ingest.layout.lines import Line
from ingest.layout.paragraphs import Paragraph
from ingest.layout.words import OutlineItem

_MOST_WORDS = 28
_MOST_LINES = 4

_SMALLEST = 0.85
"""Height of a bold heading, at least, in parts of that of the text; fonts of one size differ by a tenth."""

_LETTERS = re.compile(r"[^\W\d_](?:.*?[^\W\d_]){2}", re.DOTALL)

Style = tuple[float, bool]
"""Height of the font and boldness of a heading."""


@dataclass(frozen=True, kw_only=True)
class Typography:
    """What a document's headings look like: the text's font height in points, and its heading styles by rank.

    Rank 1 is the most prominent style.
    """

    body: float
    ranks: Mapping[Style, int]


def body_size(lines: Iterable[Line]) -> float:
    """The height of the font that most characters are printed in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 0.0


def typography(found: Iterable[Paragraph], body: float) -> Typography:
    """The heading styles among paragraphs, larger ones first, bold before plain."""
    styles: set[Style] = {_style(item) for item in found if looks_like_heading(item, body)}
    merged = _merged(sorted(styles, key=lambda style: (-style[0], not style[1])))
    return Typography(body=body, ranks=merged)


def _merged(styles: Sequence[Style]) -> dict[Style, int]:
    """Ranks; sizes that differ by less than half a point are one style."""
    ranks: dict[Style, int] = {}
    last: Style | None = None
    rank = 0
    for style in styles:
        if last is None or last[1] != style[1] or last[0] - style[0] > 0.5:
            rank += 1
            last = style
        ranks[style] = rank
    return ranks


class Outline:
    """The document's outline, matched to paragraphs by title and page. Each entry matches once."""

    def __init__(self, items: Sequence[OutlineItem]) -> None:
        self._items: dict[tuple[int, str], list[int]] = defaultdict(list)
        for item in items:
            key = _key(item.title)
            if key:
                self._items[item.page, key].append(item.level)
        self.deepest = max((item.level for item in items), default=0)

    def level(self, paragraph: Paragraph) -> int:
        """The level of the entry that ``paragraph`` is the heading of, 0 if there is none."""
        key = _key(paragraph.text)
        if not key or len(paragraph.lines) > _MOST_LINES + 1:
            return 0
        levels = self._items.get((paragraph.lines[0].page, key))
        return levels.pop(0) if levels else 0


def level_of(paragraph: Paragraph, outline: Outline, style: Typography) -> int:
    """The depth of a heading, 1 outermost; 0 if ``paragraph`` is none."""
    from_outline = outline.level(paragraph)
    if from_outline:
        return from_outline
    if not looks_like_heading(paragraph, style.body):
        return 0
    rank = style.ranks.get(_style(paragraph), len(style.ranks) + 1)
    return outline.deepest + rank + _depth(paragraph.text)


def is_number(paragraph: Paragraph) -> bool:
    """Whether ``paragraph`` is but the number of the heading below it: "Kapitel 1", "§ 5". "1." may be anything."""
    numbered = NUMBERED_HEADING.fullmatch(paragraph.text)
    return numbered is not None and not numbered["title"] and not numbered["number"][0].isdigit()


def looks_like_heading(paragraph: Paragraph, body: float) -> bool:
    """Larger than the text, or bold, or numbered like a section; short, and without a stop at its end."""
    text = paragraph.text
    words = text.split()
    if len(paragraph.lines) > _MOST_LINES or len(words) > _MOST_WORDS or BULLET.match(text) or not _speaks(text):
        return False
    if STOP.search(text) and not text.endswith("?") and not (paragraph.size > 1.3 * body):
        return False
    if _style(paragraph)[0] > 1.12 * body:
        return True
    if paragraph.size < _SMALLEST * body or text[:1].islower():
        return False
    return paragraph.bold or (len(paragraph.lines) == 1 and _is_section_sign(text))


def _speaks(text: str) -> bool:
    return _LETTERS.search(text) is not None


def _is_section_sign(text: str) -> bool:
    numbered = NUMBERED_HEADING.fullmatch(text)
    return numbered is not None and numbered["number"].startswith("§") and len(text.split()) <= 12


def _style(paragraph: Paragraph) -> Style:
    return max(line.size for line in paragraph.lines), paragraph.bold


def _depth(text: str) -> int:
    """How deep a heading's number is: 0 for "1", 1 for "1.1", and for no number."""
    numbered = NUMBERED_HEADING.match(text)
    return numbered["number"].strip(". ").count(".") if numbered else 0


def _key(title: str) -> str:
    """A title without its number, blanks and marks, for comparison."""
    numbered = NUMBERED_HEADING.match(title)
    bare = numbered["title"] if numbered and numbered["title"] else title
    return re.sub(r"\W+", "", bare).casefold()
