"""JSON Lines in and out. Whoever reads learns the number of each line, so that problems can be named by it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.texts import message
from eval.errors import RunError


def read_lines(file: Path, problems: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of ``file`` with their line numbers (1-based). Lines that hold no object are added to ``problems``.

    Raises:
        RunError: if the file cannot be read as UTF-8 text.
    """
    for number, line in enumerate(read_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            problems.append(at_line(file, number, "not_json", reason=error))
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            problems.append(at_line(file, number, "no_object"))


def read_text(file: Path) -> str:
    """The text of ``file``, which must be UTF-8; raises as :func:`read_lines`."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RunError("file_unreadable", file=file, reason=error) from error


def at_line(file: Path, number: int, problem: str, **details: object) -> str:
    """A problem as shown to the user: file, line, and the text ``problem`` of the section ``problems``."""
    return f"{file}:{number}: {message('problems', problem, package='eval', **details)}"


def write_lines(file: Path, values: Iterable[Mapping[str, Any]]) -> None:
    """Write one JSON object per line."""
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for value in values:
            out.write(to_line(value))


def to_line(value: Mapping[str, Any]) -> str:
    """``value`` as one line of JSON, newline included."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        # A lone surrogate, from a broken file, can only be written escaped.
        line = json.dumps(value)
    return line + "\n"
