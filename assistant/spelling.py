"""Typing errors in questions, mended with the words that the index itself uses.

Only a word the index does not know is touched, and only if a known one with the same first letter is one slip away, or
two in a long word (Damerau, 1964: a letter too many, missing, wrong or swapped). ``ae`` for ``ä`` is no slip at all.
A noun, which German writes with a capital, never becomes a stop word: „Wetter“ is no „weiter“.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD = re.compile(r"[^\W\d_]{4,}")
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SHORTEST = 5
_LONG = 9


class Speller:
    """Mends questions. Thread-safe.

    Args:
        words: lower-case words of the index, the most frequent first.
        ignored: lower-case stop words.
        knows: whether a lower-case word needs no mending.
    """

    def __init__(self, words: Iterable[str], ignored: Collection[str], knows: Callable[[str], bool]) -> None:
        self._knows = knows
        self._ignored = ignored
        self._umlauts: dict[str, str] = {}
        self._by_letter: dict[str, list[str]] = {}
        spelt = dict.fromkeys((*words, *sorted(ignored)))
        for word in spelt:
            self._by_letter.setdefault(word[0], []).append(word)
            spelt_out = word.translate(_SPELT_OUT)
            if spelt_out not in spelt:
                self._umlauts.setdefault(spelt_out, word)

    def mended(self, question: str) -> str:
        """``question`` with its typing errors mended; the same text if there are none."""
        return _WORD.sub(lambda found: _in_case(self._in_its_place(found), found[0]), question)

    def _in_its_place(self, found: re.Match[str]) -> str:
        """The mended word, in lower case; a noun inside a sentence is left alone if it would become a stop word."""
        written = found[0]
        mended = self._mended(written.lower())
        return written.lower() if written.istitle() and found.start() and mended in self._ignored else mended

    def _mended(self, word: str) -> str:
        if word in self._umlauts:
            return self._umlauts[word]
        if len(word) < _SHORTEST or self._knows(word):
            return word
        slips = 1 if len(word) < _LONG else 2
        # Of equally near words the first is taken, which is the more frequent one.
        near = process.extractOne(
            word, self._by_letter.get(word[0], ()), scorer=OSA.distance, score_cutoff=slips, processor=None
        )
        return near[0] if near else word


def _in_case(word: str, like: str) -> str:
    if word == like.lower():
        return like
    if like.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if like[0].isupper() else word
