"""What a German clause asserts beyond its words: whether it is denied, and whether it must, should or may be.

„ist nicht zulässig“ and „darf nicht“ forbid, „muss nicht“ and „ist nicht erforderlich“ release: a negation turns the
modality it stands with. Word lists lie in ``german_logic.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from assistant.german_clauses import condition, parts
from assistant.german_words import core, opposites, proper, root, roots, senses, with_verbs, words


class Modality(StrEnum):
    """How far a clause binds.

    ``PLAIN`` states a fact, or in laws a duty; ``NEED`` names a condition to be met; ``PLAN`` tells what somebody is
    going to do.
    """

    PLAIN = "plain"
    MUST = "must"
    NEED = "need"
    SHOULD = "should"
    PLAN = "plan"
    MAY = "may"
    NEED_NOT = "need not"
    SHOULD_NOT = "should not"
    MAY_NOT = "may not"


_DENIED = {
    Modality.MUST: Modality.NEED_NOT,
    Modality.NEED: Modality.NEED_NOT,
    Modality.SHOULD: Modality.SHOULD_NOT,
    Modality.MAY: Modality.MAY_NOT,
}
_AFFIRMED = {Modality.NEED_NOT: Modality.MUST, Modality.MAY_NOT: Modality.MAY}

_VERB = re.compile(r"[a-zäöüß]+(?:t|te|n|ten)")
_NOUN = re.compile(r"(?!Wert[a-z]+q$)[A-ZÄÖÜ]")

_ALIKE = (
    # A duty may be told as what is done, and the other way round; laws themselves do so.
    {Modality.PLAIN, Modality.MUST},
    {Modality.PLAIN, Modality.NEED},
    {Modality.MUST, Modality.NEED},
    # What is simply denied is neither due nor allowed, as far as its words tell.
    {Modality.PLAIN, Modality.NEED_NOT},
    {Modality.PLAIN, Modality.MAY_NOT},
    {Modality.PLAIN, Modality.SHOULD_NOT},
    # „Das Konzept sieht vor, …“ is told as what it does, or as what shall be done.
    {Modality.PLAIN, Modality.PLAN},
    {Modality.SHOULD, Modality.PLAN},
    {Modality.MUST, Modality.PLAN},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause by the roots of its content words, without the words that make it denied or binding.

    ``verbs`` are its verbs, ``names`` its abbreviations, ``without`` the words that it says it does without.
    ``only`` says that it holds under a limit („nur“, „erst“), ``condition`` that it is the condition of another.
    """

    words: frozenset[str]
    verbs: frozenset[str]
    names: frozenset[str]
    negative: bool
    modality: Modality
    without: frozenset[str] = frozenset()
    only: bool = False
    condition: bool = False

    @property
    def marked(self) -> bool:
        """Whether the clause does more than state."""
        return self.negative or self.modality is not Modality.PLAIN

    def common(self, other: Clause) -> int:
        """How many of its words ``other`` says as well, or says the contrary of."""
        said = self._said(other)
        return len(said) + sum(bool(opposites().get(word, frozenset()) & other.words) for word in self.words - said)

    def turns(self, other: Clause) -> bool:
        """Whether it says the contrary of a word of ``other``, as „geöffnet“ does of „geschlossen“."""
        return any(opposites().get(word, frozenset()) & other.words for word in self.words - self._said(other))

    def _said(self, other: Clause) -> frozenset[str]:
        groups = frozenset(group for word in other.words for group in senses(word))
        return frozenset(word for word in self.words if word in other.words or not groups.isdisjoint(senses(word)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patterns:
    negation: re.Pattern[str]
    no_negation: re.Pattern[str]
    excepted: re.Pattern[str]
    without: re.Pattern[str]
    without_word: re.Pattern[str]
    only: re.Pattern[str]
    free: re.Pattern[str]
    modality: tuple[tuple[Modality, re.Pattern[str]], ...]


@cache
def _patterns() -> _Patterns:
    lists = tomllib.loads(files("assistant").joinpath("german_logic.toml").read_text(encoding="utf-8"))

    def any_of(name: str) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in lists[name]), re.IGNORECASE)

    # The first that is found counts: „ist es möglich, … zu ändern“ allows, although „ist … zu“ alone obliges.
    order = (
        (Modality.MAY_NOT, "may_not"),
        (Modality.NEED_NOT, "need_not"),
        (Modality.MUST, "must"),
        (Modality.NEED, "need"),
        (Modality.SHOULD, "should"),
        (Modality.MAY, "may"),
        (Modality.PLAN, "plan"),
        (Modality.MUST, "must_form"),
    )
    return _Patterns(
        negation=any_of("negation"),
        no_negation=any_of("no_negation"),
        excepted=any_of("except"),
        without=re.compile(r"\b[Oo]hne\s+((?:[a-zäöüß]+\s+){0,3}[A-ZÄÖÜ]\w+)"),
        without_word=re.compile(r"\bohne\b", re.IGNORECASE),
        only=any_of("only"),
        free=any_of("free"),
        modality=tuple((kind, any_of(name)) for kind, name in order),
    )


@lru_cache(maxsize=5000)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of ``text`` in order."""
    return tuple(found for part in parts(text, marked) if (found := clause(part)).words)


def excepted(text: str) -> frozenset[str]:
    """The roots of what ``text`` makes an exception of."""
    return frozenset(root for phrase in _patterns().excepted.findall(text) for root in roots(phrase))


def marked(text: str) -> bool:
    """Whether a clause does more than state."""
    return clause(text).marked


def logical(word: str) -> bool:
    """Whether ``word`` denies, binds or frees, so that it is compared by its meaning and not by its letters."""
    patterns = _patterns()
    return any(
        pattern.fullmatch(word) for pattern in (patterns.negation, *(pattern for _, pattern in patterns.modality))
    )


def clause(text: str) -> Clause:
    """One clause, not cut any further."""
    patterns = _patterns()
    # „kostet nichts“ denies nothing, it says „kostenlos“.
    bare = patterns.free.sub(_said_free, patterns.no_negation.sub(" ", text))
    denials = len(patterns.negation.findall(bare))
    rest = patterns.negation.sub(" ", bare)
    modality = Modality.PLAIN
    for kind, pattern in patterns.modality:
        if pattern.search(rest):
            rest = pattern.sub(" ", rest)
            modality = kind
            break
    negative = denials % 2 == 1
    without = frozenset(root(word) for phrase in patterns.without.findall(bare) for word in words(phrase)[-1:])
    if negative and without:
        # „ohne Zustimmung nicht“ is „nur mit Zustimmung“.
        return replace(clause(patterns.without_word.sub(" nur ", patterns.negation.sub(" ", text))), only=True)
    if modality in _AFFIRMED:  # the word holds its own negation: „unzulässig“
        negative = not negative
        modality = modality if negative else _AFFIRMED[modality]
    elif negative:
        modality = _DENIED.get(modality, modality)
    return Clause(
        words=frozenset(roots(" ".join(with_verbs(rest)))),
        verbs=frozenset(core(root(word)) for word in _verbs(rest)),
        names=frozenset(word for word in words(text) if proper(word)),
        negative=negative,
        modality=modality,
        without=without,
        only=bool(patterns.only.search(text)),
        condition=condition(text),
    )


def _said_free(match: re.Match[str]) -> str:
    return f" kostenlos {match['between'] or ''} "


def _verbs(text: str) -> list[str]:
    """The words that may be verbs: written small, with such an ending, and no adjective before its noun."""
    found = with_verbs(text)
    around = zip(("", *found), found, (*found[1:], ""), strict=False)
    return [
        word
        for before, word, behind in around
        if _VERB.fullmatch(word) and roots(word) and not (before[:1].islower() and _NOUN.match(behind))
    ]


def compatible(stated: Clause, cited: Clause) -> bool:
    """Whether ``stated`` asserts no more than ``cited`` does, as far as denial and binding go."""
    if not stated.without <= cited.without:
        return False
    if stated.words & cited.without - stated.without:
        return stated.negative  # „eine Anhörung ist nicht nötig“
    turned = stated.turns(cited)
    if stated.negative != (cited.negative ^ turned):
        return False
    if turned and stated.modality in (Modality.PLAIN, cited.modality):
        return True
    kinds = {stated.modality, cited.modality}
    if len(kinds) == 1 or kinds in _ALIKE or (stated.condition and stated.modality is Modality.PLAIN):
        return True
    if kinds == {Modality.PLAIN, Modality.MAY}:
        # „Ein Laubsack kostet …“ takes nothing from „dürfen zu … erworben werden“; „wird erworben“ would.
        return stated.verbs.isdisjoint(cited.verbs)
    # „darf nur mit Genehmigung“ and „bedarf der Genehmigung“.
    return kinds == {Modality.NEED, Modality.MAY} and (stated.only or cited.only)


def nearest(stated: Clause, others: Sequence[Clause]) -> Clause | None:
    """The clause of ``others`` that shares most words with ``stated``; none if it shares nothing.

    Of several that share as much, one that agrees.
    """
    best = max(others, key=lambda other: (_likeness(stated, other), compatible(stated, other)), default=None)
    return best if best and stated.common(best) else None


def _likeness(stated: Clause, cited: Clause) -> float:
    common = stated.common(cited)
    return common + common / (2 * len(cited.words))
