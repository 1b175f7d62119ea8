"""The HTTP API. Handlers are plain functions: the framework runs them in threads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi import Query as Parameter
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from assistant import wire
from assistant.api_completions import add_completions
from assistant.api_documents import DrawPage, add_documents
from assistant.api_errors import BusyServer, add_error_handlers, documented
from assistant.api_feedback import add_feedback
from assistant.api_metrics import add_metrics
from assistant.api_middleware import add_middleware
from assistant.cores import cores
from assistant.domain import Query
from assistant.errors import InputError
from assistant.feedback import FeedbackFile
from assistant.requests import QuestionIn
from assistant.service import Assistant
from assistant.settings import ServerSettings
from assistant.sse import STREAM_HEADERS, sse
from assistant.texts import message
from assistant.turns import Turns

GetAssistant = Callable[[], Assistant]


class Slots:
    """Counts the questions at work and refuses more than ``limit``. It lives on the event loop, so it needs no lock."""

    def __init__(self, limit: int) -> None:
        self._free = limit

    async def __call__(self) -> AsyncIterator[None]:
        """Hold one slot until the response has been sent."""
        if self._free == 0:
            raise BusyServer
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


def create_app(
    assistant: GetAssistant,
    settings: ServerSettings,
    *,
    turns: Turns | None = None,
    draw_page: DrawPage | None = None,
    feedback: FeedbackFile | None = None,
    on_close: Callable[[], None] | None = None,
) -> FastAPI:
    """The API over the assistant that ``assistant()`` gives; it is asked for with every request, never before.

    Args:
        assistant: gives the assistant, or raises what the client shall read (with status 503).
        settings: what the server accepts.
        turns: in which line questions wait; one of the API's own unless others ask beside it.
        draw_page: draws pages as pictures; without it there is no route for them.
        feedback: takes feedback on answers; without it there is no route for it.
        on_close: called when the server stops.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        if on_close is not None:
            on_close()

    app = FastAPI(
        title="Fundstelle",
        summary=message("http", "summary"),
        version="1",
        docs_url=None,  # the interactive pages load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    add_error_handlers(app)
    add_middleware(app, origins=settings.allowed_origins, embed=settings.embed, hosts=settings.allowed_hosts)
    add_metrics(app)
    turns, slots = turns or Turns(cores(), language_model=False), Slots(settings.concurrency)
    _add_questions(app, assistant, turns, slots)
    add_completions(app, assistant, turns, slots)
    add_documents(app, assistant, draw_page)
    if feedback is not None:
        add_feedback(app, feedback)
    _add_probes(app, assistant)
    _add_unknown(app)
    return app


def _add_questions(app: FastAPI, assistant: GetAssistant, turns: Turns, slots: Slots) -> None:
    asking: dict[str, Any] = {"dependencies": [Depends(slots)], "responses": documented(400, 404, 408, 413, 422, 503)}

    @app.post("/api/ask", **asking)
    def ask(body: QuestionIn) -> dict[str, Any]:
        """Answer a question with exact citations, or decline it."""
        return wire.answer_json(turns.ask(assistant(), body.query()))

    @app.post("/api/ask/stream", **asking)
    def ask_stream(body: QuestionIn) -> StreamingResponse:
        """The same as server-sent events: ``status``, ``evidence``, ``sentence`` …, ``done`` (or ``error``)."""
        events = turns.stream(assistant(), body.query())
        # Searching for the first event, before the response begins, lets a refusal leave with its own HTTP status.
        first = next(events)
        return StreamingResponse(sse(first, events), media_type="text/event-stream", headers=STREAM_HEADERS)

    @app.get("/api/search", **asking)
    def search(
        question: Annotated[str | None, Parameter(description="the question")] = None,
        q: Annotated[str | None, Parameter(description="the same, for short")] = None,
        k: Annotated[int, Parameter(ge=1, le=100, description="most passages to return")] = 10,
        documents: Annotated[list[str], Parameter(description="ids of the documents to search")] = [],  # noqa: B006
        kinds: Annotated[list[str], Parameter(description="kinds of the documents to search")] = [],  # noqa: B006
        stand_from: Annotated[str, Parameter(description="earliest date of validity, as in 2024-05")] = "",
        stand_to: Annotated[str, Parameter(description="latest date of validity")] = "",
    ) -> dict[str, Any]:
        """The passages nearest to a question, best first."""
        asked = question if question is not None else q
        if asked is None:
            raise InputError("question_missing")
        query = Query(
            question=asked,
            documents=tuple(dict.fromkeys(documents)),
            kinds=tuple(dict.fromkeys(kinds)),
            stand_from=stand_from,
            stand_to=stand_to,
        )
        found = turns.search(assistant(), query, k)
        return wire.search_json(asked, found.hits, found.texts, found.timings)


def _add_unknown(app: FastAPI) -> None:
    """Answer for all else below ``/api`` and ``/v1``, which a page mounted at ``/`` would otherwise do in English."""
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

    @app.api_route("/api/{rest:path}", methods=methods, include_in_schema=False)
    @app.api_route("/v1/{rest:path}", methods=methods, include_in_schema=False)
    async def unknown(rest: str) -> None:
        raise HTTPException(404)


def _add_probes(app: FastAPI, assistant: GetAssistant) -> None:
    @app.get("/health")
    async def health() -> dict[str, str]:
        """Whether the process lives. Answers even while all threads are at work."""
        return {"status": "ok"}

    @app.get("/ready", responses=documented(503))
    def ready() -> dict[str, Any]:
        """Whether questions are answered: runs a real one through every part."""
        return {"status": "ready", **assistant().check()}
