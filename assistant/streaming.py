"""A model's text as a plain iterator that cannot hang, cannot grow without end, and stops the call when it is closed.

Model calls run on one event loop in a thread of its own, because only a task on a loop can be cancelled while it waits
for a silent server; closing the iterator therefore closes the connection at once, whatever the provider.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from functools import cache

from assistant.errors import GenerationError

GRACE = 5.0
"""Seconds past the total limit after which the reader stops believing in the loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds until the first text, between two pieces and in all, and the most characters of an answer."""

    first: float
    idle: float
    total: float
    characters: int = 6000

    @classmethod
    def within(cls, seconds: float) -> Limits:
        """Limits for an answer that may take ``seconds``; reading a long prompt takes the larger part of it."""
        return cls(first=seconds / 2, idle=seconds / 4, total=seconds)


def bounded(open_stream: Callable[[], AsyncGenerator[str, None]], limits: Limits, model: str) -> Generator[str]:
    """What the stream yields, until it ends or breaks a limit. Close the generator to cancel the call.

    Raises:
        GenerationError: if the stream is too slow or too long; whatever the stream raises passes through.
    """
    pieces: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    call = asyncio.run_coroutine_threadsafe(_pump(open_stream, limits, model, pieces), _loop())
    try:
        while (piece := _next(pieces, limits, model)) is not None:
            yield piece
        call.result()
    finally:
        call.cancel()


async def _pump(
    open_stream: Callable[[], AsyncGenerator[str, None]],
    limits: Limits,
    model: str,
    pieces: queue.SimpleQueue[str | None],
) -> None:
    try:
        async with asyncio.timeout(limits.total), contextlib.aclosing(open_stream()) as stream:
            received, wait = 0, limits.first
            while True:
                async with asyncio.timeout(wait):
                    piece = await anext(stream, None)
                if piece is None:
                    return
                received += len(piece)
                if received > limits.characters:
                    raise GenerationError("model_endless", model=model, limit=limits.characters)
                pieces.put(piece)
                wait = limits.idle
    except TimeoutError as error:
        raise GenerationError("model_slow", model=model) from error
    finally:
        pieces.put(None)


def _next(pieces: queue.SimpleQueue[str | None], limits: Limits, model: str) -> str | None:
    try:
        return pieces.get(timeout=limits.total + GRACE)
    except queue.Empty as error:
        raise GenerationError("model_slow", model=model) from error


_starting = threading.Lock()


def _loop() -> asyncio.AbstractEventLoop:
    with _starting:
        return _running_loop()


@cache
def _running_loop() -> asyncio.AbstractEventLoop:
    # One for the whole process: the providers' clients share connections, which belong to the loop that opened them.
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="model-calls", daemon=True).start()
    return loop
