"""Sections from headings."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain import Section, SentenceKind, Span
from ingest.blocks import Piece


def sections(text: str, pieces: Sequence[Piece]) -> tuple[Section, ...]:
    """The sections that the headings among ``pieces`` open, in reading order, outer before inner.

    A section starts with its heading and ends with the last piece before the next heading of its level or above. A
    heading of level 0 opens none.
    """
    headings = [index for index, piece in enumerate(pieces) if piece.kind is SentenceKind.HEADING and piece.level]
    path: list[tuple[int, str]] = []
    found: list[Section] = []
    for index in headings:
        heading = pieces[index]
        path = [(level, title) for level, title in path if level < heading.level]
        path.append((heading.level, " ".join(heading.span.of(text).split())))
        last = _last_piece(pieces, index, headings)
        span = Span(start=heading.span.start, end=pieces[last].span.end)
        found.append(Section(path=tuple(title for _, title in path), span=span))
    return tuple(found)


def _last_piece(pieces: Sequence[Piece], index: int, headings: Sequence[int]) -> int:
    level = pieces[index].level
    following = (other for other in headings if other > index and pieces[other].level <= level)
    return next(following, len(pieces)) - 1
