"""Whether the letters of a page are what they look like: fonts without a proper table give garbage."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_ODD = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_VOWEL = re.compile(r"[aeiouyäöüáéíóúàèAEIOUYÄÖÜ]")
_BROKEN = re.compile(
    r"[A-Za-zäöüß][^\w\s.,;:!?()/'’&@+\-–\"“”„%§°€·*…\\[\]{}=<>|#~]+[a-zäöüß]|^[*#$^<>=~|][a-zäöüß]{3,}"
)

MOST_ODD = 0.15
"""Share of odd words above which a page is not readable."""


def is_legible(words: Iterable[str]) -> bool:
    """Whether most ``words`` are ones; few words are given the benefit of the doubt."""
    words = [word for word in words if len(word) > 2]
    if len(words) < 8:
        return not words or sum(bool(_ODD.search(word)) for word in words) < len(words) / 2
    return sum(map(_is_odd, words)) <= MOST_ODD * len(words)


def _is_odd(word: str) -> bool:
    if _ODD.search(word) or _BROKEN.search(word):
        return True
    letters = _WORD.fullmatch(word.strip(".,;:!?()\"“”„'-"))
    # A German word of five letters and more has a vowel, unless it is an abbreviation in capitals.
    return letters is not None and len(word) >= 5 and not word.isupper() and not _VOWEL.search(word)
