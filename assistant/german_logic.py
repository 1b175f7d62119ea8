"""What a German clause asserts beyond its words: whether it is denied, and whether it must, should or may be.

„ist nicht zulässig“ and „darf nicht“ forbid, „muss nicht“ and „ist nicht erforderlich“ release: a negation turns the
modality it stands with. Word lists lie in ``german_logic.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from assistant.german_values import blanked
from assistant.german_words import roots, senses


class Modality(StrEnum):
    """How far a clause binds. ``PLAIN`` states a fact, or in laws a duty."""

    PLAIN = "plain"
    MUST = "must"
    SHOULD = "should"
    MAY = "may"
    NEED_NOT = "need not"
    SHOULD_NOT = "should not"
    MAY_NOT = "may not"


_DENIED = {
    Modality.MUST: Modality.NEED_NOT,
    Modality.SHOULD: Modality.SHOULD_NOT,
    Modality.MAY: Modality.MAY_NOT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause by the roots of its content words, without the words that make it denied or binding."""

    words: frozenset[str]
    negative: bool
    modality: Modality
    condition: bool = False

    @property
    def marked(self) -> bool:
        """Whether the clause does more than state."""
        return self.negative or self.modality is not Modality.PLAIN

    def common(self, other: Clause) -> int:
        """How many of its words ``other`` says as well."""
        groups = frozenset(group for word in other.words for group in senses(word))
        return sum(word in other.words or not groups.isdisjoint(senses(word)) for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patterns:
    negation: re.Pattern[str]
    no_negation: re.Pattern[str]
    modality: tuple[tuple[Modality, bool, re.Pattern[str]], ...]
    condition: re.Pattern[str]
    cut: re.Pattern[str]
    joint: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    lists = tomllib.loads(files("assistant").joinpath("german_logic.toml").read_text(encoding="utf-8"))

    def any_of(name: str) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in lists[name]), re.IGNORECASE)

    return _Patterns(
        negation=any_of("negation"),
        no_negation=any_of("no_negation"),
        modality=(
            (Modality.MAY_NOT, True, any_of("may_not")),
            (Modality.NEED_NOT, True, any_of("need_not")),
            (Modality.MUST, False, any_of("must")),
            (Modality.SHOULD, False, any_of("should")),
            (Modality.MAY, False, any_of("may")),
        ),
        condition=any_of("condition"),
        cut=any_of("cut"),
        joint=any_of("joint"),
    )


def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of ``text`` in order."""
    return tuple(clause for part in _parts(blanked(text)) if (clause := _clause(part)).words)


def _parts(text: str) -> Iterator[str]:
    for sentence in _patterns().cut.split(text):
        yield from _joined(sentence)


def _joined(sentence: str) -> Iterator[str]:
    """The parts between commas; one that neither denies nor binds belongs to the one before it.

    So „ist nicht verpflichtet, ein Konzept aufzustellen“ stays whole.
    """
    held = ""
    for part in re.split(r",(?=\s)", sentence):
        for half in _halves(part):
            if held and (
                _clause(half).marked or _patterns().condition.match(half) or _patterns().condition.match(held)
            ):
                yield held
                held = half
            else:
                held = f"{held}, {half}" if held else half
    yield held


def _halves(part: str) -> list[str]:
    halves = _patterns().joint.split(part)
    # „Bund und Land müssen“ is one clause; „muss prüfen und darf nicht“ is two.
    return halves if len(halves) > 1 and sum(_clause(half).marked for half in halves) > 1 else [part]


def _clause(text: str) -> Clause:
    patterns = _patterns()
    bare = patterns.no_negation.sub(" ", text)
    denials = len(patterns.negation.findall(bare))
    rest = patterns.negation.sub(" ", bare)
    modality = Modality.PLAIN
    for kind, complete, pattern in patterns.modality:
        if pattern.search(rest):
            rest = pattern.sub(" ", rest)
            if complete:  # the word holds its own negation: „unzulässig“
                modality = kind if denials % 2 == 0 else _opposite(kind)
                denials = 1 if denials % 2 == 0 else 0
            else:
                modality = _DENIED[kind] if denials % 2 else kind
            break
    condition = bool(patterns.condition.match(text))
    return Clause(words=frozenset(roots(rest)), negative=denials % 2 == 1, modality=modality, condition=condition)


def _opposite(kind: Modality) -> Modality:
    return next(plain for plain, denied in _DENIED.items() if denied is kind)


def compatible(stated: Clause, cited: Clause) -> bool:
    """Whether ``stated`` asserts no more than ``cited`` does, as far as denial and binding go."""
    if stated.negative != cited.negative:
        return False
    if stated.condition and stated.modality is Modality.PLAIN:
        return True
    return stated.modality is cited.modality or (stated.modality, cited.modality) in _MILDER


_MILDER = {
    # A duty may be told as what is done; laws themselves do so.
    (Modality.PLAIN, Modality.MUST),
    (Modality.MUST, Modality.PLAIN),
    # What is simply denied is neither due nor allowed, as far as its words tell.
    (Modality.PLAIN, Modality.NEED_NOT),
    (Modality.NEED_NOT, Modality.PLAIN),
    (Modality.PLAIN, Modality.MAY_NOT),
    (Modality.MAY_NOT, Modality.PLAIN),
}


def nearest(clause: Clause, others: Sequence[Clause]) -> Clause | None:
    """The clause of ``others`` that shares most words with ``clause``; none if it shares nothing.

    Of several that share as much, one that agrees.
    """
    best = max(others, key=lambda other: (clause.common(other), compatible(clause, other)), default=None)
    return best if best and clause.common(best) else None
