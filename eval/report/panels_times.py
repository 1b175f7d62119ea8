"""Panels on time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.texts import texts
from eval.bootstrap import Interval
from eval.report.numbers import words
from eval.report.shapes import Cell, Curve, Forest, Lines, Panel, Table
from eval.runs import Run

SPREAD = (0.05, 0.5, 0.95)
"""The shares of requests that the times by stage tell of."""


def times(run: Run) -> Panel | None:
    """How many requests were done after how many milliseconds."""
    totals = {what: _times(run, f"{what}.total") for what in ("search", "ask")}
    totals = {what: values for what, values in totals.items() if values}
    if not totals:
        return None
    curves = [
        Curve(label=words(what), x=values, y=[(at + 1) / len(values) for at in range(len(values))])
        for what, values in totals.items()
    ]
    shares = (0.5, 0.9, 0.95, 0.99, 1.0)
    rows: list[list[Cell]] = [
        [words(what), *(_at(values, share) for share in shares)] for what, values in totals.items()
    ]
    return Panel(
        key="times",
        table=Table(columns=[words("stage"), "p50", "p90", "p95", "p99", "max"], rows=rows),
        chart=Lines(curves=curves, x=words("milliseconds"), y=words("share_done"), stairs=True, log=True),
        says="; ".join(f"{row[0]} p50 {row[1]}, p95 {row[3]}" for row in rows),
    )


def stages(run: Run) -> Panel | None:
    """Milliseconds by stage: where most requests lie, and the middle one."""
    names = sorted({name for result in run.results for name in result.timings})
    if not names:
        return None
    times = {stage_title(name): _times(run, name) for name in names}
    rows: list[list[Cell]] = [
        [name, len(values), *(_at(values, share) for share in SPREAD)] for name, values in times.items()
    ]
    low, middle, high = SPREAD
    spread = [
        (
            name,
            Interval(value=_percentile(values, middle), low=_percentile(values, low), high=_percentile(values, high)),
        )
        for name, values in times.items()
    ]
    return Panel(
        key="stages",
        table=Table(columns=[words("stage"), "n", *(f"p{share * 100:.0f}" for share in SPREAD)], rows=rows),
        chart=Forest(rows=spread, x=words("milliseconds"), centre=None),
        says="; ".join(f"{row[0]} p50 {row[3]}, p95 {row[4]}" for row in rows),
    )


def stage_title(name: str) -> str:
    """A stage (``search.embed``) in German; its own name where a system has stages of its own."""
    what, _, stage = name.partition(".")
    known = texts("eval")["stages"]
    return f"{known.get(what, what)}: {known.get(stage, stage)}"


def _times(run: Run, name: str) -> list[float]:
    return sorted(result.timings[name] for result in run.results if name in result.timings)


def _at(values: Sequence[float], share: float) -> str:
    return f"{_percentile(values, share):.1f} ms".replace(".", ",")


def _percentile(values: Sequence[float], share: float) -> float:
    """The nearest rank in sorted ``values``."""
    return values[max(0, math.ceil(share * len(values)) - 1)]
