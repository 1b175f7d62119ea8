"""Two runs over the same cases, held against each other: every measure, and every case won or lost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.bootstrap import SAMPLES, Difference, difference, holm, resamplings
from eval.cases import EvalCase
from eval.errors import RunError
from eval.measures.catalogue import Measure, all_measures
from eval.results import CaseResult
from eval.runs import Run

SIGNIFICANT = 0.05
DECIDING = ("status_right", "right_place", "recall@5", "mrr@10")
"""Measures that decide, in this order, whether a case is won or lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A case that one run handles better than the other. ``measure`` is the deciding one that tells them apart."""

    a: CaseResult
    b: CaseResult
    measure: str
    won: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from ``a`` to ``b``.

    ``losses`` are the protected measures that got significantly worse. ``only_a`` and ``only_b`` are the ids of cases
    that the other run does not have, or has with another question or other gold places; they count nowhere.
    """

    a: Run
    b: Run
    differences: Mapping[str, Difference]
    losses: tuple[str, ...]
    changes: tuple[Change, ...]
    n: int
    new_errors: tuple[str, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the gate lets ``b`` through: no significant loss, and no case that crashes only now."""
        return not self.losses and not self.new_errors


def compare(a: Run, b: Run, *, seed: int = 0, samples: int = SAMPLES) -> Comparison:
    """Compare two runs over the cases that both have.

    Raises:
        RunError: if they have none in common.
    """
    of_a = {result.case.id: result for result in a.results}
    of_b = {result.case.id: result for result in b.results}
    common = [case for case in of_a if case in of_b and _same(of_a[case].case, of_b[case].case)]
    if not common:
        raise RunError("no_common_cases")
    common_ids = set(common)
    before, after = [of_a[case] for case in common], [of_b[case] for case in common]
    resampled = resamplings(len(common), seed, samples)
    measures = all_measures()
    found = {name: difference(measure, before, after, resampled) for name, measure in measures.items()}
    return Comparison(
        a=a,
        b=b,
        differences={name: item for name, item in found.items() if not math.isnan(item.difference.value)},
        losses=significant_losses(found, measures),
        changes=tuple(_changes(before, after, measures)),
        n=len(common),
        new_errors=tuple(y.case.id for x, y in zip(before, after, strict=True) if y.error and not x.error),
        only_a=tuple(case for case in of_a if case not in common_ids),
        only_b=tuple(case for case in of_b if case not in common_ids),
    )


def significant_losses(differences: Mapping[str, Difference], measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """Protected measures that got worse beyond chance.

    The chances are corrected for the number of protected measures, so that the gate as a whole raises a false alarm in
    at most one of twenty comparisons of equals.
    """
    protected = [item for name, item in differences.items() if measures[name].protected and not math.isnan(item.p)]
    corrected = holm([item.p for item in protected])
    return tuple(
        item.measure
        for item, p in zip(protected, corrected, strict=True)
        if p < SIGNIFICANT and _worse(item.difference.value, measures[item.measure])
    )


def _changes(
    before: Sequence[CaseResult], after: Sequence[CaseResult], measures: Mapping[str, Measure]
) -> list[Change]:
    """Cases won or lost, losses first, in the order of the cases."""
    columns = [(name, measures[name].column(before)[:, 0], measures[name].column(after)[:, 0]) for name in DECIDING]
    changes = []
    for at, (x, y) in enumerate(zip(before, after, strict=True)):
        gaps = [(name, float(b[at] - a[at])) for name, a, b in columns]
        decided = next(((name, gap) for name, gap in gaps if not math.isnan(gap) and gap != 0), None)
        if decided:
            changes.append(Change(a=x, b=y, measure=decided[0], won=decided[1] > 0))
    return sorted(changes, key=lambda change: change.won)


def _same(a: EvalCase, b: EvalCase) -> bool:
    """Whether both ask the same and want the same words, which may stand elsewhere in a newer document."""
    wanted_a, wanted_b = ([(place.document, place.text.split()) for place in case.gold] for case in (a, b))
    return (a.question, a.answerable, wanted_a) == (b.question, b.answerable, wanted_b)


def _worse(gap: float, measure: Measure) -> bool:
    return gap > 0 if measure.lower_is_better else gap < 0
