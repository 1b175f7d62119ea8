"""German sentences cut into clauses, as far as commas and small words tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files

from assistant.german_values import spelled


@cache
def _pattern(name: str) -> re.Pattern[str]:
    lists = tomllib.loads(files("assistant").joinpath("german_clauses.toml").read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{pattern})" for pattern in lists[name]), re.IGNORECASE)


def parts(text: str, marked: Callable[[str], bool]) -> Iterator[str]:
    """The clauses of ``text``; ``marked`` tells whether a piece denies or binds, which makes it one of its own."""
    for sentence in _pattern("cut").split(spelled(text)):
        yield from _joined(sentence, marked)


def condition(part: str) -> bool:
    """Whether a clause is the condition or the reason of another."""
    return bool(_pattern("condition").match(part))


def _joined(sentence: str, marked: Callable[[str], bool]) -> Iterator[str]:
    """The parts between commas; one that neither denies nor binds belongs to the one before it.

    So „ist nicht verpflichtet, ein Konzept aufzustellen“ stays whole.
    """
    held = ""
    for part in re.split(r",(?=\s)", sentence):
        for half in _halves(part, marked):
            if held and (marked(half) or condition(half) or condition(held) or _apart(half)):
                yield held
                held = half
            else:
                held = f"{held}, {half}" if held else half
    yield held


def _apart(half: str) -> bool:
    """Whether a clause says something of its own, or contrasts with the one before it."""
    return bool(_pattern("contrast").search(half) or _pattern("main").match(half))


def _halves(part: str, marked: Callable[[str], bool]) -> list[str]:
    halves = _pattern("joint").split(part)
    # „Bund und Land müssen“ is one clause; „muss prüfen und darf nicht“ is two. „ohne Plan oder Antrag nicht“ is one.
    whole = len(halves) == 1 or _pattern("whole").search(part) or sum(marked(half) for half in halves) < 2
    return [part] if whole else halves
