"""The limits that worker processes set themselves before they touch a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_PR_SET_PDEATHSIG = 1
"""The request of Linux's ``prctl`` for a signal when the parent dies."""


def limit(memory: int, seconds: int) -> None:
    """Let this process use no more than that: bytes of address space, seconds of processor time."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def end_with(parent: int) -> None:
    """Let this process die with ``parent``, the one that started it, however that ends; only Linux knows how to."""
    if sys.platform != "linux":
        return
    import ctypes
    import os
    import signal

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It ended before we asked.
        os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def alarm(seconds: int) -> Iterator[None]:
    """Let this process die by SIGALRM if what is done inside takes longer than that, waiting included."""
    if sys.platform == "win32":
        yield
        return
    import signal

    signal.alarm(seconds)
    yield
    signal.alarm(0)


def ran_out_of_time(returncode: int) -> bool:
    """Whether a process that ended with ``returncode`` was stopped by one of the limits of time."""
    if sys.platform == "win32":
        return False
    import signal

    return -returncode in (signal.SIGXCPU, signal.SIGALRM)
