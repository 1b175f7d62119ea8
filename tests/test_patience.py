"""Clients that send or read too slowly, against the real API and a real server."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from fastapi import Depends, FastAPI
from loops import completed
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send
from ui_support import Server

from assistant.api import Slots
from assistant.api_patience import Patience, PatientServer
from ui.server import close_unused

SHORT = Patience(body=0.2, piece=0.2)


@pytest.fixture
def streaming() -> tuple[PatientServer, Slots, list[str]]:
    """An application with one slot that streams without end, its slots, and what its generator went through."""
    slots, told = Slots(1), list[str]()
    app = FastAPI()

    async def endless() -> AsyncIterator[str]:
        try:
            while True:
                yield "x"
        finally:
            told.append("closed")

    @app.get("/", dependencies=[Depends(slots)])
    async def stream() -> StreamingResponse:
        return StreamingResponse(endless())

    return PatientServer(app, patience=SHORT), slots, told


def request(method: str = "GET") -> dict[str, object]:
    """A request as servers hand it over."""
    return {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": "/", "raw_path": b"/", "query_string": b"", "headers": [], "root_path": "",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
    }  # fmt: skip


def test_a_reader_who_stops_reading_gives_the_slot_back(
    streaming: tuple[PatientServer, Slots, list[str]],
) -> None:
    app, slots, told = streaming

    async def never_read(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def silent() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def visit() -> None:
        pieces = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> Message:
            return next(pieces, None) or await silent()

        await asyncio.wait_for(app(request(), receive, never_read), 10)

    completed(visit())
    assert told == ["closed"]
    completed(_take(slots))


async def _take(slots: Slots) -> None:
    """Take the one slot; refused if it was not given back."""
    held = slots()
    await anext(held)
    with suppress(StopAsyncIteration):
        await anext(held)


def test_a_body_that_drips_is_refused_in_german() -> None:
    app = FastAPI()

    @app.post("/")
    async def take(body: dict[str, str]) -> dict[str, str]:
        return body

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def drip() -> Message:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b" ", "more_body": True}

    completed(PatientServer(app, patience=SHORT)(request("POST"), drip, send))

    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert json.loads(sent[1]["body"])["error"]["code"] == "too_slow"


def test_a_connection_without_a_request_is_closed() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("nothing was asked")

    config = uvicorn.Config(app, log_config=None, lifespan="off")
    close_unused(config, 0.1)
    running = uvicorn.Server(config)

    async def visit(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nX-Slow: ")
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return answer

    async def serve() -> bytes:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            serving = asyncio.create_task(running.serve(sockets=[listening]))
            try:
                return await visit(listening.getsockname()[1])
            finally:
                running.should_exit = True
                await serving

    assert completed(serve()) == b""


def test_connections_that_never_finish_their_request_keep_nobody_waiting(server: Server) -> None:
    host, port = urlsplit(server.url).hostname, urlsplit(server.url).port
    assert host
    assert port
    body = b'{"question": "Wo sitzt die Musterstelle?"}'
    head = b"POST /api/ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 42\r\n"
    slow = [socket.create_connection((host, port)) for _ in range(80)]  # more than there are slots
    try:
        for number, connection in enumerate(slow):
            connection.sendall(head if number % 2 else head + b"\r\n" + body[:10])

        headers = {"Content-Type": "application/json"}
        answer = httpx.post(f"{server.url}/api/ask", content=body, headers=headers, timeout=60)
        assert answer.status_code == 200
    finally:
        for connection in slow:
            connection.close()
