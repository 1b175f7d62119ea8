"""The limits that worker processes set themselves before they touch a file."""

from __future__ import annotations

import sys


def limit(memory: int, seconds: int) -> None:
    """Let this process use no more than that: bytes of address space, seconds of processor time."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
