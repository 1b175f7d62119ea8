"""Greetings and thanks around a question, which say nothing of what is asked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files

from assistant.domain import Query
from assistant.german import words


def plain(query: Query) -> Query:
    """``query`` with the courtesies taken off its question and off the earlier ones."""
    history = tuple(replace(turn, question=without_courtesies(turn.question)) for turn in query.history)
    rewritten = query.rewritten and without_courtesies(query.rewritten)
    return replace(query, question=without_courtesies(query.question), history=history, rewritten=rewritten)


def without_courtesies(question: str) -> str:
    """``question`` without what greets and thanks around it; as it is if nothing is asked then („Vielen Dank!“)."""
    opening, closing = _patterns()
    rest = question
    while opened := opening.match(rest):
        rest = rest[opened.end() :]
        rest = rest[:1].upper() + rest[1:]
    while closed := closing.search(rest):
        rest = rest[: closed.start()].rstrip(" ,")
    return rest if words(rest) or rest.endswith("?") else question


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What opens and what closes (``courtesies.toml``)."""
    values = tomllib.loads(files("assistant").joinpath("courtesies.toml").read_text(encoding="utf-8"))
    lists = ("openings", "openings_without_a_comma", "closings", "closings_after_a_stop")
    openings, bare, closings, short = ("|".join(values[name]) for name in lists)
    name = r"(?:[\s,]*(?:\baus )?\b(?-i:[A-ZÄÖÜ])[\w.-]*){0,5}[\s.!]*$"
    return (
        re.compile(rf"\s*(?:(?:{openings})(?:\s*[,.!:]+\s*|\s+[–-]+\s+)|(?:{bare})\s+)", re.I),
        re.compile(rf"(?:(?<=[?.!,])(?:\s*(?:{closings})(?!\w),?)+|(?<=[?.!])\s*(?:{short})(?!\w)){name}", re.I),
    )
