"""Running heads, feet and page numbers: what stands at the same height on many pages and says the same."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain import Box
from ingest.german import PAGE_NUMBER
from ingest.layout.headings import body_size
from ingest.layout.level_rules import level_rules, same_ends
from ingest.layout.lines import Line, rows_of
from ingest.layout.words import RawPage

_EDGE = 0.17
_DEEPEST = 5

_FEWEST_COLUMNS = 3
"""Pieces of a row that names the columns of a table without rules; a running head may have two."""

_OFTEN = 4
"""Pages from which on what is printed again at its height is furniture, whatever it looks like."""

_MARGIN = 0.075
"""Part of a page's height, at its top and bottom, where few texts reach."""

_APART = 1.5
"""Blank between a running head and the text, in heights of its font, at least."""

Spot = tuple[bool, int]
"""Whether a row is at the top, and its height in steps of four points."""


@dataclass(frozen=True, kw_only=True)
class _Ruled:
    """Level rules of one width. ``deep`` and ``high``: they reach down, or up, into the text of the page."""

    rules: Sequence[Box]
    deep: bool
    high: bool

    @classmethod
    def of(cls, page: RawPage, rules: Sequence[Box]) -> _Ruled:
        deep, high = rules[-1].y0 < (1 - _EDGE) * page.height, rules[0].y1 > _EDGE * page.height
        return cls(rules=rules, deep=deep, high=high)

    def is_first(self, row: Sequence[Line]) -> bool:
        """Whether ``row`` stands between the first two rules."""
        return self.rules[1].y0 < _middle(row) < self.rules[0].y1

    def is_last(self, row: Sequence[Line]) -> bool:
        """Whether ``row`` stands between the last two rules of a table that begins in the text of the page."""
        return self.high and self.rules[-1].y0 < _middle(row) < self.rules[-2].y1


def without_furniture(pages: Sequence[RawPage], lines: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], list[str]]:
    """The lines of each page that belong to its text, and each page's printed label where one was found, else ''."""
    body = body_size(line for page_lines in lines for line in page_lines)
    running = _running(pages, lines)
    ruled = [[_Ruled.of(page, group) for group in same_ends(level_rules(page.rules))] for page in pages]
    heads = {_text(row) for tables, own in zip(ruled, lines, strict=True) for row in _table_heads(tables, own)}
    filled = sum(bool(page_lines) for page_lines in lines)
    kept, labels = [], []
    for page, page_lines, tables in zip(pages, lines, ruled, strict=True):
        removed = set(map(id, _furniture(page, page_lines, tables, running, heads, body, filled)))
        kept.append([line for line in page_lines if id(line) not in removed])
        labels.append(_printed_label([line for line in page_lines if id(line) in removed]))
    return kept, _plausible(labels)


def _edges(page: RawPage, lines: Sequence[Line]) -> Iterable[tuple[bool, Sequence[Line]]]:
    """The outermost rows of a page, from the edge inwards; first those at the top, then those at the bottom."""
    rows = rows_of(lines)
    for top, ordered in ((True, rows), (False, rows[::-1])):
        for row in ordered[:_DEEPEST]:
            middle = _middle(row)
            if (middle > (1 - _EDGE) * page.height) if top else (middle < _EDGE * page.height):
                yield top, row


def _running(pages: Sequence[RawPage], lines: Sequence[Sequence[Line]]) -> Mapping[Spot, Counter[str]]:
    """What is printed at each height near the edges, and on how many pages."""
    texts: Mapping[Spot, Counter[str]] = defaultdict(Counter)
    for page, page_lines in zip(pages, lines, strict=True):
        for top, row in _edges(page, page_lines):
            for spot in _spots(page, top, row):
                texts[spot].update(_keys(page, row))
    return texts


def _furniture(
    page: RawPage,
    lines: Sequence[Line],
    tables: Sequence[_Ruled],
    running: Mapping[Spot, Counter[str]],
    heads: Container[str],
    body: float,
    pages: int,
) -> Iterable[Line]:
    """The furniture of a page, from the edges inwards until its text begins."""
    done: set[bool] = set()
    for top, row in _edges(page, lines):
        size = max(line.size for line in row)
        often = _times(page, top, row, running) if size <= 1.2 * body else 0
        smaller = size < 0.95 * body and not any(line.bold for line in row)
        repeated = often >= max(2, 0.1 * pages) and (often >= _OFTEN or smaller or _is_in_margin(page, top, row, lines))
        numbered = len(row) == 1 and _is_number(row[0].text, page)
        marked = all(word.furniture for line in row for word in line.words)
        if top:
            of_table = _heads_table(row, tables, heads) or _names_columns(row, lines)
        else:
            of_table = any(table.is_last(row) for table in tables)
        if (marked or (top not in done and (repeated or numbered))) and not of_table:
            yield from row
        else:
            done.add(top)


def _heads_table(row: Sequence[Line], tables: Sequence[_Ruled], heads: Container[str]) -> bool:
    """Whether ``row`` is the first one of a ruled table that reaches down into the text of the page.

    Of a table that ends at the head of a page it is, if it is one of the ``heads`` of deeper tables.
    """
    found = [table for table in tables if table.is_first(row)]
    return any(table.deep for table in found) or (bool(found) and _text(row) in heads)


def _names_columns(row: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether below each of three pieces of ``row`` or more stands a piece of the next two rows, as in a table."""
    if len(row) < _FEWEST_COLUMNS:
        return False
    bottom = min(line.box.y0 for line in row)
    below = rows_of(line for line in lines if line.box.y1 < bottom + 0.3 * line.size)[:2]
    near = below and bottom - max(line.box.y1 for line in below[0]) < 2 * row[0].size
    return bool(near) and len(below) == 2 and all(_is_below(row, other) for other in below)


def _is_below(row: Sequence[Line], other: Sequence[Line]) -> bool:
    above, under = (sorted((line.box.x0, line.box.x1) for line in lines) for lines in (row, other))
    return len(above) == len(under) and all(a[0] < b[1] and b[0] < a[1] for a, b in zip(above, under, strict=True))


def _table_heads(tables: Sequence[_Ruled], lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """The first rows of the ruled tables that reach into the text of a page."""
    deep = [table for table in tables if table.deep]
    for row in rows_of(lines) if deep else ():
        if any(table.is_first(row) for table in deep):
            yield row


def _middle(row: Sequence[Line]) -> float:
    return sum(line.box.y0 + line.box.y1 for line in row) / 2 / len(row)


def _text(row: Sequence[Line]) -> str:
    return " ".join(sorted(line.text for line in row))


def _times(page: RawPage, top: bool, row: Sequence[Line], running: Mapping[Spot, Counter[str]]) -> int:
    """On how many pages a row is printed at its height, with the number of the page counting on where it has one."""
    return max(running[spot][key] for spot in _spots(page, top, row) for key in _keys(page, row))


def _is_in_margin(page: RawPage, top: bool, row: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether a row stands where no text does, and a blank or a rule is between: a tiny document may say a thing twice.

    Rows in the same margin are one with it.
    """
    margin = _MARGIN * page.height
    within = [line for line in lines if _is_within(margin, page, line, top=top)]
    rest = [line.box for line in lines if not _is_within(margin, page, line, top=top)]
    if not rest or not all(_is_within(margin, page, line, top=top) for line in row):
        return not rest
    if top:
        low, high = max(box.y1 for box in rest), min(line.box.y0 for line in within)
    else:
        low, high = max(line.box.y1 for line in within), min(box.y0 for box in rest)
    return high - low > _APART * row[0].size or any(low < rule.y0 < high for rule in level_rules(page.rules))


def _is_within(margin: float, page: RawPage, line: Line, *, top: bool) -> bool:
    return (page.height - line.box.y1 if top else line.box.y0) <= margin


def _spots(page: RawPage, top: bool, row: Sequence[Line]) -> tuple[Spot, Spot]:
    """Two overlapping steps of height, so that a small difference never parts what belongs together."""
    height = page.height - max(line.box.y1 for line in row) if top else min(line.box.y0 for line in row)
    return (top, 2 * int(height / 4)), (top, 2 * int((height + 2) / 4) + 1)


def _keys(page: RawPage, row: Sequence[Line]) -> set[str]:
    """What a running head says on other pages too: its text, or its text with a number that counts with the pages."""
    text = _text(row)
    places = [match.span() for match in re.finditer(r"\d+", text)]
    counting = {text[:start] + f"#{int(text[start:end]) - page.number}" + text[end:] for start, end in places[:6]}
    roman = re.sub(r"\b[ivxlc]+$", "#", text) if len(text) < 8 else text
    return {text, roman} | counting


def _is_number(text: str, page: RawPage) -> bool:
    match = PAGE_NUMBER.fullmatch(text)
    return match is not None and match["label"] in (str(page.number), page.label)


def _printed_label(lines: Iterable[Line]) -> str:
    """The page number among what was removed from a page."""
    matches = (PAGE_NUMBER.fullmatch(part) for line in lines for part in (line.text, line.text.split(" ")[-1]))
    return next((match["label"] for match in matches if match), "")


def _plausible(labels: Sequence[str]) -> list[str]:
    """``labels`` if they count with the pages on most of them; what does not count is a number of something else."""
    numbers = [int(label) - index for index, label in enumerate(labels) if label.isdigit()]
    offset, count = Counter(numbers).most_common(1)[0] if numbers else (0, 0)
    if count < max(2, 0.5 * len(numbers)):
        return [""] * len(labels)
    return [label if not label.isdigit() or int(label) - index == offset else "" for index, label in enumerate(labels)]
