"""What readers find in a file: blocks of text in reading order, and the pieces they become in a document's text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import Box, SentenceKind, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a word of a block is printed: its characters in ``Block.text``, page (1-based), line and rectangle.

    ``line`` numbers the lines of the page; words of one line share a rectangle when a sentence is marked.
    """

    start: int
    end: int
    page: int
    line: int
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, paragraph, list item, table row or note. ``text`` is stripped and not empty.

    ``level`` is the depth of a heading (1 is outermost), 0 for everything else and for lines of a table of contents.
    ``places`` is empty for formats without pages, else it is in the order of the text.
    """

    kind: SentenceKind
    text: str
    level: int = 0
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block as a span of a document's text. ``whole`` says that the piece is one sentence and never split."""

    kind: SentenceKind
    span: Span
    level: int = 0
    whole: bool = False


def join(blocks: Sequence[Block]) -> tuple[str, tuple[Piece, ...]]:
    """The text of ``blocks``, one per line, and the piece of each block in it."""
    pieces: list[Piece] = []
    start = 0
    for block in blocks:
        span = Span(start=start, end=start + len(block.text))
        pieces.append(Piece(kind=block.kind, span=span, level=block.level, whole=is_whole(block.kind)))
        start = span.end + 1
    return "\n".join(block.text for block in blocks), tuple(pieces)


def is_whole(kind: SentenceKind) -> bool:
    """Whether a block of this kind is one sentence whatever stops it contains."""
    return kind in (SentenceKind.HEADING, SentenceKind.ROW)
