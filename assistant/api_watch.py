"""Who is told of requests once they are answered: the access log here, the metrics elsewhere."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Told = Callable[[Scope, int, float], None]
"""Takes a request, the status it was answered with (0 if its client left before) and the seconds that took."""

logger = logging.getLogger(__name__)


class Watched:
    """Tells of every request."""

    def __init__(self, app: ASGIApp, *, told: Told, began: Callable[[], None] | None = None) -> None:
        self.app = app
        self._told = told
        self._began = began

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        if self._began:
            self._began()
        try:
            await self.app(scope, receive, send_noting_status)
        finally:
            self._told(scope, status, time.perf_counter() - started)


def log_access(scope: Scope, status: int, seconds: float) -> None:
    """Log method, path, status and time. Never the query string: it may hold a question."""
    # %r keeps control characters of a hostile path on one line of the log.
    logger.info("%s %r %d %.0f ms", scope["method"], scope["path"], status, seconds * 1000)
