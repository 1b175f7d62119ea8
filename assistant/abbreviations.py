"""Abbreviations with their long forms, as the documents themselves explain them.

Two ways are read: a list of abbreviations („FNP: Flächennutzungsplan“ under a heading of that kind), and a long form
followed by its abbreviation in brackets (Schwartz and Hearst, 2003): each of its letters is found in the long form in
order, the first one at the beginning of a word. Such headings are in ``abbreviations.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

_SHORT = r"[A-ZÄÖÜ][A-Za-zÄÖÜäöüß0-9.-]{0,9}(?: [A-ZÄÖÜ][A-Za-zÄÖÜäöüß]{1,9})?"
_ENTRY = re.compile(rf"(?m)(?:^|(?<=\) ))(?P<short>{_SHORT}(?:, {_SHORT})?): (?P<long>[^\n:(]{{4,120}})")
_BRACKETS = re.compile(r"(?P<before>[^().;:!?\n]{4,160}) \((?P<short>[A-ZÄÖÜ][A-Za-zÄÖÜäöüß-]{1,9})\)")
_CAPITALS = re.compile(r"[A-ZÄÖÜ]")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*-?")


def abbreviations(passages: Iterable[str]) -> dict[str, str]:
    """The long form of each abbreviation that ``passages`` explain: the first in a list, else the first in brackets.

    The first line of a passage are its headings.
    """
    listed: dict[str, str] = {}
    bracketed: dict[str, str] = {}
    for passage in passages:
        headings, _, text = passage.partition("\n")
        if _announces_a_list().search(headings):
            for short, long in _entries(text):
                listed.setdefault(short, long)
        for short, long in _in_brackets(text):
            bracketed.setdefault(short, long)
    return {**bracketed, **listed}


def is_abbreviation(word: str) -> bool:
    """Whether ``word``, or a part of it, is written like one: two capitals or more."""
    return any(len(_CAPITALS.findall(part)) > 1 for part in word.split())


@cache
def _announces_a_list() -> re.Pattern[str]:
    values = tomllib.loads(files("assistant").joinpath("abbreviations.toml").read_text(encoding="utf-8"))
    return re.compile("|".join(map(re.escape, values["lists"])), re.IGNORECASE)


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for entry in _ENTRY.finditer(text):
        for short in entry["short"].split(", "):
            # „OEK: Sächsische Bezeichnung …“ explains, and is no long form.
            if is_abbreviation(short) and re.search(rf"\b{short[0]}", entry["long"], re.IGNORECASE):
                yield short, entry["long"].strip(" .,")


def _in_brackets(text: str) -> Iterator[tuple[str, str]]:
    for found in _BRACKETS.finditer(text):
        short = found["short"]
        long = _long_form(short, found["before"]) if is_abbreviation(short) else ""
        if long:
            yield short, long


def _long_form(short: str, before: str) -> str:
    """The end of ``before`` that ``short`` abbreviates; empty if there is none."""
    letters = [letter.lower() for letter in short if letter.isalnum()]
    words = list(_WORD.finditer(before))
    earliest = max(0, len(words) - min(len(letters) + 5, 2 * len(letters)))
    # The shortest one that fits, and never more words than an abbreviation has room for.
    for word in reversed(words[earliest:]):
        long = before[word.start() :]
        if long[0].lower() == letters[0] and long[0].isupper() and _in_order(letters, long.lower()):
            return long if len(long) > len(short) + 2 else ""
    return ""


def _in_order(letters: list[str], text: str) -> bool:
    at = -1
    for letter in letters:
        at = text.find(letter, at + 1)
        if at < 0:
            return False
    return True
