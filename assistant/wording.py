"""How a model gives itself away: it refuses, changes the language or recites its instructions (``wording.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.prompting import prompt

SHINGLE = 7
"""Words in a row that nobody writes twice by chance."""

_WORD = re.compile(r"[^\W\d_]+")
_FOREIGN_LETTER = re.compile(r"[^\W\d_]")
_LAST_LATIN = "\u024f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Tells unusable sentences by their words."""

    refusals: re.Pattern[str]
    german: frozenset[str]
    others: frozenset[str]
    instructions: frozenset[tuple[str, ...]]

    @classmethod
    @cache
    def shipped(cls) -> Wording:
        """The lists of this version, and the prompt's own words."""
        values = tomllib.loads(files("assistant").joinpath("wording.toml").read_text(encoding="utf-8"))
        return cls.read(values, prompt("answer.md"))

    @classmethod
    def read(cls, values: Mapping[str, Any], instructions: str) -> Wording:
        """From the lists ``refusals`` (regular expressions), ``german`` and ``others`` (small words)."""
        return cls(
            refusals=re.compile("|".join(values["refusals"]), re.IGNORECASE),
            german=frozenset(values["german"].split()),
            others=frozenset(values["others"].split()) - frozenset(values["german"].split()),
            instructions=frozenset(_shingles(instructions)),
        )

    def refuses(self, text: str) -> bool:
        """Whether ``text`` says that there is no answer, or that the model will not give one."""
        return bool(self.refusals.search(text))

    def foreign(self, text: str) -> bool:
        """Whether ``text`` is written in another language than German, as far as its small words tell."""
        letters = _FOREIGN_LETTER.findall(text)
        if sum(letter > _LAST_LATIN for letter in letters) * 3 > len(letters):
            return True
        words = [word.lower() for word in _WORD.findall(text)]
        others = sum(word in self.others for word in words)
        return others >= 2 and others > sum(word in self.german for word in words)

    def recites(self, text: str) -> bool:
        """Whether ``text`` repeats our instructions word by word."""
        return not self.instructions.isdisjoint(_shingles(text))


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = [word.lower() for word in _WORD.findall(text)]
    return [tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)]
