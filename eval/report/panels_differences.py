"""Panels on differences: between systems, between tags, and between ways to word the same question."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.texts import message
from eval.bootstrap import Difference, difference
from eval.measures.catalogue import all_measures
from eval.report.numbers import HEADLINES, bounds_of, difference_cells, paired, resampled, with_bounds, words
from eval.report.shapes import Forest, Panel, Table, shortened
from eval.runs import Run
from eval.summary import measure_title, shown

SLICED = ("recall@5", "status_right")
"""The measures that are shown by tag."""


def forest(runs: Sequence[Run]) -> Panel | None:
    """Paired differences of the first run to each other one."""
    main, rows = runs[0], []
    for other in runs[1:]:
        a, b = paired(other, main)
        for name in HEADLINES if a else ():
            found = difference(all_measures()[name], a, b, resampled(len(a)))
            if not math.isnan(found.difference.value):
                rows.append((other.label, name, found))
    if not rows:
        return None
    return Panel(
        key="differences",
        table=Table(
            columns=[words("against"), words("measure"), words("difference"), words("interval"), "p", "n"],
            rows=[[label, measure_title(name), *difference_cells(found)] for label, name, found in rows],
        ),
        chart=Forest(
            rows=[(f"{measure_title(name)} – {shortened(label, 20)}", found.difference) for label, name, found in rows],
            x=words("difference"),
        ),
        says=message(
            "report_words",
            "differences_say",
            package="eval",
            better=sum(found.difference.low > 0 for *_, found in rows),
            worse=sum(found.difference.high < 0 for *_, found in rows),
            n=len(rows),
        ),
    )


def slices(run: Run) -> Panel | None:
    """Measures by tag."""
    tags = sorted({tag for result in run.results for tag in result.case.tags})
    rows = []
    for tag in tags if len(tags) > 1 else ():
        members = [result for result in run.results if tag in result.case.tags]
        found = [(name, bounds_of(all_measures()[name], members)) for name in SLICED]
        rows += [
            (tag, name, at, all_measures()[name].defined(members)) for name, at in found if not math.isnan(at.value)
        ]
    if not rows:
        return None
    return Panel(
        key="slices",
        table=Table(
            columns=[words("tag"), words("measure"), words("value"), "n"],
            rows=[[tag, measure_title(name), with_bounds(name, at), n] for tag, name, at, n in rows],
        ),
        chart=Forest(
            rows=[(f"{shortened(tag, 20)} – {measure_title(name)} (n = {n})", at) for tag, name, at, n in rows],
            x=words("value"),
            centre=None,
        ),
        says="; ".join(f"{tag}: {measure_title(name)} {shown(name, at.value)}" for tag, name, at, _ in rows[:6]),
    )


def robustness(main: Run, variants: Sequence[Run]) -> Panel | None:
    """How much is lost when the same questions are asked in a harder way."""
    rows = []
    for variant in variants:
        a, b = paired(main, variant)
        for name in HEADLINES if a else ():
            found = difference(all_measures()[name], a, b, resampled(len(a)))
            if found.a > 0 and not math.isnan(found.b):
                rows.append((variant.record.variant, name, found))
    if not rows:
        return None
    return Panel(
        key="robustness",
        table=Table(
            columns=[words("variant"), words("measure"), words("before"), words("after"), words("loss")],
            rows=[
                [variant, measure_title(name), shown(name, at.a), shown(name, at.b), _loss(at)]
                for variant, name, at in rows
            ],
        ),
        chart=Forest(rows=[(f"{variant} – {measure_title(name)}", at.difference) for variant, name, at in rows],
                     x=words("difference")),
        says="; ".join(f"{variant}: {measure_title(name)} {_loss(at)}" for variant, name, at in rows[:6]),
    )  # fmt: skip


def _loss(found: Difference) -> str:
    """The share of the measure that is lost; below zero where something is gained."""
    return f"{1 - found.b / found.a:.1%}".replace(".", ",")
