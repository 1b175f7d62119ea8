"""Writing to the terminal: results to standard output, everything else to standard error."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

MAX_WIDTH = 100
"""Columns beyond which lines of prose become hard to read."""


def prepare_streams() -> None:
    """Write UTF-8 whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def out(text: str) -> None:
    """Write a result, at once, so that a reader at the other end of a pipe need not wait."""
    print(text, flush=True)  # noqa: T201  results belong on standard output


def out_json(value: Any, *, indent: int | None = 2) -> None:
    """Write a result as JSON."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # Half a surrogate pair, say in the id of a batch line, cannot be encoded; its escape is valid JSON again.
    out(text.encode("utf-8", "backslashreplace").decode())


def out_exactly(text: str) -> None:
    """Write the UTF-8 bytes of ``text`` and nothing else: no line end is added or translated."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def err(text: str) -> None:
    """Write a message for people."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201  messages belong on standard error


def width() -> int:
    """Columns to wrap prose at."""
    return min(MAX_WIDTH, shutil.get_terminal_size((80, 24)).columns)


def columns(rows: Sequence[Sequence[str]]) -> str:
    """A table with its columns aligned; the last one may be as wide as it likes."""
    widths = [max(len(printable(cell)) for cell in column) for column in zip(*rows, strict=True)]
    widths[-1] = 0
    return "\n".join(
        "  ".join(printable(cell).ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def printable(text: str) -> str:
    """``text`` without control characters, so that no document can steer the terminal, on one line."""
    plain = "".join(" " if character.isspace() else character for character in text)
    return "".join(character for character in plain if unicodedata.category(character) not in ("Cc", "Cf"))


def close_quietly() -> None:
    """Let go of a standard output whose reader has gone, so that Python does not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
