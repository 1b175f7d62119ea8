"""An optional second opinion: a chat model grades answers, and is itself held against the deterministic measures.

The gate never needs it. Model and prompt are pinned by name and digest in what it writes, and an answer of the model
that cannot be read counts as no verdict, never as a bad one.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from assistant.domain import Status
from assistant.texts import message
from eval.errors import RunError
from eval.measures import answers, citations
from eval.results import CaseResult
from eval.runs import JUDGEMENT
from eval.summary import measure_title, shown

log = logging.getLogger(__name__)

Ask = Callable[[str], str]
"""Sends a prompt to a chat model and gives back its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """The model's verdict: whether the answer says what the gold places say, and whether its citations carry it."""

    correct: bool
    faithful: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far the model agrees with a measure. ``kappa`` is Cohen's (1960): 0 is chance, 1 is full agreement."""

    share: float
    kappa: float
    n: int


def gradable(result: CaseResult) -> bool:
    """Whether a case can be graded: answered, and with gold texts to hold the answer against."""
    answered = result.answer is not None and result.answer.status is not Status.DECLINED
    return answered and any(place.text for place in result.case.gold)


def prompt_template() -> str:
    """The pinned prompt."""
    return files("eval").joinpath("prompts", "judge.md").read_text(encoding="utf-8")


def grade(result: CaseResult, ask: Ask) -> Grade | None:
    """The verdict on one gradable case; None if the model's answer cannot be read."""
    assert result.answer is not None
    prompt = prompt_template().format(
        question=result.asked,
        gold=_listed([place.text for place in result.case.gold]),
        answer=result.answer.text,
        citations=_listed([cited.place.text for cited in result.answer.citations]),
    )
    return read_grade(ask(prompt))


def read_grade(text: str) -> Grade | None:
    """The first JSON object in ``text`` as a grade; None if it is not one."""
    start, end = text.find("{"), text.rfind("}")
    try:
        value = json.loads(text[start : end + 1])
    except ValueError:
        return None
    correct, faithful = (value.get(name) if isinstance(value, dict) else None for name in ("richtig", "belegt"))
    if not isinstance(correct, bool) or not isinstance(faithful, bool):
        return None
    return Grade(correct=correct, faithful=faithful, reason=str(value.get("grund", "")))


def agreement(pairs: Sequence[tuple[bool, bool]]) -> Agreement | None:
    """Agreement of two judgements over the same cases; None without cases."""
    if not pairs:
        return None
    n = len(pairs)
    share = sum(a == b for a, b in pairs) / n
    yes_a, yes_b = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    return Agreement(share=share, kappa=1.0 if chance == 1 else (share - chance) / (1 - chance), n=n)


AGAINST: Mapping[str, tuple[str, Callable[[CaseResult], float | None], float]] = {
    "right_place": ("correct", citations.right_place, 1),
    "fact_recall": ("correct", answers.fact_recall, 1),
    "unsupported_sentences": ("faithful", citations.unsupported_sentences, 0),
}
"""Measures that the judge is held against: which of its verdicts, the measure, and its value where it says yes."""


def judgement(
    results: Sequence[CaseResult], ask: Ask, model: str, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Grade every gradable case; what :data:`eval.runs.JUDGEMENT` holds.

    A call that fails leaves its case without a verdict.

    Raises:
        RunError: if every call failed.
    """
    cases = [result for result in results if gradable(result) and not result.error]
    grades: dict[str, Grade] = {}
    errors: dict[str, str] = {}
    for number, result in enumerate(cases, start=1):
        try:
            found = grade(result, ask)
        except Exception as error:  # every provider fails in its own way; the others are still graded
            log.warning("case %s was not graded", result.case.id, exc_info=True)
            errors[result.case.id] = f"{type(error).__name__}: {error}"
            found = None
        if found is not None:
            grades[result.case.id] = found
        progress(number, len(cases))
    if cases and len(errors) == len(cases):
        raise RunError("judge_failed", reason=next(iter(errors.values())))
    return {
        "model": model,
        "prompt_sha256": hashlib.sha256(prompt_template().encode()).hexdigest(),
        "graded": len(grades),
        "unreadable": len(cases) - len(grades) - len(errors),
        "failed": errors,
        "correct": _share([given.correct for given in grades.values()]),
        "faithful": _share([given.faithful for given in grades.values()]),
        "agreement": _agreements(cases, grades),
        "grades": {case: asdict(given) for case, given in grades.items()},
    }


def write_judgement(folder: Path, value: Mapping[str, Any]) -> Path:
    """Write it beside the run it is about."""
    file = folder / JUDGEMENT
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def judgement_text(found: Mapping[str, Any]) -> str:
    """The figures of a judgement for the terminal."""
    line = _text(
        "graded",
        n=found["graded"],
        unreadable=found["unreadable"],
        failed=len(found["failed"]),
        **{name: shown(name, math.nan if found[name] is None else found[name]) for name in ("correct", "faithful")},
    )
    agreements = [
        _text("agreement", measure=measure_title(name), n=at["n"], share=shown("", at["share"]),
              kappa=shown("", at["kappa"]))
        for name, at in found["agreement"].items()
    ]  # fmt: skip
    return "\n".join([line, *agreements])


def _text(key: str, **details: object) -> str:
    return message("judge", key, package="eval", **details)


def _agreements(cases: Sequence[CaseResult], grades: Mapping[str, Grade]) -> dict[str, dict[str, Any]]:
    """Agreement with each measure of ``AGAINST``, over the graded cases that define it."""
    graded = [(grades[result.case.id], result) for result in cases if result.case.id in grades]
    found = {}
    for name, (verdict, measure, yes) in AGAINST.items():
        values = [(bool(getattr(given, verdict)), measure(result)) for given, result in graded]
        found[name] = agreement([(said, value == yes) for said, value in values if value is not None])
    return {name: asdict(item) for name, item in found.items() if item}


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _listed(texts: Sequence[str]) -> str:
    return "\n".join(f"- {' '.join(text.split())}" for text in texts)
