"""Lists of words and phrases that mean the same: ``synonyms.toml`` of a corpus, and the file of a user.

Such a file holds ``groups``, a list of lists of forms, and a table ``[abbreviations]`` with the long form of each.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError
from assistant.texts import message

Group = tuple[str, ...]
"""Forms that mean the same."""

_WORD = re.compile(r"[^\W_]+")


def read_synonyms(file: Path) -> tuple[Group, ...]:
    """The groups of a list: those of its ``groups``, then one for each of its ``[abbreviations]``.

    Raises:
        SettingsError: it cannot be read, or holds something else; the message names what and where.
    """
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError("synonyms_unreadable", file=file, reason=error) from error
    unknown = [name for name in values if name not in ("groups", "abbreviations")]
    if unknown:
        raise SettingsError("synonyms_unknown", file=file, name=unknown[0])
    return (*_groups(file, values.get("groups", [])), *_abbreviations(file, values.get("abbreviations", {})))


def _groups(file: Path, groups: Any) -> Iterator[Group]:
    if not isinstance(groups, list):
        raise _invalid(file, "groups")
    for number, group in enumerate(groups, start=1):
        if not isinstance(group, list) or len(group) < 2 or not all(map(_is_form, group)):
            raise _invalid(file, f"groups[{number}]")
        yield tuple(group)


def _abbreviations(file: Path, table: Any) -> Iterator[Group]:
    if not isinstance(table, Mapping):
        raise _invalid(file, "abbreviations")
    for short, long in table.items():
        if not _is_form(short) or not _is_form(long):
            raise _invalid(file, f"abbreviations.{short}")
        yield short, long


def _is_form(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 200 and bool(_WORD.search(value))


def _invalid(file: Path, name: str) -> SettingsError:
    return SettingsError("synonyms_invalid", file=file, name=name, expected=message("errors", "synonyms_expected"))
