"""The panels of a report: each function gives one, or None where its runs do not define it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.texts import message
from eval.bootstrap import Interval
from eval.measures.catalogue import CUTOFFS, Measure, all_measures
from eval.report.numbers import HEADLINES, bounds_of, with_bounds, words
from eval.report.panels_answers import calibration, confusion, judged, risk_coverage
from eval.report.panels_differences import forest, robustness, slices
from eval.report.panels_times import stages, times
from eval.report.shapes import Bars, Cell, Curve, Lines, Panel, Table
from eval.runs import Run
from eval.summary import measure_title, shown


def all_panels(runs: Sequence[Run], variants: Sequence[Run]) -> list[Panel]:
    """The panels of a report over ``runs`` (the first is in front) and its robustness ``variants``."""
    main = runs[0]
    panels = [
        headline_bars(runs), recall_curve(runs), forest(runs), confusion(main), risk_coverage(main), calibration(main),
        slices(main), robustness(main, variants), times(main), stages(main), judged(main), measures(runs),
    ]  # fmt: skip
    return [panel for panel in panels if panel is not None]


def measures(runs: Sequence[Run]) -> Panel:
    """Every measure of every run with its interval."""
    rows: list[list[Cell]] = []
    for name, measure in all_measures().items():
        intervals = [bounds_of(measure, run.results) for run in runs]
        if all(math.isnan(found.value) for found in intervals):
            continue
        rows.append([measure_title(name), *(with_bounds(name, found) for found in intervals), _defined(measure, runs)])
    columns = [words("measure"), *(run.label for run in runs), words("defined")]
    return Panel(key="measures", table=Table(columns=columns, rows=rows))


def _defined(measure: Measure, runs: Sequence[Run]) -> str:
    """How many cases of how many define it: one number where it is the same for all runs, else one for each."""
    numbers = [measure.defined(run.results) for run in runs]
    shown = " / ".join(map(str, numbers if len(set(numbers)) > 1 else numbers[:1]))
    return message("report_words", "defined_of", package="eval", n=shown, all=len(runs[0].results))


def recall_curve(runs: Sequence[Run]) -> Panel | None:
    """Recall over the length of the hit list."""
    found = {run.label: [bounds_of(all_measures()[f"recall@{k}"], run.results) for k in CUTOFFS] for run in runs}
    found = {label: row for label, row in found.items() if not math.isnan(row[0].value)}
    if not found:
        return None
    curves = [_recall_curve(label, row) for label, row in found.items()]
    rows = [[label, *(with_bounds("", at) for at in row)] for label, row in found.items()]
    first = next(iter(found.values()))
    return Panel(
        key="recall",
        table=Table(columns=[words("system"), *(f"k = {k}" for k in CUTOFFS)], rows=rows),
        chart=Lines(curves=curves, x="k", y="Recall@k", ticks=CUTOFFS, log=True),
        says=", ".join(f"Recall@{k} {shown('', at.value)}" for k, at in zip(CUTOFFS, first, strict=True)),
    )


def _recall_curve(label: str, row: Sequence[Interval]) -> Curve:
    """The points that are defined: shorter lists than k leave recall@k out."""
    points = [(k, at) for k, at in zip(CUTOFFS, row, strict=True) if not math.isnan(at.value)]
    return Curve(
        label=label,
        x=[k for k, _ in points],
        y=[at.value for _, at in points],
        band=[(at.low, at.high) for _, at in points],
    )


def headline_bars(runs: Sequence[Run]) -> Panel | None:
    """The most asked-for measures of all runs side by side."""
    table = {name: [bounds_of(all_measures()[name], run.results) for run in runs] for name in HEADLINES}
    table = {name: row for name, row in table.items() if not math.isnan(row[0].value)}
    if not table:
        return None
    titles = [measure_title(name) for name in table]
    series = [(run.label, [row[at] for row in table.values()]) for at, run in enumerate(runs)]
    rows = [[measure_title(name), *(with_bounds(name, at) for at in row)] for name, row in table.items()]
    return Panel(
        key="systems",
        table=Table(columns=[words("measure"), *(run.label for run in runs)], rows=rows),
        chart=Bars(groups=titles, series=series, y=words("value")),
        says="; ".join(f"{runs[0].label}: {row[0]} {row[1]}" for row in rows[:3]),
    )
