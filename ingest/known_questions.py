"""Known questions: ``known-questions/*.jsonl`` of an ingested folder, which are no documents.

One question to a line: ``question``, ``gold`` (places that answer it, each a ``document`` and ``text`` that stands
there word for word), ``history`` for a follow-up (earlier turns, each with its ``question``), ``answerable`` (whether
the documents answer it). Other fields are the author's own; it is the form of evaluation cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError

from assistant.domain import KnownQuestion, Query, Turn
from assistant.errors import CorpusError, InputError
from assistant.followups import standing_alone
from assistant.questions import checked

FOLDER = "known-questions"
SUFFIX = ".jsonl"
LONGEST = 2_000
"""Characters of a question at most."""


class _Answer(BaseModel):
    document: str
    text: str


class _Turn(BaseModel):
    question: str


class _Line(BaseModel):
    question: str
    answerable: bool
    gold: tuple[_Answer, ...] = ()
    history: tuple[_Turn, ...] = ()


def is_known_questions(name: str) -> bool:
    """Whether a file of this name, relative to the ingested folder, holds known questions."""
    return name.startswith(f"{FOLDER}/") and name.endswith(SUFFIX)


def read_known_questions(path: Path) -> Iterator[KnownQuestion]:
    """The questions of a file, each understandable alone; not one that has an answer without a place.

    Raises:
        CorpusError: the file cannot be read, or a line is no such question; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError) as error:
        raise CorpusError("known_questions_unreadable", file=path, reason=error) from error
    for number, line in enumerate(lines, start=1):
        told = _parsed(line, path, number) if line.strip() else None
        if told and (told.gold or not told.answerable):
            answers = tuple((place.document, place.text) for place in told.gold)
            yield KnownQuestion(question=standing_alone(_query(told, path, number)), answers=answers)


def _parsed(line: str, path: Path, number: int) -> _Line:
    try:
        return _Line.model_validate_json(line)
    except ValidationError as error:
        field = ".".join(map(str, error.errors()[0]["loc"]))
        raise CorpusError("known_questions_invalid", file=path, line=number, field=field or "–") from error


def _query(told: _Line, path: Path, number: int) -> Query:
    history = tuple(Turn(question=turn.question) for turn in told.history)
    try:
        return checked(Query(question=told.question, history=history), LONGEST)
    except InputError as error:
        raise CorpusError("known_questions_invalid", file=path, line=number, field="question") from error
