"""What several panels need: intervals, pairs of runs, and how numbers are written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from assistant.texts import message
from eval.bootstrap import Difference, Draws, Interval, interval, resamplings
from eval.measures.catalogue import Measure
from eval.report.shapes import Cell
from eval.results import CaseResult
from eval.runs import Run
from eval.summary import shown

SAMPLES = 2_000
"""Bootstrap samples of the intervals in a report."""

HEADLINES = ("recall@5", "mrr@10", "ndcg@10", "document_ndcg@10", "sentence_f", "right_place", "status_right")
"""The measures that pictures of several runs show."""


def bounds_of(measure: Measure, results: Sequence[CaseResult]) -> Interval:
    """A measure with its interval."""
    return interval(measure, results, resampled(len(results)))


@lru_cache(maxsize=2)
def resampled(n: int) -> list[Draws]:
    """The samples that all intervals over ``n`` cases of a report share."""
    return resamplings(n, 0, SAMPLES)


def paired(a: Run, b: Run) -> tuple[list[CaseResult], list[CaseResult]]:
    """The results of the cases that both runs have, in the same order."""
    of_b = {result.case.id: result for result in b.results}
    pairs = [(result, of_b[result.case.id]) for result in a.results if result.case.id in of_b]
    return [x for x, _ in pairs], [y for _, y in pairs]


def with_bounds(name: str, found: Interval) -> str:
    """A value with its interval in brackets."""
    if math.isnan(found.value):
        return "–"
    return f"{shown(name, found.value)} ({shown(name, found.low)}–{shown(name, found.high)})"


def difference_cells(found: Difference) -> list[Cell]:
    """Difference, interval, p and n as cells of a row."""
    gap, name = found.difference, found.measure
    return [shown(name, gap.value), f"{shown(name, gap.low)} … {shown(name, gap.high)}", round(found.p, 4), found.n]


def words(key: str) -> str:
    """A word of the report in German."""
    return message("report_words", key, package="eval")
