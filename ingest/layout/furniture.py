"""Running heads, feet and page numbers: what stands at the same height on many pages and says the same."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from assistant.domain import Box
from ingest.german import PAGE_NUMBER
from ingest.layout.headings import body_size
from ingest.layout.lines import Line, rows_of
from ingest.layout.tables import level_rules, same_ends
from ingest.layout.words import RawPage

_EDGE = 0.17
_DEEPEST = 5

Spot = tuple[bool, int]
"""Whether a row is at the top, and its height in steps of four points."""


def without_furniture(pages: Sequence[RawPage], lines: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], list[str]]:
    """The lines of each page that belong to its text, and each page's printed label where one was found, else ''."""
    body = body_size(line for page_lines in lines for line in page_lines)
    running = _running(pages, lines)
    heads = {_text(row) for page, own in zip(pages, lines, strict=True) for row in _table_heads(page, own)}
    filled = sum(bool(page_lines) for page_lines in lines)
    kept, labels = [], []
    for page, page_lines in zip(pages, lines, strict=True):
        removed = set(map(id, _furniture(page, page_lines, running, heads, body, filled)))
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
    running: Mapping[Spot, Counter[str]],
    heads: Container[str],
    body: float,
    pages: int,
) -> Iterable[Line]:
    """The furniture of a page, from the edges inwards until its text begins."""
    done: set[bool] = set()
    for top, row in _edges(page, lines):
        counts = [running[spot] for spot in _spots(page, top, row)]
        small = max(line.size for line in row) <= 1.2 * body
        keys = _keys(page, row)
        repeated = small and any(_repeats(count, keys, pages) for count in counts)
        numbered = len(row) == 1 and _is_number(row[0].text, page)
        marked = all(word.furniture for line in row for word in line.words)
        of_table = _heads_table(row, page, heads) if top else _ends_table(row, page)
        if (marked or (top not in done and (repeated or numbered))) and not of_table:
            yield from row
        else:
            done.add(top)


def _heads_table(row: Sequence[Line], page: RawPage, heads: Container[str]) -> bool:
    """Whether ``row`` is the first one of a ruled table that reaches down into the text of the page.

    Of a table that ends at the head of a page it is, if it is one of the ``heads`` of deeper tables.
    """
    groups = _groups_below(row, page)
    return any(_is_deep(group, page) for group in groups) or (bool(groups) and _text(row) in heads)


def _ends_table(row: Sequence[Line], page: RawPage) -> bool:
    """Whether ``row`` is in the last one of a ruled table that reaches up into the text of the page."""
    middle = _middle(row)
    return any(
        group[-1].y0 < middle < group[-2].y1 and group[0].y1 > _EDGE * page.height
        for group in same_ends(level_rules(page.rules))
    )


def _table_heads(page: RawPage, lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """The first rows of the ruled tables that reach into the text of ``page``."""
    if same_ends(level_rules(page.rules)):
        for row in rows_of(lines):
            if any(_is_deep(group, page) for group in _groups_below(row, page)):
                yield row


def _groups_below(row: Sequence[Line], page: RawPage) -> list[list[Box]]:
    """The groups of rules between the first two of which ``row`` stands."""
    middle = _middle(row)
    return [group for group in same_ends(level_rules(page.rules)) if group[1].y0 < middle < group[0].y1]


def _middle(row: Sequence[Line]) -> float:
    return sum(line.box.y0 + line.box.y1 for line in row) / 2 / len(row)


def _is_deep(group: Sequence[Box], page: RawPage) -> bool:
    return group[-1].y0 < (1 - _EDGE) * page.height


def _text(row: Sequence[Line]) -> str:
    return " ".join(sorted(line.text for line in row))


def _repeats(counts: Counter[str], keys: set[str], pages: int) -> bool:
    """Whether a row is printed again at its height, with the number of the page counting on where it has one."""
    return max(counts[key] for key in keys) >= max(2, 0.1 * pages)


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
