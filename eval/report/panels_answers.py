"""Panels on answers: risk, calibration, and which status the questions got."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from assistant.domain import Status
from assistant.texts import message
from eval.measures import refusal
from eval.measures.catalogue import all_measures
from eval.measures.totals import Array, by_confidence
from eval.report.numbers import words
from eval.report.shapes import Cell, Curve, Heat, Lines, Panel, Table
from eval.results import CaseResult
from eval.runs import Run
from eval.summary import measure_title, shown

BINS = 10


def risk_coverage(run: Run) -> Panel | None:
    """Share of wrong answers over the share of questions answered, most confident first."""
    column = _pairs(run.results)
    if not len(column):
        return None
    ordered, _ = by_confidence(column, np.ones((1, len(column))))
    coverage = np.arange(1, len(ordered) + 1) / len(ordered)
    risk = np.cumsum(1 - ordered[:, 1]) / np.arange(1, len(ordered) + 1)
    marks = [max(0, math.ceil(share * len(ordered)) - 1) for share in (0.1, 0.25, 0.5, 0.75, 0.9, 1.0)]
    rows: list[list[Cell]] = [[shown("", float(coverage[at])), float(ordered[at, 0]), float(risk[at])] for at in marks]
    return Panel(
        key="risk",
        table=Table(columns=[words("coverage"), words("least_confidence"), words("risk")], rows=rows),
        chart=Lines(
            curves=[Curve(label=run.label, x=coverage.tolist(), y=risk.tolist())],
            x=words("coverage"), y=words("risk"), stairs=True,
        ),
        says=f"{words('risk_at_half')} {shown('', float(risk[marks[2]]))}",
    )  # fmt: skip


def calibration(run: Run) -> Panel | None:
    """Share of right answers over the confidence."""
    column = _pairs(run.results)
    if not len(column):
        return None
    bins = np.minimum((column[:, 0] * BINS).astype(int), BINS - 1)
    filled = [at for at in range(BINS) if (bins == at).any()]
    confidence = [float(column[bins == at, 0].mean()) for at in filled]
    right = [float(column[bins == at, 1].mean()) for at in filled]
    band = [_wilson(column[bins == at, 1]) for at in filled]
    rows: list[list[Cell]] = [
        [f"{at / BINS:.1f}–{(at + 1) / BINS:.1f}".replace(".", ","), c, r, int((bins == at).sum())]
        for at, c, r in zip(filled, confidence, right, strict=True)
    ]
    return Panel(
        key="calibration",
        table=Table(columns=[words("bin"), words("mean_confidence"), words("right"), "n"], rows=rows),
        chart=Lines(
            curves=[Curve(label=run.label, x=confidence, y=right, band=band)],
            x=words("mean_confidence"), y=words("right"), diagonal=True,
        ),
        says=f"ECE {shown('', all_measures()['calibration_error'].value(run.results))}",
    )  # fmt: skip


def confusion(run: Run) -> Panel | None:
    """Which status answerable and unanswerable questions got."""
    given = [result for result in run.results if result.answer is not None and not result.error]
    if not given:
        return None
    counts = [
        [_count(given, answerable=answerable, status=status) for status in Status] for answerable in (True, False)
    ]
    rows, columns = [words("answerable"), words("unanswerable")], [words(status.value) for status in Status]
    return Panel(
        key="confusion",
        table=Table(
            columns=[words("question_is"), *columns],
            rows=[[name, *row] for name, row in zip(rows, counts, strict=True)],
        ),
        chart=Heat(rows=rows, columns=columns, counts=counts),
        says="; ".join(
            f"{name}: " + ", ".join(f"{column} {n}" for column, n in zip(columns, row, strict=True))
            for name, row in zip(rows, counts, strict=True)
        ),
    )


def judged(run: Run) -> Panel | None:
    """What a chat model made of the answers, and how far it agrees with the measures."""
    found = run.judgement
    if not found:
        return None
    rows: list[list[Cell]] = [[words(name), found[name], None, found["graded"]] for name in ("correct", "faithful")]
    rows += [
        [message("report_words", "agrees_with", package="eval", measure=measure_title(name)), at["share"], at["kappa"],
         at["n"]]
        for name, at in found["agreement"].items()
    ]  # fmt: skip
    heading = message("report_words", "verdict_of", package="eval", model=found["model"])
    return Panel(key="judge", table=Table(columns=[heading, words("share"), "κ", "n"], rows=rows))


def _pairs(results: Sequence[CaseResult]) -> Array:
    found = [refusal.confidence_and_right(result) for result in results if not result.error]
    return np.array([pair for pair in found if pair is not None], dtype=np.float64)


def _count(given: Sequence[CaseResult], *, answerable: bool, status: Status) -> int:
    return sum(
        result.case.answerable is answerable and result.answer is not None and result.answer.status is status
        for result in given
    )


def _wilson(right: Array) -> tuple[float, float]:
    """95 % interval of a share (Wilson, 1927)."""
    n, share, z = len(right), float(right.mean()), 1.96
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    spread = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - spread), min(1.0, centre + spread)
