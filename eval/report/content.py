"""Everything a report shows, worked out once and written in three forms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.texts import message
from eval.errors import RunError
from eval.report.failures import failures
from eval.report.panels import all_panels
from eval.report.shapes import Failure, Panel
from eval.runs import Run
from eval.variants import Variant

SHOWN_FAILURES = 60
"""Failures in the gallery; beyond that nobody reads, and the file grows."""

_REWORDED = frozenset({Variant.TYPOS, Variant.UMLAUTS, Variant.LOWERCASE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A report over ``runs``, the first in front, with its robustness ``variants``. ``failed`` counts all failures."""

    runs: Sequence[Run]
    variants: Sequence[Run]
    panels: Sequence[Panel]
    failures: Sequence[Failure]
    failed: int


def content_of(runs: Sequence[Run]) -> Content:
    """Sort the runs into systems and robustness variants and work out everything.

    Raises:
        RunError: if the runs are over different test sets.
    """
    if len({run.record.cases["digest"] for run in runs}) > 1:
        raise RunError("report_mixed", names=", ".join(sorted({str(run.record.cases["name"]) for run in runs})))
    main, *others = runs
    variants = [run for run in others if run.record.variant in _REWORDED]
    systems = [main, *(run for run in others if run.record.variant not in _REWORDED)]
    found = failures(main.results)
    return Content(
        runs=systems,
        variants=variants,
        panels=all_panels(systems, variants),
        failures=found[:SHOWN_FAILURES],
        failed=len(found),
    )


def heading(content: Content) -> str:
    """The title of the report."""
    record = content.runs[0].record
    return message("report_words", "title", package="eval", cases=record.cases["name"], n=len(content.runs[0].results))


def card(run: Run) -> Mapping[str, str]:
    """The circumstances of a run, for people."""
    record = run.record
    named: dict[str, Any] = {
        "system": record.system, "what": record.what, "variant": record.variant, "cases": record.cases,
        "settings": record.settings, "index": record.index, "code": record.code, "depth": record.depth,
        "seed": record.seed, "units": record.units, "versions": record.versions, "machine": record.machine,
        "time": f"{record.started} – {record.finished}",
    }  # fmt: skip
    return {message("circumstances", name, package="eval"): _readable(value) for name, value in named.items()}


def _readable(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False).strip("{}").replace('"', "")
