"""Evaluation cases: what is asked, and where in the documents the answer stands.

Gold is a place in a document, so it survives every change of chunking. The file format is one JSON object per line;
``docs/measures.md`` describes it for users. A file is checked as a whole before anything runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.domain import Query, Span, Status, Turn
from eval.errors import CasesError
from eval.fields import Fields
from eval.jsonl import at_line, read_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A stretch of one document. ``text`` and physical ``pages`` are empty where they are unknown."""

    document: str
    span: Span
    text: str = ""
    pages: tuple[int, ...] = ()

    def overlaps(self, other: Place) -> bool:
        """Whether the two share at least one character of the same document."""
        return self.document == other.document and self.span.overlaps(other.span)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something the answer must say: a wording, or a regular expression when ``pattern`` is set."""

    text: str
    pattern: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalCase:
    """One question of a test set.

    ``answerable`` says whether the scope (``documents``; empty for all) answers the question; an answerable case may
    have no ``gold`` (the place is then unknown, not missing). ``expected`` is the only right status, where not every
    answer to an answerable question will do. ``line`` is the case's line in its file.
    """

    id: str
    question: str
    answerable: bool
    gold: tuple[Place, ...] = ()
    documents: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    tags: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    expected: Status | None = None
    line: int = field(default=0, compare=False)

    def query(self) -> Query:
        """The case as the assistant is asked it."""
        return Query(question=self.question, documents=self.documents, history=self.history)


def read_cases(file: Path) -> list[EvalCase]:
    """All cases of ``file``.

    Raises:
        CasesError: naming every line that is no valid case.
        RunError: if the file cannot be read.
    """
    problems: list[str] = []
    cases: dict[str, EvalCase] = {}
    for line, value in read_lines(file, problems):
        fields = Fields(value)
        case = replace(_case(fields), line=line)
        problems += [at_line(file, line, problem, **details) for problem, details in fields.problems]
        if case.id and case.id in cases:
            problems.append(at_line(file, line, "duplicate_id", id=case.id, first=cases[case.id].line))
        cases.setdefault(case.id, case)
    if problems:
        raise CasesError(problems)
    if not cases:
        raise CasesError([at_line(file, 1, "no_cases")])
    return list(cases.values())


def check_places(file: Path, cases: Sequence[EvalCase], texts: Mapping[str, str]) -> None:
    """Make sure that every gold place and scope exists in ``texts`` (document id to text).

    Raises:
        CasesError: naming every case that points nowhere, or at other words than it quotes.
    """
    problems: list[str] = []
    for case in cases:
        for document in case.documents:
            if document not in texts:
                problems.append(at_line(file, case.line, "document_missing", document=document))
        for place in case.gold:
            problem = _place_problem(place, texts)
            if problem:
                problems.append(at_line(file, case.line, problem[0], document=place.document, **problem[1]))
    if problems:
        raise CasesError(problems)


def case_json(case: EvalCase) -> dict[str, Any]:
    """A case in the file format; empty optional fields are left out."""
    value: dict[str, Any] = {
        "id": case.id,
        "question": case.question,
        "answerable": case.answerable,
        "documents": list(case.documents),
        "gold": [place_json(place) for place in case.gold],
        "history": [{"question": turn.question, "answer": turn.answer} for turn in case.history],
        "tags": list(case.tags),
        "facts": [{"pattern": fact.text} if fact.pattern else fact.text for fact in case.facts],
        "expected": case.expected.value if case.expected else "",
    }
    return {key: item for key, item in value.items() if item or key in {"answerable", "gold"}}


def place_json(place: Place) -> dict[str, Any]:
    """A place in the file format."""
    value: dict[str, Any] = {"document": place.document, "start": place.span.start, "end": place.span.end}
    if place.text:
        value["text"] = place.text
    if place.pages:
        value["pages"] = list(place.pages)
    return value


def case_from_json(value: Mapping[str, Any]) -> EvalCase:
    """The inverse of :func:`case_json`, for values that were checked before."""
    return _case(Fields(value))


def _case(fields: Fields) -> EvalCase:
    case = EvalCase(
        id=fields.text("id"),
        question=fields.text("question"),
        answerable=fields.truth("answerable"),
        gold=tuple(_place(place) for place in fields.objects("gold")),
        documents=fields.texts("documents"),
        history=tuple(
            Turn(question=turn.text("question"), answer=turn.optional_text("answer"))
            for turn in fields.objects("history")
        ),
        tags=fields.texts("tags"),
        facts=tuple(Fact(text=text, pattern=pattern) for text, pattern in fields.wordings("facts")),
        expected=fields.status("expected"),
    )
    if case.gold and not case.answerable and not fields.problems:
        fields.complain("gold_of_unanswerable")
    return case


def _place(fields: Fields) -> Place:
    start, end = fields.number("start"), fields.number("end")
    if start >= end:
        fields.complain("empty_span", start=start, end=end)
        start, end = 0, 0
    return Place(
        document=fields.text("document"),
        span=Span(start=start, end=end),
        text=fields.optional_text("text"),
        pages=fields.numbers("pages"),
    )


def _place_problem(place: Place, texts: Mapping[str, str]) -> tuple[str, dict[str, object]] | None:
    if place.document not in texts:
        return "document_missing", {}
    text = texts[place.document]
    if place.span.end > len(text):
        return "span_outside", {"start": place.span.start, "end": place.span.end, "length": len(text)}
    found = place.span.of(text)
    # Some public sets trim their quotes at the edges; the words are what counts.
    if place.text and place.text.split() != found.split():
        return "other_words", {"expected": _short(place.text), "found": _short(found), "hint": _hint(place, text)}
    return None


def _hint(place: Place, text: str) -> str:
    """Where the quoted words stand, if they stand in the text exactly once: `` (start..end)``."""
    start = text.find(place.text)
    once = start >= 0 and text.find(place.text, start + 1) < 0
    return f" ({start}..{start + len(place.text)})" if once else ""


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
