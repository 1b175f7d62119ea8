"""How many processor cores this process may use."""

from __future__ import annotations

import os


def cores() -> int:
    """Cores of this machine, or those the process was bound to."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
