"""Kinds of questions, told by their wording: who, when, how many, whether."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

KINDS = ("person", "time", "place", "quantity", "duration", "reason", "manner", "choice", "thing", "decision")
"""What ``question_kinds.toml`` holds a pattern for each."""


def kinds_of(question: str) -> tuple[bool, ...]:
    """Whether ``question`` is of each of ``KINDS``."""
    patterns = _patterns()
    return tuple(bool(patterns[kind].search(question)) for kind in KINDS)


def ask_alike(one: str, other: str) -> bool:
    """Whether two questions may ask for the same: „Wie lange gilt …?“ and „Was ist …?“ hardly do, whatever they share.

    Keywords ask for nothing in particular, and so for anything. It is a hint: one in five pairs of wordings of the same
    FAQ ask by different words.
    """
    kinds = [_asked(text) for text in (one, other)]
    return not all(kinds) or not kinds[0].isdisjoint(kinds[1])


@lru_cache(maxsize=8192)
def _asked(question: str) -> frozenset[str]:
    """The kinds of ``question``; that it asks „how“ counts only where it does not say what of it, as in „how long“.

    Kept, as the same wordings are found again and again.
    """
    kinds = frozenset(kind for kind, told in zip(KINDS, kinds_of(question), strict=True) if told)
    return kinds - {"manner"} or kinds


def asks_for(what: Literal["number", "date"], question: str) -> bool:
    """Whether a sentence without a ``what`` hardly answers ``question``."""
    return bool(_patterns()[f"asks_for_{what}"].search(question))


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    values = tomllib.loads(files("assistant").joinpath("question_kinds.toml").read_text(encoding="utf-8"))
    return {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in values.items()}
