"""Server-sent events as text.

Written by hand because the framework's own event response answers 200 to an error raised before its first event, and
leaves generators open when clients go away.
"""

from __future__ import annotations

import json
from typing import Any


def event(name: str, data: Any) -> str:
    """One event. JSON keeps the data on a single line, so nothing in it can end the event or start another."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=True)}\n\n"
