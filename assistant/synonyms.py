"""Other forms of what a question names: abbreviations and their long forms, and the words of lists.

Both ways: a question with one form is searched with the others of its group as well. The forms are compared word by
word and by their stems, so that „des Flächennutzungsplans“ is one; an abbreviation may be written in small letters
unless that makes it a word of its own („OB“ and „ob“).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.german import Analyzer, stop_words
from assistant.lexical import LexicalIndex
from assistant.synonym_lists import Group

_WORD = re.compile(r"[^\W_]+")


class Synonyms:
    """Knows the other forms of what a question names. Thread-safe.

    Args:
        groups: forms that mean the same, each a word or a phrase.
        directed: forms with the one that is searched as well where they are named, but not the other way round.
    """

    def __init__(self, groups: Iterable[Group], directed: Iterable[tuple[str, str]] = ()) -> None:
        self._stem = Analyzer(frozenset()).stem
        self._beginning: dict[str, list[tuple[Group, Group]]] = {}
        for group in groups:
            for form in group:
                self._add(form, tuple(other for other in group if other != form))
        for form, other in directed:
            self._add(form, (other,))

    def with_other_forms(self, question: str, *, named_in: str) -> str:
        """``question``, led by the other forms of what ``named_in`` names, without those it holds already."""
        there = self._keys(question)
        forms = [form for form in self.others(named_in) if not _holds(there, self._keys(form))]
        return f"{', '.join(forms)}: {question}" if forms else question

    def others(self, text: str) -> list[str]:
        """The other forms of what ``text`` names, in the order of naming."""
        return list(dict.fromkeys(other for others in self.named(text).values() for other in others))

    def named(self, text: str) -> dict[str, list[str]]:
        """What ``text`` names, as it is written there, each with its other forms."""
        words, keys = _WORD.findall(text), self._keys(text)
        named: dict[str, list[str]] = {}
        at = 0
        while at < len(keys):
            length, others = self._longest(keys, at)
            if others:
                named[" ".join(words[at : at + length])] = others
            at += max(length, 1)
        return named

    def _add(self, form: str, others: Group) -> None:
        key = self._keys(form)
        if key:
            self._beginning.setdefault(key[0], []).append((key, others))

    def _longest(self, keys: tuple[str, ...], at: int) -> tuple[int, list[str]]:
        """Words of the longest form that begins at word ``at``, and the other forms of that one."""
        beginning = self._beginning.get(keys[at], ())
        named = [(key, others) for key, others in beginning if keys[at : at + len(key)] == key]
        longest = max((len(key) for key, _ in named), default=0)
        return longest, [other for key, others in named if len(key) == longest for other in others]

    def _keys(self, text: str) -> tuple[str, ...]:
        """What is compared of the words of ``text``."""
        return tuple(self._key(word) for word in _WORD.findall(text))

    def _key(self, word: str) -> str:
        """What is compared of a word. A capitalised one that is a stop word in small letters stays as it is."""
        lower = word.lower()
        return word if word.isupper() and lower in stop_words() else self._stem(lower)


def _holds(keys: tuple[str, ...], form: tuple[str, ...]) -> bool:
    """Whether the words ``form`` stand in ``keys`` one after the other."""
    return any(keys[at : at + len(form)] == form for at in range(len(keys) - len(form) + 1))


def learnt(lexical: LexicalIndex) -> Iterator[tuple[str, str]]:
    """The forms of abbreviations that the index explains, each with the other one if that is at least as common there.

    The commoner form is what passages say; the rarer one beside it would only draw to where it is explained.
    """
    for short, long in lexical.abbreviations.items():
        if _rarity(lexical, long) <= _rarity(lexical, short):
            yield short, long
        if _rarity(lexical, short) <= _rarity(lexical, long):
            yield long, short


def _rarity(lexical: LexicalIndex, form: str) -> float:
    return max((lexical.weight(term) for term in lexical.terms(form)), default=0.0)
