"""Feedback over HTTP: ``POST /api/feedback``. The route is there only where the operator wants feedback."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import FastAPI
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from assistant.api_errors import documented
from assistant.domain import Mode, Status
from assistant.feedback import Feedback, FeedbackFile, Reason


def _storable(text: str) -> str:
    # Halves of surrogate pairs, which JSON can spell, cannot be written to a file.
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("unstorable", "unreadable characters")
    return text.strip()


Text = Annotated[str, AfterValidator(_storable)]


class FeedbackIn(BaseModel):
    """Whether an answer helped, why not, and what the answer was like. The question comes only from who agrees."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    helpful: bool = Field(strict=True)
    reasons: list[Reason] = Field(default=[], max_length=len(Reason))
    comment: Text = Field(default="", max_length=2000)
    question: Text = Field(default="", max_length=20_000)
    status: Status | Literal[""] = ""
    mode: Mode | Literal[""] = ""
    documents: list[Annotated[Text, Field(max_length=500)]] = Field(default=[], max_length=50)

    def feedback(self) -> Feedback:
        """The same as a noun."""
        return Feedback(
            helpful=self.helpful,
            reasons=tuple(dict.fromkeys(self.reasons)),
            comment=self.comment,
            question=self.question,
            status=self.status,
            mode=self.mode,
            documents=tuple(dict.fromkeys(self.documents)),
        )


class Stored(BaseModel):
    """What is answered once the feedback is written."""

    stored: Literal[True] = True


def add_feedback(app: FastAPI, file: FeedbackFile) -> None:
    """Add the route."""

    @app.post("/api/feedback", status_code=201, responses=documented(400, 413, 422, 503))
    def feedback(body: FeedbackIn) -> Stored:
        """Say whether an answer helped. Neither addresses nor times of day are kept."""
        file.add(body.feedback())
        return Stored()
