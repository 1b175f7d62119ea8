"""Batch files: one JSON object per line in, one out, in the same order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.domain import Query
from assistant.errors import AssistantError, GenerationError, InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a batch file. ``value`` is the parsed JSON, or the error that kept it from being parsed."""

    number: int
    id: Any
    value: Any


def read_lines(lines: Iterable[bytes]) -> Iterator[Line]:
    """The lines that are not blank, each parsed for itself: a bad one spoils no other."""
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            value = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
        except (ValueError, RecursionError):
            value = InputError("json_invalid")
        yield Line(number=number, id=value.get("id", "") if isinstance(value, Mapping) else "", value=value)


def results(
    lines: Iterable[Line], read: Callable[[object], Query], answer: Callable[[Query], Mapping[str, Any]]
) -> Iterator[tuple[bool, Mapping[str, Any]]]:
    """Whether each line could be answered, with its result or its error. An unusable index ends the whole batch."""
    for line in lines:
        try:
            if isinstance(line.value, AssistantError):
                raise line.value
            yield True, {**answer(read(line.value)), "id": line.id}
        except (InputError, GenerationError) as error:
            yield False, {"id": line.id, "line": line.number, "error": {"code": error.code, "message": str(error)}}
