"""Sentences that say what a better one says already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.evidence import Examined
from assistant.german_logic import Modality, clauses

ALIKE = 0.8
"""Share of the terms of a sentence that another holds too if it adds nothing to that."""


def without_repetitions(examined: Examined, order: Sequence[int]) -> Iterator[int]:
    """``order`` without sentences that say what an earlier one in another section says already."""
    kept: list[int] = []
    for at in order:
        if not any(_repeats(examined, at, other) for other in kept):
            kept.append(at)
            yield at


def _repeats(examined: Examined, at: int, other: int) -> bool:
    one, two = examined.candidates[at], examined.candidates[other]
    if (one.document.id, one.section) == (two.document.id, two.section):
        return False  # the rows of a table and the items of a list are alike and still say different things
    mine, theirs = examined.own_terms[at], examined.own_terms[other]
    numbers = {term for term in mine - theirs if term.strip("§")[:1].isdigit()}
    alike = bool(mine and theirs) and len(mine & theirs) >= ALIKE * len(mine)
    return alike and not numbers and _force(one.text) == _force(two.text)


def _force(sentence: str) -> frozenset[tuple[bool, Modality]]:
    """What is denied, owed or allowed in it, which terms do not tell: where sources disagree, both are shown."""
    return frozenset((clause.negative, clause.modality) for clause in clauses(sentence))
