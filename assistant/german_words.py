"""When two German words say the same: inflection, compounds, derivation and a list of administrative synonyms."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from assistant.german import Analyzer

_WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*")
_FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "s"})
_INNER = re.compile(
    r"^(ab|an|auf|aus|bei|durch|ein|fest|fort|mit|nach|um|vor|weiter|zu|zuruck|zusammen)(?:ge|zu)(?=\w{3})"
)
_PREFIX = re.compile(r"^(?:be|ge)(?=\w{4})")
_SUFFIX = re.compile(r"(?<=\w{4})(?:ung|et|t)$")
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_DERIVED_LINKS = (*_LINKS, "ungs", "ions", "ifts", "schafts")
"""Links behind a stem that lost its ending: „Umsetz-ungs-bericht“."""

SHORTEST = 4
"""Letters of the shortest part of a compound."""

LONGEST = 80
"""Letters from which a word is no compound that anybody wrote."""

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
    return _leveled(_INNER.sub(r"\1", folded))


def _leveled(folded: str) -> str:
    return _ablaut().sub(lambda match: _grades()[match[0]], folded)


@cache
def _grades() -> Mapping[str, str]:
    """The forms of strong verbs, as they end a root, by the form that stands for all of them."""
    return {form: line.split()[0] for line in _lists()["grades"] for form in line.split()}


@cache
def _ablaut() -> re.Pattern[str]:
    nouns = {word for line in _lists()["nouns"] for word in line.split()}
    inside = "|".join(sorted(_grades(), key=len, reverse=True))
    alone = "|".join(sorted(_grades().keys() - nouns, key=len, reverse=True))
    return re.compile(rf"(?<=\w\w)(?:{inside})$|^(?:{alone})$")


def senses(word: str) -> frozenset[int]:
    """The groups of synonyms that a root belongs to."""
    return _senses().get(word, frozenset())


def strict(word: str) -> bool:
    """Whether ``word`` must be found again, although it is no noun: days, rhythms, limits."""
    return root(word) in _group("strict")


def words(text: str) -> list[str]:
    """The words of ``text`` in order, hyphenated ones as one."""
    return _WORD.findall(text)


def roots(text: str) -> list[str]:
    """The roots of the words that say something: no articles, pronouns, prepositions or mere supporting verbs."""
    return [root(part) for word in words(text) for part in re.split(r"[-/]", word) if not empty(part)]


@lru_cache(maxsize=50_000)
def empty(word: str) -> bool:
    """Whether ``word`` only holds a sentence together."""
    return word.lower() in _empty_forms() or root(word) in _group("empty_roots")


def is_place(word: str) -> bool:
    """Whether ``word`` names a place, or says whose or of where something is: „Leipzigs“, „Leipziger“."""
    name = word.lower()
    return not _places().isdisjoint((name, name.removesuffix("s"), name.removesuffix("er")))


@cache
def _places() -> frozenset[str]:
    return frozenset(word.lower() for line in _lists()["places"] for word in line.split())


@cache
def _empty_forms() -> frozenset[str]:
    return frozenset(word.lower() for line in _lists()["empty"] for word in line.split())


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


@cache
def _group(name: str) -> frozenset[str]:
    """The roots of the list ``name``."""
    return frozenset(root(word) for line in _lists()[name] for word in line.split())


def proper(word: str) -> bool:
    """Whether ``word`` is written like an abbreviation or a name of its own: „SMR“, „LZP“, „SächsGemO“."""
    return sum(character.isupper() for character in word) >= 2


def soft(word: str) -> bool:
    """Whether ``word`` is so general that a paraphrase may bring it along."""
    return root(word) in _group("soft")


def roots_of(text: str) -> frozenset[str]:
    """The roots of all words of ``text``, of the parts of hyphenated ones too."""
    return frozenset(root(part) for word in with_verbs(text) for part in (word, *re.split(r"[-/]", word)))


class Pool:
    """The words of some texts, asked whether they carry a word.

    Args:
        texts: what is asked.
        beside: what the word stands with; „Kosten für den Bau“ takes both its words from „Baukosten“.
        read: the roots of further texts, as :func:`roots_of` gives them.
    """

    def __init__(self, texts: Sequence[str], beside: str = "", read: Iterable[frozenset[str]] = ()) -> None:
        self.roots = frozenset[str]().union(*map(roots_of, texts), *read)
        self._senses = frozenset(group for word in self.roots for group in senses(word))
        self._initials = ["".join(word[0] for word in words(text) if word[0].isupper()) for text in texts]
        self._beside = frozenset(root(word) for word in words(beside)) | _group("tails")

    def holds(self, word: str) -> bool:
        """Whether a word of the texts says ``word``, alone or as part of a compound, or its parts together do."""
        return next(self.ways(word), None) is not None

    def ways(self, word: str) -> Iterator[tuple[frozenset[str], ...]]:
        """How the texts say ``word``: each way names sets of roots, one of each of which it takes."""
        word = root(word)
        alone = self._saying(word)
        alone |= {other for other in self.roots if carries(other, word) or self._begins(other, word)}
        if alone:
            yield (alone,)
        for head, tail in splits(word):
            heads = self._parts(head)
            if heads and tail in _group("tails"):
                yield (heads,)
            elif heads and (tails := self._parts(tail)):
                yield heads, tails

    def abbreviates(self, word: str) -> bool:
        """Whether ``word`` is made of the initials of neighbouring words: „EU“ of „Europäische Union“."""
        return word.isupper() and any(word in initials for initials in self._initials)

    def _saying(self, word: str) -> frozenset[str]:
        same = self.roots & {word}
        meant = senses(word)
        if self._senses.isdisjoint(meant):
            return same
        return same | {other for other in self.roots if not senses(other).isdisjoint(meant)}

    def _begins(self, there: str, word: str) -> bool:
        """Whether ``word`` begins the compound ``there``, and what it ends with is said as well."""
        if len(word) < SHORTEST - 1 or not there.startswith(word):
            return False
        if there in self._beside:
            return True
        rest = there[len(word) :]
        return any(
            rest.startswith(link) and (len(rest) - len(link) <= ENDING or rest[len(link) :] in self._beside)
            for link in _DERIVED_LINKS
        )

    def _parts(self, word: str) -> frozenset[str]:
        if len(word) < LONG:
            longer = {root for root in self.roots if root.startswith(word) and len(root) - len(word) >= SHORTEST - 1}
        else:
            longer = {root for root in self.roots if root.startswith(word) or root.endswith(word)}
        return self._saying(word) | longer


def with_verbs(text: str) -> list[str]:
    """The words of ``text``, and the verbs whose prefix stands at the end of their clause: „beruft … ein“."""
    found = words(text)
    for clause in re.split(r"[,;:.!?](?=\s|$)", text):
        inside = words(clause)
        if inside and inside[-1] in _separable():
            found += [inside[-1] + word for word in inside[:-1] if word.islower()]
    return found


@cache
def _separable() -> frozenset[str]:
    return frozenset(word for line in _lists()["separable"] for word in line.split())


def carries(there: str, word: str) -> bool:
    """Whether the root ``there`` says ``word``: as a compound that ends with it, or as another form of its stem.

    A compound says what it ends with; the end does not say the compound.
    """
    if min(len(there), len(word)) < SHORTEST:
        return False
    if there.endswith(word) and len(there) - len(word) >= SHORTEST - 1:
        return True
    if core(there) == core(word) and len(core(word)) >= SHORTEST:
        return True
    return _inflected(there, word) or _inflected(_bare(there), word) or _inflected(there, _bare(word))


@lru_cache(maxsize=20_000)
def core(word: str) -> str:
    """What is left of „Räumung“ and „geräumt“ alike."""
    return _SUFFIX.sub("", _bare(word))


@lru_cache(maxsize=20_000)
def _bare(word: str) -> str:
    return _PREFIX.sub("", word)


def _inflected(one: str, other: str) -> bool:
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return len(short) >= LONG and long.startswith(short) and len(long) - len(short) <= ENDING


@lru_cache(maxsize=50_000)
def splits(word: str) -> tuple[tuple[str, str], ...]:
    """The roots of what ``word`` may begin with as a compound, each with what it then ends with."""
    if len(word) > LONGEST:
        return ()
    return tuple(
        (root(head[: len(head) - len(link)]), tail)
        for cut in range(SHORTEST - 1, len(word) - SHORTEST + 1)
        for head, tail in [(word[:cut], _leveled(_INNER.sub(r"\1", word[cut:])))]
        for link in _LINKS
        if head.endswith(link) and len(head) - len(link) >= SHORTEST - 1
    )
