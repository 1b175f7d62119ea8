"""Whether the right questions are answered and the right ones declined, and what the confidence is worth."""

from __future__ import annotations

from assistant.domain import Status
from eval.results import CaseResult

RIGHT_WITHIN = 3
"""Hits that may hold the gold place for a declined case to count as one that could have been answered rightly."""


def status_right(result: CaseResult) -> float | None:
    """1 if the status is the expected one; without one, if exactly the answerable questions are not declined."""
    if result.answer is None:
        return None
    if result.case.expected is not None:
        return float(result.answer.status is result.case.expected)
    return float(_declined(result) is not result.case.answerable)


def wrongly_declined(result: CaseResult) -> float | None:
    """1 if an answerable question is declined: NoMIRACL's error rate (Thakur et al., 2024)."""
    return None if result.answer is None or not result.case.answerable else float(_declined(result))


def wrongly_answered(result: CaseResult) -> float | None:
    """1 if an unanswerable question is not declined: NoMIRACL's hallucination rate (Thakur et al., 2024)."""
    return None if result.answer is None or result.case.answerable else float(not _declined(result))


def decline_precision(result: CaseResult) -> float | None:
    """1 if a declined question is unanswerable; undefined for answers."""
    return None if result.answer is None or not _declined(result) else float(not result.case.answerable)


def decline_decision(result: CaseResult) -> tuple[float, float] | None:
    """(declined, unanswerable), for the F1 of "no answer"."""
    return None if result.answer is None else (float(_declined(result)), float(not result.case.answerable))


def rightly_handled(result: CaseResult) -> tuple[float, float] | None:
    """(answered, undefined) for answerable and (undefined, declined) for unanswerable questions."""
    if result.answer is None:
        return None
    nan = float("nan")
    return (nan, float(_declined(result))) if not result.case.answerable else (float(not _declined(result)), nan)


def confidence_and_answerable(result: CaseResult) -> tuple[float, float] | None:
    """(confidence, whether the question is answerable), for AUROC."""
    return None if result.answer is None else (result.answer.confidence, float(result.case.answerable))


def confidence_and_right(result: CaseResult) -> tuple[float, float] | None:
    """(confidence, whether the answer is right), for calibration and the risk-coverage curve.

    An answer is right when the question is answerable and, where gold is known, a citation overlaps it. A declined
    question has no citations; its first ``RIGHT_WITHIN`` hits stand in for them.
    """
    if result.answer is None:
        return None
    places = [cited.place for cited in result.answer.citations]
    if _declined(result):
        if result.hits is None and result.case.gold:
            return None
        places = [hit.place for hit in (result.hits or ())[:RIGHT_WITHIN]]
    gold = result.case.gold
    found = not gold or any(place.overlaps(other) for place in gold for other in places)
    return result.answer.confidence, float(result.case.answerable and found)


def squared_error(result: CaseResult) -> float | None:
    """Squared gap between confidence and rightness (Brier, 1950), 0..1."""
    pair = confidence_and_right(result)
    return None if pair is None else (pair[0] - pair[1]) ** 2


def _declined(result: CaseResult) -> bool:
    return result.answer is not None and result.answer.status is Status.DECLINED
