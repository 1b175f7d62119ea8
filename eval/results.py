"""What came of one case: the facts a measure may read, and their form as one JSON line of a run.

Everything that needs the documents (pages of the gold places, sentences, verbatim checks) is worked out while the
case runs, so that measures, comparisons and reports need nothing but the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.domain import Span, Status, Support
from eval.cases import EvalCase, Place, case_from_json, case_json, place_json

DEPTH = 50
"""The usual length of hit lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A hit: a place and its score in its own ranked list."""

    place: Place
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A citation. ``verbatim`` says whether the quote is exactly the document's text at that place."""

    marker: int
    place: Place
    verbatim: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence of an answer with the markers it carries."""

    text: str
    markers: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Sentences (or lines) counted: in the gold places, in the citations, and in both."""

    gold: int
    cited: int
    both: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """An answer as the measures see it. ``text`` still carries its markers (``[1]``)."""

    status: Status
    mode: str
    text: str
    confidence: float
    sentences: tuple[Said, ...]
    citations: tuple[Cited, ...]
    suggestions: tuple[str, ...] = ()
    units: Units | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One case and what the system made of it.

    ``asked`` is the question as it was put, after a robustness variant. ``hits`` is None where search was not run,
    ``hits_alone`` are the hits of a follow-up question asked without its history, ``answer`` is None where no answer
    was asked for. ``error`` is empty or says how the case crashed. ``timings`` are milliseconds by ``stage.part``.
    ``depth`` is how many hits were asked for; fewer came where there are fewer.
    """

    case: EvalCase
    asked: str
    hits: tuple[Found, ...] | None = None
    hits_alone: tuple[Found, ...] | None = None
    answer: GivenAnswer | None = None
    error: str = ""
    timings: Mapping[str, float] = field(default_factory=dict)
    depth: int = DEPTH


def result_json(result: CaseResult) -> dict[str, Any]:
    """One line of ``results.jsonl``."""
    return {
        **case_json(result.case),
        "asked": result.asked,
        "hits": _hits_json(result.hits),
        "hits_alone": _hits_json(result.hits_alone),
        "answer": _answer_json(result.answer) if result.answer else None,
        "error": result.error,
        "timings": {stage: round(milliseconds, 2) for stage, milliseconds in result.timings.items()},
    }


def result_from_json(value: Mapping[str, Any], depth: int = DEPTH) -> CaseResult:
    """The inverse of :func:`result_json`, for a run with lists of ``depth`` hits.

    Raises:
        KeyError, TypeError, ValueError: if the line is not one of a run.
    """
    return CaseResult(
        case=case_from_json(value),
        asked=value["asked"],
        hits=_hits(value["hits"]),
        hits_alone=_hits(value["hits_alone"]),
        answer=_answer(value["answer"]) if value["answer"] else None,
        error=value["error"],
        timings=value["timings"],
        depth=depth,
    )


def _hits_json(hits: tuple[Found, ...] | None) -> list[dict[str, Any]] | None:
    return None if hits is None else [{**place_json(hit.place), "score": round(hit.score, 6)} for hit in hits]


def _hits(values: list[dict[str, Any]] | None) -> tuple[Found, ...] | None:
    return None if values is None else tuple(Found(place=_place(value), score=value["score"]) for value in values)


def _place(value: Mapping[str, Any]) -> Place:
    return Place(
        document=value["document"],
        span=Span(start=value["start"], end=value["end"]),
        text=value.get("text", ""),
        pages=tuple(value.get("pages", ())),
    )


def _answer_json(answer: GivenAnswer) -> dict[str, Any]:
    return {
        "status": answer.status.value,
        "mode": answer.mode,
        "text": answer.text,
        "confidence": round(answer.confidence, 4),
        "sentences": [
            {"text": said.text, "citations": list(said.markers), "support": said.support.value}
            for said in answer.sentences
        ],
        "citations": [
            {"marker": cited.marker, **place_json(cited.place), "verbatim": cited.verbatim}
            for cited in answer.citations
        ],
        "suggestions": list(answer.suggestions),
        "units": [answer.units.gold, answer.units.cited, answer.units.both] if answer.units else None,
    }


def _answer(value: Mapping[str, Any]) -> GivenAnswer:
    units = value["units"]
    return GivenAnswer(
        status=Status(value["status"]),
        mode=value["mode"],
        text=value["text"],
        confidence=value["confidence"],
        sentences=tuple(
            Said(text=said["text"], markers=tuple(said["citations"]), support=Support(said["support"]))
            for said in value["sentences"]
        ),
        citations=tuple(
            Cited(marker=cited["marker"], place=_place(cited), verbatim=cited["verbatim"])
            for cited in value["citations"]
        ),
        suggestions=tuple(value["suggestions"]),
        units=Units(gold=units[0], cited=units[1], both=units[2]) if units else None,
    )
