"""Plain text and texts that must stay as they are: which of their lines belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from assistant.domain import Document, SentenceKind, Span
from ingest.blocks import Piece
from ingest.documents import Facts, from_pieces
from ingest.failures import Unreadable
from ingest.german import NUMBERED_HEADING, STOP
from ingest.sentences import split
from ingest.text_files import read_text

_ITEM = re.compile(r"(?:[-–—•*·▪◦●]|\d{1,2}[.)]|[a-z]{1,2}\)|\(\w{1,2}\))\s+\S")

NARROWEST, WIDEST = 50, 120
"""Characters of a line that was broken by an editor at its right margin."""


def read_plain(path: Path, id: str) -> Document:
    """A plain text file. Numbered and "§" lines that stand alone are headings.

    Raises:
        Unreadable: if it is no text file, or holds no text.
    """
    text = read_text(path)
    if not text.strip():
        raise Unreadable("empty")
    pieces = [_with_heading(text, piece) for piece in pieces_of(text)]
    title = next((p.span.of(text) for p in pieces if p.kind is SentenceKind.HEADING), "")
    return from_pieces(id, text, pieces, Facts(title=title or path.stem))


def pieces_of(text: str) -> list[Piece]:
    """The paragraphs, list items and single lines of ``text``.

    Lines belong together only if they were clearly broken at a right margin. Where nearly every line is one sentence,
    the text was cut into sentences before, and each line stays whole.
    """
    lines = list(_lines(text))
    margin = _margin([line.of(text) for line in lines])
    groups: list[Span] = []
    for line in lines:
        if groups and margin and _continues(text, groups[-1], line, margin):
            groups[-1] = Span(start=groups[-1].start, end=line.end)
        else:
            groups.append(line)
    whole = _cut_before([group.of(text) for group in groups])
    return [Piece(kind=_kind(group.of(text)), span=group, whole=whole) for group in groups]


def _lines(text: str) -> Iterator[Span]:
    """The lines that are not blank, without blanks around them."""
    for match in re.finditer(r"[^\n]+", text):
        inner = match.group()
        if inner.strip():
            start = match.start() + len(inner) - len(inner.lstrip())
            yield Span(start=start, end=match.start() + len(inner.rstrip()))


def _margin(lines: Sequence[str]) -> int:
    """The width at which the lines were broken, 0 if they were not."""
    unfinished = [len(line) for line, after in pairwise(lines) if _broken(line, after)]
    if not unfinished:
        return 0
    widest = max(map(len, lines))
    wrapped = sum(length >= 0.7 * widest for length in unfinished) >= 0.6 * len(unfinished)
    return widest if wrapped and NARROWEST <= widest <= WIDEST else 0


def _broken(line: str, after: str) -> bool:
    return not STOP.search(line) and after[0].islower() and not _ITEM.match(after)


def _continues(text: str, group: Span, line: Span, margin: int) -> bool:
    """Whether ``line`` goes on with the paragraph ``group``, whose last line must have been full."""
    between = text[group.end : line.start]
    if between.count("\n") > 1 or _ITEM.match(line.of(text)):
        return False
    last = group.of(text).rsplit("\n", 1)[-1].strip()
    first_word = line.of(text).split(maxsplit=1)[0]
    return len(last) + 1 + len(first_word) > 0.9 * margin


def _cut_before(groups: Sequence[str]) -> bool:
    """Whether the text was cut into sentences, one per line, before it came here."""
    if len(groups) < 3:
        return False
    several = sum(len(split(group)) > 1 for group in groups)
    return several <= 0.1 * len(groups)


def _kind(line: str) -> SentenceKind:
    return SentenceKind.ITEM if _ITEM.match(line) else SentenceKind.PROSE


def _with_heading(text: str, piece: Piece) -> Piece:
    line = piece.span.of(text)
    numbered = NUMBERED_HEADING.fullmatch(line)
    stands_alone = text[: piece.span.start].endswith(("\n\n", "\n\n\n")) or piece.span.start == 0
    if not numbered or not stands_alone or len(line) > 100 or STOP.search(line) or "\n" in line:
        return piece
    level = 1 + numbered["number"].strip(". ").count(".")
    return Piece(kind=SentenceKind.HEADING, span=piece.span, level=level, whole=True)
