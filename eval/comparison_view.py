"""A comparison as text for the terminal and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from assistant.texts import message
from eval.bootstrap import Difference
from eval.compare import Change, Comparison
from eval.measures.catalogue import all_measures
from eval.results import CaseResult
from eval.summary import measure_title, shown

LISTED = 10
"""Cases won, and cases lost, that the terminal shows."""


def comparison_text(comparison: Comparison) -> str:
    """Table of measures, cases won and lost, and the verdict of the gate."""
    return "\n".join([*_head(comparison), *_table(comparison), *_cases(comparison), "", verdict(comparison)])


def verdict(comparison: Comparison) -> str:
    """The gate's decision in one sentence."""
    if comparison.passed:
        return _text("passed")
    reasons = [measure_title(name) for name in comparison.losses]
    if comparison.new_errors:
        reasons.append(_text("new_errors", n=len(comparison.new_errors), ids=", ".join(comparison.new_errors[:5])))
    return _text("failed", reasons="; ".join(reasons))


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """The whole comparison, with every case won or lost."""
    return {
        "a": comparison.a.label,
        "b": comparison.b.label,
        "n": comparison.n,
        "only_a": list(comparison.only_a),
        "only_b": list(comparison.only_b),
        "measures": {name: _difference_json(item) for name, item in comparison.differences.items()},
        "won": [_change_json(change) for change in comparison.changes if change.won],
        "lost": [_change_json(change) for change in comparison.changes if not change.won],
        "losses": list(comparison.losses),
        "new_errors": list(comparison.new_errors),
        "passed": comparison.passed,
    }


def _head(comparison: Comparison) -> Iterator[str]:
    yield _text("pair", a=comparison.a.label, b=comparison.b.label, n=comparison.n)
    if comparison.only_a or comparison.only_b:
        yield _text("unpaired", a=len(comparison.only_a), b=len(comparison.only_b))
    yield ""


def _table(comparison: Comparison) -> Iterator[str]:
    heads = [_text(f"head_{column}") for column in ("a", "b", "difference", "interval", "p", "detectable", "n")]
    yield _row(_text("head_measure"), heads)
    protected = {name for name, measure in all_measures().items() if measure.protected}
    for name, item in comparison.differences.items():
        mark = " *" if name in protected else ""
        yield _row(measure_title(name) + mark, _cells(name, item))
    yield _text("star")


def _cells(name: str, item: Difference) -> Sequence[str]:
    gap = item.difference
    p = "–" if math.isnan(item.p) else f"{item.p:.4f}".replace(".", ",")
    return (
        shown(name, item.a), shown(name, item.b), shown(name, gap.value),
        f"{shown(name, gap.low)} … {shown(name, gap.high)}", p, shown(name, item.detectable), str(item.n),
    )  # fmt: skip


def _row(title: str, cells: Sequence[str]) -> str:
    widths = (9, 9, 9, 20, 8, 10, 6)
    return f"{title:<44}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _cases(comparison: Comparison) -> Iterator[str]:
    for won in (False, True):
        changes = [change for change in comparison.changes if change.won is won]
        yield ""
        yield _text("won" if won else "lost", n=len(changes))
        for change in changes[:LISTED]:
            yield from _change(change)
        if len(changes) > LISTED:
            yield _text("more", n=len(changes) - LISTED)


def _change(change: Change) -> Iterator[str]:
    yield f"  {change.a.case.id} ({measure_title(change.measure)}): {change.a.asked}"
    a, b = _outcomes(change)
    yield f"    A: {a}"
    yield f"    B: {b}"


def _change_json(change: Change) -> dict[str, str]:
    a, b = _outcomes(change, length=0)
    return {"id": change.a.case.id, "question": change.a.asked, "measure": change.measure, "a": a, "b": b}


def _outcomes(change: Change, length: int = 160) -> tuple[str, str]:
    """What came of both: two answers, or the hits of both where one run only searched."""
    pair = (change.a, change.b)
    if not all(result.error or result.answer for result in pair):
        pair = (replace(change.a, answer=None), replace(change.b, answer=None))
    return outcome(pair[0], length), outcome(pair[1], length)


def outcome(result: CaseResult, length: int = 160) -> str:
    """What came of a case, on one line: its error, its answer with the status, or its first hits. 0 cuts nothing."""
    if result.error:
        text = result.error
    elif result.answer is not None:
        text = f"[{result.answer.status.value}] {result.answer.text}"
    else:
        text = ", ".join(f"{hit.place.document} {hit.place.span.start}..{hit.place.span.end}" for hit in
                         (result.hits or ())[:3])  # fmt: skip
    line = " ".join(text.split())
    return line if not length or len(line) <= length else line[: length - 1] + "…"


def _difference_json(item: Difference) -> dict[str, Any]:
    values = {
        "a": item.a, "b": item.b, "difference": item.difference.value, "low": item.difference.low,
        "high": item.difference.high, "p": item.p, "detectable": item.detectable,
    }  # fmt: skip
    rounded = {name: None if math.isnan(value) else round(value, 6) for name, value in values.items()}
    return {**rounded, "n": item.n}


def _text(key: str, **details: object) -> str:
    return message("compare", key, package="eval", **details)
