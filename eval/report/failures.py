"""The gallery of failures: the worst first, with question, answer, gold and pages."""

from __future__ import annotations

from collections.abc import Sequence

from eval.cases import Place
from eval.measures import citations, ranking, refusal
from eval.report.numbers import words
from eval.report.shapes import Failure
from eval.results import CaseResult, GivenAnswer

KINDS = ("error", "invented", "refused", "wrong_place", "not_found")
"""What can go wrong, worst first."""


def failures(results: Sequence[CaseResult]) -> list[Failure]:
    """Every case that went wrong, the worst kinds first, each kind in the order of the run."""
    found = [(kind, result) for result in results for kind in [kind_of(result)] if kind]
    return [_failure(kind, result) for kind, result in sorted(found, key=lambda item: KINDS.index(item[0]))]


def kind_of(result: CaseResult) -> str:
    """What went wrong with a case: one of ``KINDS``, or empty."""
    if result.error:
        return "error"
    if refusal.wrongly_answered(result) == 1:
        return "invented"
    if refusal.wrongly_declined(result) == 1:
        return "refused"
    if citations.citation_recall(result) == 0:
        return "wrong_place"
    missed = result.hits is not None and bool(result.case.gold) and not ranking.recall(
        [hit.place for hit in result.hits], result.case.gold, 5
    )  # fmt: skip
    return "not_found" if missed else ""


def _failure(kind: str, result: CaseResult) -> Failure:
    return Failure(
        kind=kind,
        id=result.case.id,
        question=result.asked,
        answer=_answer(result.answer) if result.answer else result.error,
        gold=[_place(place) for place in result.case.gold],
        cited=[_place(cited.place) for cited in result.answer.citations] if result.answer else _hits(result),
        tags=result.case.tags,
    )


def _answer(answer: GivenAnswer) -> str:
    confidence = f"{answer.confidence:.2f}".replace(".", ",")
    return f"[{words(answer.status.value)}; {words('confidence')} {confidence}] {_short(answer.text)}"


def _hits(result: CaseResult) -> list[str]:
    return [_place(hit.place) for hit in (result.hits or ())[:3]]


def _place(place: Place) -> str:
    pages = f", S. {', '.join(map(str, place.pages))}" if place.pages else ""
    quote = f": „{_short(place.text)}“" if place.text else ""
    return f"{place.document}{pages} ({place.span.start}–{place.span.end}){quote}"


def _short(text: str, length: int = 300) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
