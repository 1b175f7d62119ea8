"""A small OpenAI-compatible server that says what a test tells it to, or misbehaves as told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[["Reply"], None]


@dataclass
class ModelServer:
    """``requests`` are the bodies received; ``left`` is set when a client went away before its answer was whole."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)

    @property
    def prompt(self) -> str:
        """What the last request told the model, system message and all."""
        return "\n".join(message["content"] for message in self.requests[-1]["messages"])


class Reply:
    """One request being answered."""

    def __init__(self, handler: BaseHTTPRequestHandler, stopped: threading.Event) -> None:
        self._handler = handler
        self.stopped = stopped

    def head(self, status: int = 200, kind: str = "text/event-stream") -> None:
        self._handler.send_response(status)
        self._handler.send_header("Content-Type", kind)
        self._handler.send_header("Connection", "close")
        self._handler.end_headers()

    def raw(self, text: str) -> None:
        self._handler.wfile.write(text.encode())
        self._handler.wfile.flush()

    def piece(self, text: str) -> None:
        """A piece of the answer as the protocol wants it."""
        choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self.raw(f"data: {json.dumps(chunk)}\n\n")

    def done(self) -> None:
        choice = {"index": 0, "delta": {}, "finish_reason": "stop"}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self.raw(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n")

    def hang(self) -> None:
        """Say nothing more until the client goes away or the test ends."""
        deadline = time.monotonic() + 20
        while not self.stopped.is_set() and time.monotonic() < deadline:
            self.raw(": still here\n\n")
            time.sleep(0.02)


def says(text: str, size: int = 7) -> Script:
    """Answer with ``text`` in small pieces."""

    def script(reply: Reply) -> None:
        reply.head()
        for at in range(0, len(text), size):
            reply.piece(text[at : at + size])
        reply.done()

    return script


def says_whole(text: str) -> Script:
    """Answer with ``text`` in one JSON object, as servers do that know no streaming, whatever was asked for."""

    def script(reply: Reply) -> None:
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        reply.head(kind="application/json")
        reply.raw(json.dumps({"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}))

    return script


def fails(status: int, body: str = '{"error": {"message": "no"}}', kind: str = "application/json") -> Script:
    """Answer with an error."""

    def script(reply: Reply) -> None:
        reply.head(status, kind)
        reply.raw(body)

    return script


@contextmanager
def serving(*scripts: Script) -> Iterator[ModelServer]:
    """Run a server; the first request gets the first script and so on, the last script is for all further ones."""
    stopped = threading.Event()
    left = list(scripts)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.requests.append(json.loads(body))
            script = left.pop(0) if len(left) > 1 else left[0]
            try:
                script(Reply(self, stopped))
            except OSError:
                server.left.set()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        server = ModelServer(url=f"http://127.0.0.1:{http.server_address[1]}/v1")
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            stopped.set()
            http.shutdown()
            thread.join()
