"""Panels on time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from eval.report.numbers import words
from eval.report.shapes import Cell, Curve, Lines, Panel, Table
from eval.runs import Run


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
    """Milliseconds by stage."""
    names = sorted({name for result in run.results for name in result.timings})
    rows: list[list[Cell]] = [
        [name, len(values), _at(values, 0.5), _at(values, 0.95)] for name in names for values in [_times(run, name)]
    ]
    return Panel(key="stages", table=Table(columns=[words("stage"), "n", "p50", "p95"], rows=rows)) if rows else None


def _times(run: Run, name: str) -> list[float]:
    return sorted(result.timings[name] for result in run.results if name in result.timings)


def _at(values: Sequence[float], share: float) -> str:
    return f"{values[max(0, math.ceil(share * len(values)) - 1)]:.1f} ms".replace(".", ",")
