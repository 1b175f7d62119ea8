"""The words of documents beside those of a question: "Muss …?" asks for a *Pflicht*, "FNP" for the long form."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


def expanded(question: str) -> str:
    """``question``, with what documents would say put in front."""
    words = [one.words for one in _expansions() if one.pattern.search(question)]
    return f"{', '.join(words)}: {question}" if words else question


@dataclass(frozen=True, slots=True, kw_only=True)
class _Expansion:
    pattern: re.Pattern[str]
    words: str


@cache
def _expansions() -> tuple[_Expansion, ...]:
    """The list of this version (``expansions.toml``)."""
    values = tomllib.loads(files("assistant").joinpath("expansions.toml").read_text(encoding="utf-8"))
    return tuple(
        _Expansion(pattern=re.compile(one["pattern"], re.IGNORECASE), words=one["words"]) for one in values["expansion"]
    )
