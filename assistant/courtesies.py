"""Greetings and thanks around a question, which say nothing of what is asked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files

from assistant.domain import Query
from assistant.german import words

MOST_OF_A_NAME = 40
"""Most characters of the name below a greeting."""


def plain(query: Query) -> Query:
    """``query`` with the courtesies taken off its question and off the earlier ones."""
    history = tuple(replace(turn, question=without_courtesies(turn.question)) for turn in query.history)
    return replace(query, question=without_courtesies(query.question), history=history)


def without_courtesies(question: str) -> str:
    """``question`` without what greets and thanks around it; as it is if nothing would be left („Vielen Dank!“)."""
    opening, closing = _patterns()
    rest = question
    while opened := opening.match(rest):
        rest = rest[opened.end() :]
        rest = rest[:1].upper() + rest[1:]
    while closed := closing.search(rest):
        rest = rest[: closed.start()]
    return rest if words(rest) else question


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What opens and what closes (``courtesies.toml``)."""
    values = tomllib.loads(files("assistant").joinpath("courtesies.toml").read_text(encoding="utf-8"))
    openings, bare, closings = ("|".join(values[name]) for name in ("openings", "openings_without_a_comma", "closings"))
    return (
        re.compile(rf"\s*(?:(?:{openings})(?:\s*[,.!:]+\s*|\s+[–-]+\s+)|(?:{bare})\s+)", re.I),
        re.compile(rf"(?<=[?.!,])\s*(?:{closings})\b[^?]{{0,{MOST_OF_A_NAME}}}$", re.I),
    )
