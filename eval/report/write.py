"""Write a report: ``report.html``, ``report.md`` and ``report.json`` in one folder."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.measures.catalogue import all_measures
from eval.report.content import Content, content_of
from eval.report.html import page
from eval.report.markdown import document
from eval.report.numbers import bounds_of
from eval.runs import Run


def write_report(runs: Sequence[Run], out: Path) -> Path:
    """Write the report over ``runs`` into ``out``; gives back the HTML file.

    Raises:
        RunError: if the runs are over different test sets.
        MissingExtraError: without matplotlib.
    """
    content = content_of(runs)
    html = page(content)
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.md").write_text(document(content), encoding="utf-8", errors="replace")
    numbers = json.dumps(report_json(content), ensure_ascii=False, indent=1)
    (out / "report.json").write_text(numbers + "\n", encoding="utf-8", errors="replace")
    file = out / "report.html"
    file.write_text(html, encoding="utf-8", errors="replace")
    return file


def report_json(content: Content) -> dict[str, Any]:
    """The numbers of a report for programs: values unrounded, undefined ones null."""
    return {
        "runs": [{"record": asdict(run.record), "measures": _measures(run)} for run in content.runs],
        "variants": [{"record": asdict(run.record), "measures": _measures(run)} for run in content.variants],
        "panels": {
            panel.key: {"columns": list(panel.table.columns), "rows": [list(map(_number, r)) for r in panel.table.rows]}
            for panel in content.panels
        },
        "failures": [asdict(failure) for failure in content.failures],
        "failed": content.failed,
    }


def _measures(run: Run) -> dict[str, Any]:
    found = {name: (bounds_of(m, run.results), m.defined(run.results)) for name, m in all_measures().items()}
    return {
        name: {"value": at.value, "low": _number(at.low), "high": _number(at.high), "n": n}
        for name, (at, n) in found.items()
        if not math.isnan(at.value)
    }


def _number(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
