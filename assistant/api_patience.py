"""Limits of patience with slow clients: whoever sends or reads too slowly gives the place to others."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api_errors import status_body

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds a whole body may take to come, and one piece of a response to be taken."""

    body: float = 20.0
    piece: float = 30.0


class _Stalled(Exception):
    """The client has not read for too long."""


class PatientServer:
    """Refuses bodies that take too long with 408, and gives up on clients that stop reading.

    What the server has to send waits in a buffer of bounded size; without this limit, a client that never reads would
    hold its slot for ever.
    """

    def __init__(self, app: ASGIApp, *, patience: Patience) -> None:
        self.app = app
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        client = _Client(scope, receive, send, self._patience)
        try:
            await self.app(scope, client.receive, client.send)
        except _Stalled:
            logger.info("a client stopped reading")


class _Client:
    """One client's two directions, each with its limit."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, patience: Patience) -> None:
        self._scope, self._receive, self._send, self._patience = scope, receive, send, patience
        self._until = asyncio.get_running_loop().time() + patience.body
        self._complete = False
        self._late = False

    async def receive(self) -> Message:
        """The next piece of the body; once that is complete, how long it takes no longer matters."""
        if self._complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self._late = True
            return {"type": "http.disconnect"}
        self._complete = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Send, or say that the body came too late in place of whatever the application makes of that."""
        if self._late:
            if message["type"] == "http.response.start":
                refusal = JSONResponse(
                    status_body(408, self._scope["path"]), status_code=408, headers={"Connection": "close"}
                )
                await refusal(self._scope, self._receive, self._send)
            return
        try:
            async with asyncio.timeout(self._patience.piece):
                await self._send(message)
        except TimeoutError as error:
            raise _Stalled from error
