"""When two German words say the same: inflection, compounds, derivation and a list of administrative synonyms."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from assistant.german import Analyzer

_WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*")
_FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "s"})
_INNER = re.compile(
    r"^(ab|an|auf|aus|bei|durch|ein|fest|fort|mit|nach|um|vor|weiter|zu|zuruck|zusammen)(?:ge|zu)(?=\w{3})"
)
_PREFIX = re.compile(r"^(?:be|ge|ver|er|ent|zer|ab|an|auf|aus|bei|ein|fort|mit|nach|um|vor|zu|uber|unter)(?=\w{4})")
_LINKS = ("", "s", "es", "n", "en", "er", "e")
SHORTEST = 4
"""Letters of the shortest part of a compound."""

LONG = 5
ENDING = 3
"""Letters that endings may add to a stem of at least ``LONG`` letters."""


@cache
def _lists() -> Mapping[str, list[str]]:
    return tomllib.loads(files("assistant").joinpath("german_words.toml").read_text(encoding="utf-8"))


@cache
def _stem() -> Analyzer:
    return Analyzer(frozenset())


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """``word`` without case, inflection, umlauts and the ``ge`` or ``zu`` inside a verb with a prefix."""
    folded = str(_stem().stem(word.lower())).translate(_FOLD).replace("ss", "s")
    return _ablaut().sub(lambda match: _grades()[match[0]], _INNER.sub(r"\1", folded))


@cache
def _grades() -> Mapping[str, str]:
    """The forms of strong verbs, as they end a root, by the form that stands for all of them."""
    return {form: line.split()[0] for line in _lists()["grades"] for form in line.split()}


@cache
def _ablaut() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(sorted(_grades(), key=len, reverse=True))})$")


def senses(word: str) -> frozenset[int]:
    """The groups of synonyms that a root belongs to."""
    return _senses().get(word, frozenset())


@cache
def strict(word: str) -> bool:
    """Whether ``word`` must be found again, although it is no noun: days, rhythms, limits."""
    return root(word) in _strict_roots()


@cache
def _strict_roots() -> frozenset[str]:
    return frozenset(root(word) for line in _lists()["strict"] for word in line.split())


def words(text: str) -> list[str]:
    """The words of ``text`` in order, hyphenated ones as one."""
    return _WORD.findall(text)


def roots(text: str) -> list[str]:
    """The roots of the words that say something: no articles, pronouns, prepositions or mere supporting verbs."""
    return [root(part) for word in words(text) for part in re.split(r"[-/]", word) if not empty(part)]


@lru_cache(maxsize=50_000)
def empty(word: str) -> bool:
    """Whether ``word`` only holds a sentence together."""
    return word.lower() in _empty_forms() or root(word) in _empty_roots()


@cache
def _empty_forms() -> frozenset[str]:
    return frozenset(word.lower() for line in _lists()["empty"] for word in line.split())


@cache
def _empty_roots() -> frozenset[str]:
    return frozenset(root(word) for line in _lists()["empty_roots"] for word in line.split())


@cache
def _senses() -> Mapping[str, frozenset[int]]:
    """The synonym groups of each root."""
    senses: dict[str, set[int]] = {}
    for number, line in enumerate(_lists()["synonyms"]):
        for word in line.split():
            senses.setdefault(root(word), set()).add(number)
    return {word: frozenset(groups) for word, groups in senses.items()}


@cache
def opposites() -> Mapping[str, frozenset[str]]:
    """For each root the roots that say the contrary."""
    found: dict[str, set[str]] = {}
    for line in _lists()["antonyms"]:
        left, _, right = line.partition(" – ")
        for one in left.split():
            for other in right.split():
                found.setdefault(root(one), set()).add(root(other))
                found.setdefault(root(other), set()).add(root(one))
    return {word: frozenset(others) for word, others in found.items()}


class Pool:
    """The words of some texts, asked whether they carry a word."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.roots = frozenset(
            root(part) for text in texts for word in _with_verbs(text) for part in (word, *re.split(r"[-/]", word))
        )
        self._senses = frozenset(group for word in self.roots for group in _senses().get(word, ()))

    def holds(self, word: str) -> bool:
        """Whether a word of the texts says ``word``, alone or as part of a compound, or its parts together do."""
        return self._holds(root(word))

    def _holds(self, word: str) -> bool:
        return self._simple(word) or any(
            self._part(head) and (self._part(tail) or tail in _empty_roots()) for head, tail in _splits(word)
        )

    def _part(self, word: str) -> bool:
        if word in self.roots or not self._senses.isdisjoint(senses(word)):
            return True
        return len(word) >= LONG and any(other.startswith(word) or other.endswith(word) for other in self.roots)

    def _simple(self, word: str) -> bool:
        if word in self.roots or not self._senses.isdisjoint(senses(word)):
            return True
        return any(carries(other, word) for other in self.roots)


def _with_verbs(text: str) -> Iterable[str]:
    """The words of ``text``, and the verbs whose prefix stands at the end of their clause: „beruft … ein“."""
    yield from words(text)
    for clause in re.split(r"[,;:.!?](?=\s|$)", text):
        found = words(clause)
        if found and found[-1] in _separable():
            yield from (found[-1] + word for word in found[:-1] if word.islower())


@cache
def _separable() -> frozenset[str]:
    return frozenset(word for line in _lists()["separable"] for word in line.split())


@lru_cache(maxsize=200_000)
def carries(there: str, word: str) -> bool:
    """Whether the root ``there`` says ``word``: as a compound that has it as a part, or as another form of its stem.

    A compound says its parts; a part does not say the compound.
    """
    if len(word) >= SHORTEST - 1 and there.startswith(word):
        return True
    if min(len(there), len(word)) < SHORTEST:
        return False
    if (len(word) >= LONG and word in there) or (there.endswith(word) and len(there) - len(word) >= SHORTEST - 1):
        return True
    one, other = _PREFIX.sub("", there), _PREFIX.sub("", word)
    short, long = sorted((one, other), key=len)
    return len(short) >= LONG and long.startswith(short) and len(long) - len(short) <= ENDING


def _splits(word: str) -> Iterable[tuple[str, str]]:
    for cut in range(SHORTEST, len(word) - SHORTEST + 1):
        head, tail = word[:cut], word[cut:]
        yield from (
            (head[: len(head) - len(link)], tail)
            for link in _LINKS
            if head.endswith(link) and len(head) - len(link) >= SHORTEST
        )
