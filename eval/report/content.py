"""Everything a report shows, worked out once and written in three forms."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.texts import message
from eval.errors import RunError
from eval.report.failures import failures
from eval.report.panels import all_panels
from eval.report.shapes import Failure, Panel
from eval.runs import Run
from eval.systems import SystemName
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

    @property
    def lacks_baseline(self) -> bool:
        """Whether no run shows what plain BM25 would do."""
        return all(run.record.system != SystemName.BM25 for run in self.runs)


def content_of(runs: Sequence[Run]) -> Content:
    """Sort the runs into systems and robustness variants and work out everything.

    Raises:
        RunError: if the runs are over different test sets.
    """
    if len({run.record.cases["digest"] for run in runs}) > 1:
        raise RunError("report_mixed", names=", ".join(sorted({str(run.record.cases["name"]) for run in runs})))
    main, *others = _told_apart(runs)
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


def _told_apart(runs: Sequence[Run]) -> list[Run]:
    """The runs, those named like an earlier one with a number behind their name."""
    seen: Counter[str] = Counter()
    named = []
    for run in runs:
        seen[run.label] += 1
        number = seen[run.label]
        name = run.record.name if number == 1 else f"{run.record.name} ({number})"
        named.append(replace(run, record=replace(run.record, name=name)))
    return named


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
