"""An optional second opinion: a chat model grades answers, and is itself held against the deterministic measures.

The gate never needs it. Model and prompt are pinned by name and digest in what it writes, and an answer of the model
that cannot be read counts as no verdict, never as a bad one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from assistant.domain import Status
from eval.measures import citations
from eval.results import CaseResult

FILE = "judge.json"

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


def judgement(
    results: Sequence[CaseResult], ask: Ask, model: str, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Grade every gradable case; what :data:`FILE` holds."""
    cases = [result for result in results if gradable(result) and not result.error]
    grades: dict[str, Grade] = {}
    for number, result in enumerate(cases, start=1):
        found = grade(result, ask)
        if found is not None:
            grades[result.case.id] = found
        progress(number, len(cases))
    return {
        "model": model,
        "prompt_sha256": hashlib.sha256(prompt_template().encode()).hexdigest(),
        "graded": len(grades),
        "unreadable": len(cases) - len(grades),
        "correct": _share([given.correct for given in grades.values()]),
        "faithful": _share([given.faithful for given in grades.values()]),
        "agreement_with_right_place": _agreement_json(cases, grades),
        "grades": {case: asdict(given) for case, given in grades.items()},
    }


def write_judgement(folder: Path, value: Mapping[str, Any]) -> Path:
    """Write it beside the run it is about."""
    file = folder / FILE
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def _agreement_json(cases: Sequence[CaseResult], grades: Mapping[str, Grade]) -> dict[str, Any] | None:
    pairs = [
        (grades[result.case.id].correct, citations.right_place(result) == 1)
        for result in cases
        if result.case.id in grades
    ]
    found = agreement(pairs)
    return asdict(found) if found else None


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _listed(texts: Sequence[str]) -> str:
    return "\n".join(f"- {' '.join(text.split())}" for text in texts)
