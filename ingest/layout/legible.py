"""Whether a page can be read: scans hold no letters, and fonts without a proper table give garbage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.german import COMMON_WORD
from ingest.layout.words import RawPage

_ODD = re.compile(
    r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]"  # no letters at all
    r"|^[*#$%^~.-][A-Za-zÄÖÜäöüß]{3}"  # "*esetz", "-ahr": the capitals are lost
    r"|^\d[A-Za-z]{4}"
    r"|[A-Za-zÄÖÜäöüß][\\^][A-Za-zÄÖÜäöüß]",
    re.MULTILINE,
)
_LATIN = re.compile(r"[A-Za-zÄÖÜäöüßÀ-ž]")
_VOWEL = re.compile(r"[aeiouyäöüAEIOUYÄÖÜà-æè-ïò-öù-ýÀ-ÆÈ-ÏÒ-ÖÙ-Ý]")

MOST_ODD = 0.15
"""Share of odd words above which a page is not readable."""

_FEWEST_LETTERS = 3
_MOSTLY = 0.6
"""Share of a page from which on a picture is the page."""

_STAMP = 200
"""Letters at most that are printed upon a scan: a stamp, a running number."""

_OUTLINES = 100
"""Shapes on a page without words from which on they may be its letters."""

_FEWEST = 8
_ENOUGH_TO_TELL = 12
_FEWEST_VOWELS, _MOST_VOWELS = 0.28, 0.6


def lacks_text(page: RawPage) -> str:
    """What keeps a page, or most of it, from being read: ``needs_ocr`` or ``unreadable``, '' if nothing."""
    pictured = page.pictured > _MOSTLY and not page.recognised
    if is_bare(page) or (pictured and sum(len(word.text) for word in page.words) < _STAMP):
        return "needs_ocr"
    letters = sum(len(word.text) for word in page.words)
    lost = page.lost > MOST_ODD * (page.lost + letters)
    return "unreadable" if lost or not is_legible(word.text for word in page.words) else ""


def is_bare(page: RawPage) -> bool:
    """Whether a page holds no text, or a number at most, or if its letters are shapes."""
    return sum(len(word.text) for word in page.words[:_FEWEST_LETTERS]) < _FEWEST_LETTERS or _is_outlined(page)


def _is_outlined(page: RawPage) -> bool:
    """Whether the letters of a page are shapes, so that nothing but figures and stops is left as text."""
    outlines = page.shapes >= _OUTLINES and not page.recognised
    return outlines and not any(_LATIN.search(word.text) for word in page.words)


def is_legible(words: Iterable[str]) -> bool:
    """Whether most ``words`` are ones; a few words are given the benefit of the doubt."""
    long = [word for word in words if len(word) > 2]
    together = "\n".join(long)
    # One look at all tells that nothing is odd, which is nearly always so.
    odd = sum(_ODD.search(word) is not None for word in long) if _ODD.search(together) else 0
    if len(long) < _FEWEST:
        return odd < max(1, len(long) / 2)
    return odd <= MOST_ODD * len(long) and not _is_scrambled(long)


def _is_scrambled(words: Sequence[str]) -> bool:
    """Whether letters stand for other letters: no common word among many, and vowels where none should be."""
    plain = (word.strip(".,;:!?()\"“”„'").lower() for word in words)
    if len(words) < _ENOUGH_TO_TELL or any(map(COMMON_WORD.fullmatch, plain)):
        return False
    text = "".join(words)
    letters = len(_LATIN.findall(text))
    vowels = len(_VOWEL.findall(text))
    return letters > 0.5 * len(text) and not _FEWEST_VOWELS <= vowels / letters <= _MOST_VOWELS
