"""What is printed after a run: the few figures that everybody asks for first."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.texts import message, texts
from eval.measures.catalogue import all_measures
from eval.results import CaseResult

SHOWN = (
    "recall@5", "found@5", "mrr@10", "ndcg@10", "document_ndcg@10", "sentence_f", "citation_precision", "right_place",
    "status_right", "no_answer_f", "auroc", "search_p50_ms", "search_p95_ms", "ask_p50_ms", "ask_p95_ms",
)  # fmt: skip


def measured(results: Sequence[CaseResult], names: Sequence[str] = ()) -> dict[str, tuple[float, int]]:
    """Each defined measure with its value and the number of cases that define it."""
    measures = all_measures()
    values = {
        name: (measures[name].value(results), measures[name].defined(results)) for name in names or tuple(measures)
    }
    return {name: value for name, value in values.items() if not math.isnan(value[0])}


def summary(results: Sequence[CaseResult]) -> str:
    """The figures of ``SHOWN`` as lines of text."""
    lines = [_text("cases", n=len(results), errors=sum(bool(result.error) for result in results))]
    lines += [
        f"  {measure_title(name):<46} {shown(name, value):>10}  n = {n}"
        for name, (value, n) in measured(results, SHOWN).items()
    ]
    return "\n".join(lines)


def shown(name: str, value: float) -> str:
    """A value as German readers write it: shares with three decimals, times in milliseconds."""
    if math.isnan(value):
        return "–"
    digits = 0 if name.endswith("_ms") else 3
    number = f"{round(value, digits) + 0.0:.{digits}f}".replace(".", ",")  # adding zero turns -0 into 0
    return f"{number} ms" if name.endswith("_ms") else number


def measure_title(name: str, language: str = "de") -> str:
    """The title of a measure in German or English."""
    title: str = texts("eval")["measures"][name][language]
    return title


def _text(key: str, **details: object) -> str:
    return message("run", key, package="eval", **details)
