"""The server: API and chat page in one process."""

from __future__ import annotations

import ctypes
import errno
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from assistant.api import create_app
from assistant.cores import cores
from assistant.errors import AssistantError, SettingsError
from assistant.feedback import FeedbackFile
from assistant.record import current_build, read_record
from assistant.shared import SharedAssistant
from assistant.turns import Turns
from assistant.wiring import open_assistant, open_embedder
from ingest.pipeline import is_current
from ui import terminal
from ui.building import build_apart
from ui.exchange import Contact, Offers
from ui.german_typer import say
from ui.info_pages import info_routes
from ui.responder import Responder
from ui.viewer import PagePictures, viewer_route
from ui.widget import widget_routes

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.embedding import Embedder
    from assistant.settings import Settings

STATIC = Path(__file__).with_name("static")
_M_ARENA_MAX = -8
"""glibc's name for the number of heaps (malloc.h)."""

REQUEST_SECONDS = 20
"""How long a new connection may take to send the head of its first request."""

DRAIN_SECONDS = 8
"""How long requests may take to finish after the server was told to stop."""


def run(settings: Settings) -> None:
    """Serve until told to stop.

    Raises:
        SettingsError: if the address cannot be listened on.
        CorpusError: if there is no index and none can be built.
    """
    listening = bind(settings.host, settings.port)  # first: nobody should wait for an index only to learn of this
    with listening:
        _bound_memory()
        embedder = open_embedder(settings)
        refresh_index(settings, embedder)
        shared = SharedAssistant(lambda: open_assistant(settings, embedder=embedder))
        app, end_connections = build_app(settings, shared)
        threading.Thread(target=_warm_up, args=(shared,), daemon=True).start()
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,  # it would write questions down; the API has an access log of its own
            server_header=False,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
        host, port = listening.getsockname()[:2]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        close_unused(config, REQUEST_SECONDS)
        _Server(config, address, end_connections).run(sockets=[listening])


def build_app(settings: Settings, shared: SharedAssistant) -> tuple[FastAPI, Callable[[], None]]:
    """API, static files and chat page; and what to call when the server is told to stop."""
    from ui.chat import mount_chat  # takes seconds and stays out of tests of the API alone

    turns, feedback = Turns(cores(), language_model=bool(settings.model.name)), _feedback_file(settings)
    app = create_app(
        shared, settings.server, turns=turns, draw_page=PagePictures(), feedback=feedback, on_close=shared.close
    )
    app.router.routes.extend(info_routes(settings))
    app.router.routes.append(viewer_route(shared))
    contact = Contact(**settings.contact.model_dump())
    app.router.routes.extend(widget_routes((*settings.server.allowed_origins, *settings.server.embed), contact))
    app.mount("/fundstelle", StaticFiles(directory=STATIC))
    app.add_route("/favicon.ico", lambda request: FileResponse(STATIC / "favicon.svg", media_type="image/svg+xml"))
    limits = {"concurrency": settings.server.concurrency, "question_limit": settings.question_limit}
    offers = Offers(contact=contact, feedback=feedback is not None)
    return app, mount_chat(app, Responder(shared, turns), offers, **limits)


def refresh_index(settings: Settings, embedder: Embedder) -> None:
    """Build the index if it is missing, its sources have changed or another model is wanted.

    If that fails, an old index goes on serving.

    Raises:
        CorpusError: if there is no old index either.
    """
    current = current_build(settings.index)
    try:
        sources = _sources(settings, current)
        if not is_current(sources, settings.index, model=embedder):
            terminal.err(say("server", "ingesting", folder=settings.index))
            build_apart(settings, sources)
    except AssistantError as error:
        if current is None:
            raise
        terminal.err(say("server", "old_index", reason=error))


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to the address, not yet listening.

    Raises:
        SettingsError: ``port_taken`` or ``address_invalid``.
    """
    bound = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        if bound is not None:
            bound.close()
        code = "port_taken" if error.errno == errno.EADDRINUSE else "address_invalid"
        raise SettingsError(code, host=host, port=port, reason=error.strerror or error) from error
    return bound


def close_unused(config: uvicorn.Config, seconds: float) -> None:
    """Let the server close connections on which no request has come after ``seconds``: they only take up room."""
    config.load()
    protocol: Any = config.http_protocol_class

    class Prompt(protocol):  # type: ignore[misc]
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.loop.call_later(seconds, self._close_unused)

        def _close_unused(self) -> None:
            if self.cycle is None and self in self.connections:
                self.transport.close()

    config.http_protocol_class = Prompt


class _Server(uvicorn.Server):
    """Says where it listens once it really does, and lets go of open pages when it is told to stop."""

    def __init__(self, config: uvicorn.Config, address: str, end_connections: Callable[[], None]) -> None:
        super().__init__(config)
        self._address = address
        self._end_connections = end_connections

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            terminal.out(say("server", "ready", address=self._address))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_connections()
        await super().shutdown(sockets)


def _feedback_file(settings: Settings) -> FeedbackFile | None:
    file = settings.feedback.file
    return FeedbackFile.open(file, limit=settings.feedback.megabytes * 1_000_000) if file else None


def _bound_memory() -> None:
    """Keep threads from hoarding memory: glibc gives each a heap of its own, 80 MB after fifty questions at once."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library has nothing to bound
            ctypes.CDLL("libc.so.6").mallopt(_M_ARENA_MAX, 2)


def _warm_up(shared: SharedAssistant) -> None:
    """Load what the first question would wait a second for; say it here too if the index cannot be used."""
    try:
        shared().check()
    except AssistantError as error:
        terminal.err(str(error))


def _sources(settings: Settings, current: Path | None) -> Sequence[Path]:
    """What the index was built from; the corpus of the settings when there is none yet."""
    return [settings.corpus] if current is None else [Path(source) for source in read_record(current).sources]
