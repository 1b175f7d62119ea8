"""German sentences as spans.

sentencex (Wikimedia, MIT) does the splitting; of the splitters tried it was the fastest by two orders of magnitude and
nearly the most accurate on administrative German. ``goes_on`` mends what was measured to go wrong
(``tests/data/sentences_de.txt``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.domain import Sentence, Span
from ingest.blocks import Piece
from ingest.german import ABBREVIATION, GAZETTE, MAYBE_LAST, OPENING, ORDINAL

LONGEST = 900
"""Characters of a sentence at most; longer ones (endless enumerations of laws) are cut at a semicolon or comma.

A sentence is the unit of evidence: what nobody can read at a glance proves nothing, and embedders read 512 tokens.
"""

_INITIAL = re.compile(r"(?:^|[\s(])[A-ZÄÖÜ]\.$")
_MARKER = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*\.?|[a-z]{1,2}\)|\(\w{1,3}\)|[IVX]{1,4}\.|[A-Za-z]\.|§+ ?\d+[a-z]?\.?|[-–•*])$"
)
_TRAILING_MARKER = re.compile(r"[.;:!?]\s+((?:\d{1,2}(?:\.\d{1,2})*\.|\(\d{1,2}\)|[a-z]{1,2}\)))\s*$")
_ROMAN_OR_PAGE = re.compile(r"(?:[IVX]+\b|S\. ?\d|\d|§|Nr\.|Art\.|Abs\.)")
_LETTERED = re.compile(r"(?:(?<=^)|(?<=[ (]))([a-z]{1,2}|\d)\)|\((\d{1,2}[a-z]?)\)")
_CUTS = (re.compile(r";\s"), re.compile(r"[:,]\s"), re.compile(r"\s"))


def split(text: str) -> list[Span]:
    """The sentences of a running text in order; together they cover all of it but blanks between them."""
    spans = _merge(text, list(_pieces(text)))
    return [part for span in spans for part in _bounded(text, span)]


def sentences(text: str, pieces: Sequence[Piece]) -> tuple[Sentence, ...]:
    """The sentences of all ``pieces`` of ``text``, each of the kind of its piece, without boxes."""
    found: list[Sentence] = []
    for piece in pieces:
        inner = piece.span.of(text)
        spans = _bounded(inner, _trimmed(inner, 0, len(inner))) if piece.whole else split(inner)
        for span in spans:
            shifted = Span(start=piece.span.start + span.start, end=piece.span.start + span.end)
            found.append(Sentence(span=shifted, kind=piece.kind))
    return tuple(found)


def _pieces(text: str) -> Iterator[Span]:
    """What the library takes for sentences, without blanks around them."""
    # Heavy for `fundstelle --help`, and only needed while reading.
    import sentencex

    # A line break inside a paragraph is a blank; the library would take two of them for a new paragraph.
    flat = re.sub(r"\s", " ", text)
    # From "a) … b) …" and "(1) … (2) …" it takes everything between for one sentence.
    masked = _LETTERED.sub(lambda match: match[0].replace("(", ",").replace(")", ","), flat)
    start = 0
    for part in sentencex.segment("de", masked):
        end = start + len(part)
        if masked[start:end] != part:
            raise RuntimeError("sentencex changed the text it was to split")
        cuts = [start, *(match.end() for match in OPENING.finditer(flat, start, end)), end]
        yield from (_trimmed(text, *pair) for pair in pairwise(cuts) if text[slice(*pair)].strip())
        start = end


def _merge(text: str, spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged and goes_on(merged[-1].of(text), span.of(text)):
            merged[-1] = Span(start=merged[-1].start, end=span.end)
            continue
        marker = _trailing_marker(merged[-1].of(text)) if merged else None
        if marker:
            # "… ist zu zahlen. 2." + "Die Gemeinde …": the number belongs to what follows.
            cut = merged[-1].start + marker.start(1)
            merged[-1] = _trimmed(text, merged[-1].start, cut)
            span = Span(start=cut, end=span.end)
        merged.append(span)
    return merged


def _trailing_marker(sentence: str) -> re.Match[str] | None:
    """The number of the next item at the end of ``sentence``, unless it is what an abbreviation there counts."""
    marker = _TRAILING_MARKER.search(sentence)
    before = sentence[: marker.start() + 1] if marker else ""
    return None if before and (ABBREVIATION.search(before) or before[-2:-1].isdigit()) else marker


def goes_on(left: str, right: str) -> bool:
    """Whether ``right`` continues the sentence ``left`` although a splitter parted them."""
    if _MARKER.fullmatch(left):
        return True
    if left[-1] not in ".:;":
        return left[-1] not in '?!…“”"»)' or right[0].islower()
    if right[0].islower() and not _MARKER.match(right.split()[0]):
        return True
    if MAYBE_LAST.search(left) or OPENING.search(f". {right}"):
        return False
    if ORDINAL.search(left) or _INITIAL.search(left):
        return True
    if GAZETTE.search(left):
        return bool(_ROMAN_OR_PAGE.match(right))
    return bool(ABBREVIATION.search(left))


def _bounded(text: str, span: Span) -> Iterator[Span]:
    """``span`` in parts of at most ``LONGEST`` characters, cut where it hurts least."""
    while span.end - span.start > LONGEST:
        window = text[span.start : span.start + LONGEST]
        cut = span.start + _cut(window)
        yield _trimmed(text, span.start, cut)
        span = _trimmed(text, cut, span.end)
    yield span


def _cut(window: str) -> int:
    """Where to cut, behind the last semicolon, comma or blank in the second half of ``window``."""
    for pattern in _CUTS:
        ends = [match.end() for match in pattern.finditer(window, len(window) // 2)]
        if ends:
            return ends[-1]
    return len(window)


def _trimmed(text: str, start: int, end: int) -> Span:
    inner = text[start:end]
    return Span(start=end - len(inner.lstrip()), end=start + len(inner.rstrip()))
