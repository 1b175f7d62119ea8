"""Fundstelle: cited answers to German questions.

The public surface is small and cheap to import; heavy libraries load on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.domain import Answer, Citation, Query
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.service import Assistant

__all__ = ["Answer", "Assistant", "AssistantError", "Citation", "Query"]


def __getattr__(name: str) -> Any:
    if name == "Assistant":
        from assistant.service import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
