"""Questions that arrive as JSON, from the API or a batch file, checked and turned into a :class:`Query`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from assistant.domain import Query, Turn
from assistant.errors import InputError

HISTORY_LIMIT = 100
"""Most entries of a history; whoever sends more is not holding a conversation."""

FEEDBACK_FIELDS = ("helpful", "reasons", "comment", "status", "mode")
FILTERS = ("kinds", "stand_from", "stand_to")
COMPLETION_FIELDS = ("messages", "stream")
FIELDS = (
    "question", "documents", *FILTERS, "history", "q", "k", "number", "start", "end", "zoom",
    *FEEDBACK_FIELDS, *COMPLETION_FIELDS,
)  # fmt: skip
"""Names of ours that a message may repeat."""


def _readable(text: str) -> str:
    # JSON can spell halves of surrogate pairs, which no encoding can write again, and NUL, which ends C strings.
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("unreadable", "unreadable characters")
    return text


Text = Annotated[str, AfterValidator(_readable)]


class TurnIn(BaseModel):
    """One earlier turn of the conversation: a question and the answer it got."""

    model_config = ConfigDict(extra="forbid")

    question: Text
    answer: Text = ""


class MessageIn(BaseModel):
    """One earlier message in chat style. Only what ``user`` and ``assistant`` said is used."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant", "system"]
    content: Text


class QuestionIn(BaseModel):
    """A question, where to look for the answer (document ids, empty for everywhere) and what was said before.

    ``kinds``, ``stand_from`` and ``stand_to`` narrow down where to look, as in :class:`assistant.domain.Query`.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    question: Text = Field(examples=["Was ist ein INSEK?"])
    documents: list[Text] | None = Field(default=None, max_length=1000)
    history: list[TurnIn | MessageIn] | None = Field(default=None, max_length=HISTORY_LIMIT)
    kinds: list[Text] | None = Field(default=None, max_length=100)
    stand_from: Text | None = Field(default=None, max_length=10)
    stand_to: Text | None = Field(default=None, max_length=10)

    def query(self) -> Query:
        """The same as a domain noun."""
        return Query(
            question=self.question,
            documents=tuple(dict.fromkeys(self.documents or ())),
            history=tuple(turns_of(self.history or ())),
            kinds=tuple(dict.fromkeys(self.kinds or ())),
            stand_from=self.stand_from or "",
            stand_to=self.stand_to or "",
        )


class _BatchLine(QuestionIn):
    """A line of a batch file. It may carry more (gold answers, tags), which asking does not need."""

    model_config = ConfigDict(extra="ignore")


def read_question(value: object) -> Query:
    """The query that one parsed line of a batch file asks.

    Raises:
        InputError: if it is no object, or a field is missing or has a wrong type.
    """
    if not isinstance(value, Mapping):
        raise InputError("json_object_expected")
    try:
        return _BatchLine.model_validate(value).query()
    except ValidationError as error:
        raise input_error([{**detail} for detail in error.errors(include_url=False)]) from error


def input_error(details: Sequence[Mapping[str, Any]]) -> InputError:
    """What pydantic found wrong, as an error that names our own fields and never repeats what was sent."""
    kinds = {detail["type"] for detail in details}
    first = details[0]
    path = [part for part in first["loc"] if part not in ("body", "query", "path")]
    if "unreadable" in kinds:
        return InputError("question_unreadable")
    if "extra_forbidden" in kinds and len(path) == 1:
        return InputError("field_unknown")
    if first["type"] == "json_invalid":
        return InputError("json_invalid")
    if not path or path[0] not in FIELDS:
        return InputError("json_object_expected")
    if first["type"] == "too_long" and path[0] in ("history", "messages"):
        return InputError("history_too_long")
    missing = first["type"] == "missing" and len(path) == 1
    return InputError("field_missing" if missing else "field_invalid", field=path[0])


def turns_of(history: Iterable[TurnIn | MessageIn]) -> Iterable[Turn]:
    """Turns as they are; chat messages paired up. System messages are dropped: instructions come from the server."""
    asked: str | None = None
    for entry in history:
        if isinstance(entry, TurnIn):
            yield Turn(question=entry.question, answer=entry.answer)
        elif entry.role == "user":
            if asked is not None:
                yield Turn(question=asked)
            asked = entry.content
        elif entry.role == "assistant" and asked is not None:
            yield Turn(question=asked, answer=entry.content)
            asked = None
    if asked is not None:
        yield Turn(question=asked)
