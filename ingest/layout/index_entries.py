"""Indexes at the back of a book: like tables of contents read by people to find pages, and no evidence of anything.

An index is told by its form: one entry after the other, each a few words and the pages they stand on. Entries of a
glossary have an explanation and no pages, so they stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.domain import SentenceKind
from ingest.blocks import Block
from ingest.german import PAGE_MARK, PAGE_REFERENCES, STOP

FEWEST = 8
"""Groups of page references that make an index."""

_LABEL = 3
"""Words of a label between entries at most."""

_WORDS = 6
"""Words an entry has at most on average beside its pages."""


def index_as_headings(blocks: Sequence[Block], pages: int) -> list[Block]:
    """``blocks`` with the entries of an index at the end as headings that open nothing, like a table of contents.

    ``pages`` is how many the document has; greater numbers are none of its pages. Headings directly above entries
    belong to the index.
    """
    found = list(blocks)
    start = 0
    while start < len(found):
        end = _end(found, start, pages)
        if sum(_telling(block.text, pages) for block in found[start:end]) >= FEWEST:
            while start and found[start - 1].kind is SentenceKind.HEADING:
                start -= 1
            found[start:end] = (replace(block, kind=SentenceKind.HEADING, level=0) for block in found[start:end])
        start = max(end, start + 1)
    return found


def _end(blocks: Sequence[Block], start: int, pages: int) -> int:
    """The end of the run of entries that begins at ``start``; headings and letters may stand between its entries."""
    end = start
    for index in range(start, len(blocks)):
        block = blocks[index]
        if _is_entry(block, pages):
            end = index + 1
        elif end == start or not _is_label(block):
            break
    return end


def _is_label(block: Block) -> bool:
    """Whether ``block`` may head a group of entries: a heading, or a letter or name that reading took for text."""
    return block.kind is SentenceKind.HEADING or (len(block.text.split()) <= _LABEL and not STOP.search(block.text))


def _is_entry(block: Block, pages: int) -> bool:
    """Whether ``block`` is one entry or, printed line by line, several: a few words and their pages each time."""
    if not block.places or block.places[0].page <= pages / 2:
        return False
    groups = list(PAGE_REFERENCES.finditer(block.text))
    if not groups or groups[-1].end() < len(block.text.rstrip(".,;")):
        return False
    words = len(PAGE_REFERENCES.sub(" ", block.text).split())
    return words <= _WORDS * len(groups) and max(_numbers(groups[-1][0])) <= pages


def _telling(text: str, pages: int) -> int:
    """How many groups of numbers in ``text`` can only be pages: said to be, or several in ascending order."""
    return sum(_is_telling(group[0], pages) for group in PAGE_REFERENCES.finditer(text))


def _is_telling(group: str, pages: int) -> bool:
    numbers = _numbers(group)
    if max(numbers) > pages:
        return False
    return PAGE_MARK.search(group) is not None or (
        len(numbers) > 1 and all(left < right for left, right in pairwise(numbers))
    )


def _numbers(group: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", group)]
