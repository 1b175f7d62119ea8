"""Calls into libraries that know no time limit of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, TypeVar

Given = TypeVar("Given")


class Deadlines:
    """Calls one library, each time in a thread of its own, which is left behind if it takes too long.

    Nothing is called while such a thread still hangs: a library that hangs for good costs no further ones. Thread-safe.
    """

    def __init__(self) -> None:
        self._left_behind: list[Future[Any]] = []
        self._lock = Lock()

    def within(self, seconds: float, call: Callable[[], Given]) -> Given:
        """What ``call`` gives or raises.

        Raises:
            TimeoutError: if it takes longer than ``seconds``, or an earlier call still hangs.
            RuntimeError: if it raises what is no :class:`Exception`, as libraries written in Rust do when they panic.
        """
        if self._hangs():
            raise TimeoutError("an earlier call still hangs")
        outcome: Future[Given] = Future()

        def run() -> None:
            try:
                outcome.set_result(call())
            except Exception as error:  # noqa: BLE001 (whoever waits is told)
                outcome.set_exception(error)
            except BaseException as panic:  # noqa: BLE001
                outcome.set_exception(RuntimeError(f"{type(panic).__name__}: {panic}"))

        # A thread of a pool would keep the process from ending.
        Thread(target=run, daemon=True).start()
        try:
            return outcome.result(seconds)
        except TimeoutError:
            if not outcome.done():
                with self._lock:
                    self._left_behind.append(outcome)
            raise

    def _hangs(self) -> bool:
        with self._lock:
            self._left_behind = [one for one in self._left_behind if not one.done()]
            return bool(self._left_behind)
