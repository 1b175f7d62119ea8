"""Known questions: ``known-questions/*.jsonl`` of an ingested folder, which are no documents.

One question to a line: ``question``, ``answerable`` (whether the documents answer it), ``gold`` (the places that do,
each a ``document`` and ``text`` that stands there word for word), ``history`` for a follow-up (earlier turns, each with
its ``question``). Other fields are the author's own; it is the form of evaluation cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from assistant.domain import KnownQuestion, Query, Turn
from assistant.errors import CorpusError, InputError
from assistant.followups import standing_alone
from assistant.questions import checked, clean

FOLDER = "known-questions"
SUFFIX = ".jsonl"

LONGEST = 2_000
"""Characters of a question at most; the setting ``question_limit`` does not reach an ingest."""

_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True)


class _Answer(_Strict):
    document: _Words
    text: _Words


class _Turn(_Strict):
    question: _Words


class _Line(_Strict):
    question: str
    answerable: bool
    gold: list[_Answer] = []
    history: list[_Turn] = []

    @model_validator(mode="after")
    def _agrees(self) -> _Line:
        if self.answerable is not bool(self.gold):
            raise ValueError("gold")
        return self


def lies_there(name: str) -> bool:
    """Whether a file of this name, relative to the ingested folder, lies where known questions are kept."""
    return name.startswith(f"{FOLDER}/")


def is_known_questions(name: str) -> bool:
    """Whether it holds some."""
    return lies_there(name) and name.endswith(SUFFIX) and name.count("/") == 1


def read_known_questions(path: Path) -> Iterator[KnownQuestion]:
    """The questions of a file, follow-ups led by what they lean on.

    Raises:
        CorpusError: the file cannot be read, or a line is no such question; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, ValueError) as error:
        raise CorpusError("known_questions_unreadable", file=path, reason=error) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            told = _parsed(line, path, number)
            answers = tuple((place.document, place.text) for place in told.gold)
            yield KnownQuestion(question=_question(told, path, number), answers=answers, alone=not told.history)


def _parsed(line: str, path: Path, number: int) -> _Line:
    try:
        return _Line.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or (
            str(first["ctx"]["error"]) if first["type"] == "value_error" else "–"
        )
        raise CorpusError("known_questions_invalid", file=path, line=number, field=field) from error


def _question(told: _Line, path: Path, number: int) -> str:
    try:
        history = tuple(Turn(question=clean(turn.question)) for turn in told.history)
        query = checked(Query(question=told.question, history=history), LONGEST)
    except InputError as error:
        raise CorpusError("known_questions_invalid", file=path, line=number, field="question") from error
    return standing_alone(query)
