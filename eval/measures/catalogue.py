"""All measures by name: what each takes from a case, how cases become one number, and which way is better."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from eval.cases import Place
from eval.measures import answers, citations, ranking, refusal
from eval.measures.totals import (
    Array,
    Total,
    auroc,
    calibration_error,
    f_of_counts,
    f_of_means,
    mean,
    mean_of_means,
    percentile,
    risk_coverage_area,
)
from eval.results import CaseResult, Found

CUTOFFS = (1, 3, 5, 10, 20)
"""The k of recall@k."""

Values = float | tuple[float, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure. ``of`` gives a case's values, or None where the case leaves the measure out.

    ``group`` orders tables (``retrieval``, ``answers``, ``citations``, ``refusal``, ``times``). ``protected`` measures
    decide the gate. ``shown`` ones are printed after a run.
    """

    name: str
    group: str
    of: Callable[[CaseResult], Values]
    total: Total = mean
    lower_is_better: bool = False
    protected: bool = False

    def column(self, results: Sequence[CaseResult]) -> Array:
        """The values of all cases, NaN where left out. *Shape:* ``(cases, components)``."""
        rows = [self._row(result) for result in results]
        width = max((len(row) for row in rows if row), default=1)
        return np.array([row or (np.nan,) * width for row in rows], dtype=np.float64).reshape(len(rows), width)

    def value(self, results: Sequence[CaseResult]) -> float:
        """The measure over ``results``; NaN where no case defines it."""
        return self.value_of(self.column(results))

    def value_of(self, column: Array) -> float:
        """As :meth:`value`, from the cases' values."""
        return float(self.estimates(column, np.ones((1, len(column))))[0])

    def estimates(self, column: Array, weights: Array) -> Array:
        """The measure for each row of weights. *Shapes:* ``weights (samples, cases)``, result ``(samples,)``."""
        return np.full(len(weights), np.nan) if np.isnan(column).all() else self.total(column, weights)

    def defined(self, results: Sequence[CaseResult]) -> int:
        """How many cases define the measure."""
        return int((~np.isnan(self.column(results)).all(axis=1)).sum())

    def _row(self, result: CaseResult) -> tuple[float, ...] | None:
        values = None if result.error else self.of(result)
        return (values,) if isinstance(values, float) else values


def all_measures() -> Mapping[str, Measure]:
    """Every measure by name, in the order of the tables."""
    measures = [*_retrieval(), *_answers(), *_citations(), *_refusal(), *_times()]
    return {measure.name: measure for measure in measures}


def case_values(result: CaseResult) -> dict[str, float]:
    """The measures that have one number for this case, by name; those it leaves out are missing."""
    rows = {name: measure.column([result])[0] for name, measure in all_measures().items()}
    return {name: round(float(row[0]), 6) for name, row in rows.items() if len(row) == 1 and not np.isnan(row[0])}


def _retrieval() -> list[Measure]:
    at = partial(Measure, group="retrieval")
    recalls = [at(name=f"recall@{k}", of=_ranked(partial(_recall, k=k), k), protected=k == 5) for k in CUTOFFS]
    return [
        *recalls,
        at(name="found@5", of=_ranked(_found, 5)),
        at(name="mrr@10", of=_ranked(_mrr, 10), protected=True),
        at(name="ndcg@10", of=_ranked(_ndcg, 10), protected=True),
        at(name="map", of=_ranked(_map)),
        at(name="document_recall@5", of=_ranked(_document_recall, 5)),
        at(name="document_ndcg@10", of=_ranked(_document_ndcg, 10)),
        at(name="followup_recall@5", of=_followup("hits")),
        at(name="followup_recall@5_alone", of=_followup("hits_alone")),
    ]


def _answers() -> list[Measure]:
    at = partial(Measure, group="answers")
    pair = answers.sentence_precision_recall
    return [
        at(name="gold_in_answer", of=answers.gold_in_answer),
        at(name="gold_in_citation@1", of=partial(answers.gold_in_citations, first=1)),
        at(name="gold_in_citations@3", of=partial(answers.gold_in_citations, first=3)),
        at(name="sentence_precision", of=lambda result: _part(pair(result), 0)),
        at(name="sentence_recall", of=lambda result: _part(pair(result), 1)),
        at(name="sentence_f", of=pair, total=f_of_means, protected=True),
        at(name="token_f1", of=answers.answer_token_f1),
        at(name="fact_recall", of=answers.fact_recall),
    ]


def _citations() -> list[Measure]:
    at = partial(Measure, group="citations")
    return [
        at(name="citation_precision", of=citations.citation_precision),
        at(name="citation_recall", of=citations.citation_recall),
        at(name="right_place", of=citations.right_place),
        at(name="right_page", of=citations.right_page),
        at(name="verbatim_quotes", of=citations.verbatim_quotes, protected=True),
        at(name="cited_sentences", of=citations.cited_sentences),
        at(name="unsupported_sentences", of=citations.unsupported_sentences, lower_is_better=True),
    ]


def _refusal() -> list[Measure]:
    at = partial(Measure, group="refusal")
    low = partial(at, lower_is_better=True)
    return [
        at(name="status_right", of=refusal.status_right, protected=True),
        at(name="balanced_accuracy", of=refusal.rightly_handled, total=mean_of_means),
        at(name="no_answer_precision", of=refusal.decline_precision),
        at(name="no_answer_recall", of=lambda result: _part(refusal.rightly_handled(result), 1)),
        at(name="no_answer_f", of=refusal.decline_decision, total=f_of_counts, protected=True),
        low(name="error_rate", of=refusal.wrongly_declined),
        low(name="hallucination_rate", of=refusal.wrongly_answered),
        at(name="auroc", of=refusal.confidence_and_answerable, total=auroc),
        low(name="risk_coverage_area", of=refusal.confidence_and_right, total=risk_coverage_area),
        low(name="calibration_error", of=refusal.confidence_and_right, total=calibration_error),
        low(name="brier", of=refusal.squared_error),
    ]


def _times() -> list[Measure]:
    return [
        Measure(name=f"{what}_p{share}_ms", group="times", of=_took(what), total=percentile(share / 100),
                lower_is_better=True)
        for what in ("search", "ask")
        for share in (50, 95)
    ]  # fmt: skip


Judge = Callable[[list[Place], Sequence[Place]], float]


def _ranked(judge: Judge, depth: int = 0) -> Callable[[CaseResult], Values]:
    """``judge`` over hits and gold, where there are both and at least ``depth`` hits were asked for."""

    def of(result: CaseResult) -> Values:
        if result.hits is None or not result.case.gold or result.depth < depth:
            return None
        return judge(_places(result.hits), result.case.gold)

    return of


def _recall(found: list[Place], gold: Sequence[Place], k: int) -> float:
    return ranking.recall(found, gold, k)


def _found(found: list[Place], gold: Sequence[Place]) -> float:
    return float(ranking.recall(found, gold, 5) > 0)


def _mrr(found: list[Place], gold: Sequence[Place]) -> float:
    return ranking.reciprocal_rank(ranking.verdicts(found, gold)[0], 10)


def _ndcg(found: list[Place], gold: Sequence[Place]) -> float:
    return ranking.ndcg(*ranking.verdicts(found, gold), 10)


def _map(found: list[Place], gold: Sequence[Place]) -> float:
    return ranking.average_precision(*ranking.verdicts(found, gold))


def _document_recall(found: list[Place], gold: Sequence[Place]) -> float:
    relevant, missed = ranking.document_verdicts(found, gold)
    return sum(relevant[:5]) / (sum(relevant) + missed)


def _document_ndcg(found: list[Place], gold: Sequence[Place]) -> float:
    return ranking.ndcg(*ranking.document_verdicts(found, gold), 10)


def _followup(hits: str) -> Callable[[CaseResult], Values]:
    def of(result: CaseResult) -> Values:
        found: tuple[Found, ...] | None = getattr(result, hits)
        if found is None or not result.case.history or not result.case.gold or result.depth < 5:
            return None
        return ranking.recall(_places(found), result.case.gold, 5)

    return of


def _took(what: str) -> Callable[[CaseResult], Values]:
    return lambda result: result.timings.get(f"{what}.total")


def _places(hits: Sequence[Found]) -> list[Place]:
    return [hit.place for hit in hits]


def _part(values: tuple[float, ...] | None, component: int) -> Values:
    return None if values is None or np.isnan(values[component]) else values[component]
