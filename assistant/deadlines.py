"""Calls into libraries that know no time limit of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Given = TypeVar("Given")


def within(seconds: float, call: Callable[[], Given]) -> Given:
    """What ``call`` gives or raises, in a thread of its own, which is left behind if it takes longer than ``seconds``.

    Raises:
        TimeoutError: if it does.
    """
    outcome: Future[Given] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        except BaseException as error:  # noqa: BLE001 (whoever waits is told)
            outcome.set_exception(error)

    # A thread of a pool would keep the process from ending.
    Thread(target=run, daemon=True).start()
    return outcome.result(seconds)
