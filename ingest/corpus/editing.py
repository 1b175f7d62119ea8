"""The owner of tomlkit: entries put into the text of a manifest and taken out, and every other character kept.

tomlkit alone would lose comments: it counts those above an entry to the entry before, and drops them with that. So an
entry's own lines are cut out, and every result is read again before it may replace the manifest.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import tomlkit

from ingest.corpus.errors import CorpusRefusal
from ingest.manifest import NAME, Entry

_LINE = re.compile(r".*\n|.+")
_OURS = re.compile(r"\s*\[\[\s*document\s*\]\]\s*(?:#.*\s*)?")
_HEADER = re.compile(r"\s*\[")
_REMARK = re.compile(r"\s*(?:#.*\s*)?")


def rewrite(folder: Path, change: Callable[[str], str]) -> None:
    """Replace the manifest of ``folder`` by what ``change`` makes of its text, in one step.

    Raises:
        CorpusRefusal: as ``change`` does; the manifest is as it was.
        OSError: if the folder cannot be written; likewise.
    """
    path = (folder / NAME).resolve()
    old = path.read_bytes().decode("utf-8") if path.exists() else ""
    draft = path.with_name(f".{NAME}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(change(old).encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            draft.chmod(path.stat().st_mode)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def with_entry(text: str, entry: Entry) -> str:
    """``text`` with ``entry`` at its end, its empty fields left out.

    Raises:
        CorpusRefusal: ``manifest_form``, if its documents are not written as ``[[document]]`` tables.
    """
    said = {"id": entry.id, **asdict(entry)}  # what it is called comes first
    values = {name: value for name, value in said.items() if value}
    line_end = "\r\n" if "\r\n" in text else "\n"
    before = text if not text or text.endswith("\n") else text + line_end
    gap = line_end if before.strip() else ""
    new = before + gap + tomlkit.dumps({"document": [values]}).replace("\n", line_end)
    old = tomllib.loads(text)
    return _checked(new, {**old, "document": [*old.get("document", []), values]})


def without_entry(text: str, number: int) -> str:
    """``text`` without its document ``number`` (from 0). Comments around it stay.

    Raises:
        CorpusRefusal: ``manifest_form``, as above.
    """
    lines = _LINE.findall(text)
    start, end = _lines_of(lines, number)
    blank_before = start == 0 or not lines[start - 1].strip()
    if blank_before and end < len(lines) and not lines[end].strip():
        end += 1
    old = tomllib.loads(text)
    documents = [item for place, item in enumerate(old["document"]) if place != number]
    left = {key: value for key, value in old.items() if key != "document"}
    return _checked("".join(lines[:start] + lines[end:]), {**left, "document": documents} if documents else left)


def _lines_of(lines: list[str], number: int) -> tuple[int, int]:
    """First line of an entry, and the one after its last; what stands between two entries belongs to neither."""
    headers = [place for place, line in enumerate(lines) if _OURS.fullmatch(line)]
    if number >= len(headers):
        raise CorpusRefusal("manifest_form", file=NAME)
    start = headers[number]
    after = (place for place in range(start + 1, len(lines)) if _HEADER.match(lines[place]))
    end = next(after, len(lines))
    while _REMARK.fullmatch(lines[end - 1]):
        end -= 1
    return start, end


def _checked(text: str, expected: Mapping[str, Any]) -> str:
    """``text`` if it says exactly what is expected, for only a parser knows all ways to write TOML."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        said = {}
    if said != expected:
        raise CorpusRefusal("manifest_form", file=NAME)
    return text
