"""Corpus folders and web servers of the tests' own. The servers are real ones, on this machine."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ingest.corpus.adding import add
from ingest.corpus.limits import Limits
from ingest.manifest import Entry

LIMITS = Limits(megabytes=1, seconds=20)
TODAY = date(2026, 3, 1)
TEXT = "# Satzung\n\nDie Satzung tritt am 1. Januar 2025 in Kraft. Sie gilt im ganzen Gemeindegebiet.\n"
PAGE = (
    "<!DOCTYPE html><html lang='de'><head><title>Richtlinie Städtebau</title></head>"
    "<body><main><h1>Richtlinie</h1><p>Der Zuschuss beträgt zwei Drittel der Kosten.</p></main></body></html>"
)


def added(
    source: str | Path, folder: Path, *, allow_private: bool = False, limits: Limits = LIMITS, **said: str
) -> Entry:
    """``corpus add`` without the command line."""
    return add(str(source), folder, Entry(**said), limits, today=TODAY, allow_private=allow_private)


def everything(folder: Path) -> dict[str, bytes]:
    """All files below ``folder`` with their contents, but for the lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".corpus.lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a path of the test's web server gives. ``drip`` sends the body a byte at a time, for ever."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    announce: bool = True
    drip: bool = False


@dataclass(frozen=True, kw_only=True)
class Web:
    """A running web server and what it was asked."""

    port: int
    replies: dict[str, Reply]
    requests: list[tuple[str, Mapping[str, str]]]

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        """The address of ``path``."""
        return f"http://{host}:{self.port}{path}"


@contextmanager
def running_web(replies: Mapping[str, Reply], tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """A web server with these replies on a free port of 127.0.0.1."""
    known, requests = dict(replies), list[tuple[str, Mapping[str, str]]]()
    stopped = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append((self.path, dict(self.headers)))
            reply = known.get(self.path, Reply(status=404))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.announce and not reply.drip:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
            while reply.drip and not stopped.is_set():
                self.wfile.write(b".")
                time.sleep(0.02)

        def handle(self) -> None:
            with suppress(OSError):  # the client may have gone, as it should
                super().handle()

        def log_message(self, format: str, *values: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield Web(port=server.server_address[1], replies=known, requests=requests)
        finally:
            stopped.set()
            server.shutdown()
            thread.join()
