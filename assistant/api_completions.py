"""The same answers for programs that speak OpenAI's chat protocol: ``/v1/models`` and ``/v1/chat/completions``.

Only what ``user`` and ``assistant`` said is used; instructions come from the server. What such clients set beyond that
(temperature, tools, most tokens) means nothing here and is ignored.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any, Literal
from uuid import uuid4

from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from assistant import wire
from assistant.api_errors import documented, failure_body, in_protocol
from assistant.completions import content_of, pieces, without_sources
from assistant.domain import Answer, Query
from assistant.errors import InputError
from assistant.events import Done, Event
from assistant.requests import HISTORY_LIMIT, MessageIn, Text, turns_of
from assistant.service import Assistant
from assistant.sse import STREAM_HEADERS
from assistant.turns import Turns

PATH = "/v1/chat/completions"

MODEL = "fundstelle"
"""The name of the only model. Requests may name any other."""


class PartIn(BaseModel):
    """A piece of a message. Pictures and sounds cannot be read, so only text is taken."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["text"]
    text: Text


class ChatMessageIn(BaseModel):
    """One message of the conversation."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["user", "assistant", "system", "developer", "tool", "function"]
    content: Text | list[PartIn] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class CompletionIn(BaseModel):
    """A request for a completion; ``documents`` is ours: ids to look in, empty for everywhere."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    messages: list[ChatMessageIn] = Field(min_length=1, max_length=HISTORY_LIMIT + 1)
    stream: bool = False
    documents: list[Text] | None = Field(default=None, max_length=1000)

    def query(self) -> Query:
        """The last message as the question, what was said before as history.

        Raises:
            InputError: if the last message is not the user's.
        """
        said = [message for message in self.messages if message.role in ("user", "assistant")]
        if self.messages[-1].role != "user":
            raise InputError("question_missing")
        history = [MessageIn(role=message.role, content=_said(message)) for message in said[:-1]]
        return Query(
            question=said[-1].text,
            documents=tuple(dict.fromkeys(self.documents or ())),
            history=tuple(turns_of(history)),
        )


def _said(message: ChatMessageIn) -> str:
    """What a message says, without the list of sources that stands below our own."""
    return without_sources(message.text) if message.role == "assistant" else message.text


def add_completions(app: FastAPI, assistant: Callable[[], Assistant], turns: Turns, slots: Callable[..., Any]) -> None:
    """Add the routes."""
    started = int(time.time())
    model = {"id": MODEL, "object": "model", "created": started, "owned_by": MODEL}

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        """The models that can be asked: one."""
        return {"object": "list", "data": [model]}

    @app.get("/v1/models/{id}", responses=documented(404))
    async def one_model(id: str) -> dict[str, Any]:
        """The model of that name."""
        if id != MODEL:
            raise HTTPException(404)
        return model

    @app.post(PATH, dependencies=[Depends(slots)], responses=documented(400, 404, 413, 422, 503))
    def complete(body: CompletionIn) -> Response:
        """Answer the last message, with its sources below; as server-sent chunks if ``stream`` is set."""
        if not body.stream:
            answer = turns.ask(assistant(), body.query())
            return JSONResponse(completion(answer), headers={"X-AI-Generated": "true"})
        events = turns.stream(assistant(), body.query())
        # Searching for the first event, before the response begins, lets a refusal leave with its own HTTP status.
        next(events)
        return StreamingResponse(chunks(events), media_type="text/event-stream", headers=STREAM_HEADERS)


def completion(answer: Answer) -> dict[str, Any]:
    """The whole answer as ``chat.completion``."""
    message = {"role": "assistant", "content": content_of(answer), "refusal": None}
    return {
        **_head("chat.completion"),
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        **_extras(answer),
    }


def chunks(events: Generator[Event]) -> Iterator[str]:
    """The answer as ``chat.completion.chunk`` events. It comes once it is final: nothing can be taken back here.

    When the client goes away this iterator is closed, and ``events`` with it: a language model stops working.
    """
    head = _head("chat.completion.chunk")
    with closing(events):
        try:
            yield _chunk(head, {"role": "assistant", "content": ""})
            answer = next(event.answer for event in events if isinstance(event, Done))
            yield from (_chunk(head, {"content": piece}) for piece in pieces(answer))
            yield _chunk(head, {}, "stop", **_extras(answer))
            yield "data: [DONE]\n\n"
        except Exception as error:  # noqa: BLE001  the status 200 is already sent: all that is left is to say so
            yield _data(in_protocol(PATH, 500, failure_body(error)))


def _head(kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid4().hex}", "object": kind, "created": int(time.time()), "model": MODEL}


def _extras(answer: Answer) -> dict[str, Any]:
    """What the protocol has no place for."""
    told = wire.answer_json(answer)
    names = ("status", "mode", "confidence", "sentences", "suggestions", "note", "read_as", "ai_generated", "receipt")
    return {"citations": told["citations"], MODEL: {name: told[name] for name in names}}


def _chunk(head: dict[str, Any], delta: dict[str, str], end: str | None = None, **extras: Any) -> str:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": end}
    return _data({**head, "choices": [choice], **extras})


def _data(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=True)}\n\n"
