"""Typed access to the fields of a JSON object. What does not fit is collected, so that all of it can be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.domain import Status

Problem = tuple[str, dict[str, object]]


class Fields:
    """One JSON object. A field of the wrong type reads as empty and adds to ``problems``.

    ``problems`` holds keys of the text section ``problems`` with their details. ``path`` names the object inside its
    line (``gold[2].``).
    """

    def __init__(self, value: Mapping[str, Any], path: str = "", problems: list[Problem] | None = None) -> None:
        self._value = value
        self._path = path
        self.problems: list[Problem] = [] if problems is None else problems

    def complain(self, problem: str, **details: object) -> None:
        """Add a problem."""
        self.problems.append((problem, details))

    def text(self, name: str) -> str:
        """A field that must hold a text that is not blank."""
        value = self._value.get(name)
        if isinstance(value, str) and value.strip():
            return value
        self._wrong(name, "text")
        return ""

    def optional_text(self, name: str) -> str:
        """A text, or empty where the field is missing or null."""
        value = self._value.get(name)
        if value is None or isinstance(value, str):
            return value or ""
        self._wrong(name, "text")
        return ""

    def key(self, name: str) -> str:
        """A text that is not blank, or a whole number, as text."""
        value = self._value.get(name)
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else self.text(name)

    def is_true(self, name: str) -> bool:
        """Whether an optional field is ``true``; everything else is not."""
        return self._value.get(name) is True

    def truth(self, name: str) -> bool:
        """``true`` or ``false``."""
        value = self._value.get(name)
        if not isinstance(value, bool):
            self._wrong(name, "truth")
        return value is True

    def number(self, name: str) -> int:
        """A whole number of at least 0."""
        value = self._value.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self._wrong(name, "number")
        return 0

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where the field is missing."""
        return tuple(item for item in self._list(name) if self._is(name, item, str, "text"))

    def numbers(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers; empty where the field is missing."""
        return tuple(item for item in self._list(name) if self._is(name, item, int, "number"))

    def objects(self, name: str) -> list[Fields]:
        """A list of objects; empty where the field is missing."""
        return [
            Fields(item, f"{self._path}{name}[{place}].", self.problems)
            for place, item in enumerate(self._list(name))
            if self._is(name, item, dict, "object")
        ]

    def wordings(self, name: str) -> list[tuple[str, bool]]:
        """A list of texts or ``{"pattern": …}``, as (text, whether it is a pattern)."""
        found: list[tuple[str, bool]] = []
        for item in self._list(name):
            if isinstance(item, str) and item.strip():
                found.append((item, False))
            elif isinstance(item, dict) and isinstance(item.get("pattern"), str) and _compiles(item["pattern"]):
                found.append((item["pattern"], True))
            else:
                self._wrong(name, "wordings")
        return found

    def status(self, name: str) -> Status | None:
        """The name of a status; None where the field is missing or empty."""
        value = self._value.get(name)
        if value in (None, ""):
            return None
        if value in set(Status):
            return Status(value)
        self._wrong(name, "status")
        return None

    def _list(self, name: str) -> list[Any]:
        value = self._value.get(name)
        if value is None or isinstance(value, list):
            return value or []
        self._wrong(name, "list")
        return []

    def _is(self, name: str, item: object, kind: type, expected: str) -> bool:
        fits = isinstance(item, kind) and not isinstance(item, bool)
        if not fits:
            self._wrong(name, expected)
        return fits

    def _wrong(self, name: str, expected: str) -> None:
        self.complain(f"not_{expected}" if name in self._value else f"missing_{expected}", name=self._path + name)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
