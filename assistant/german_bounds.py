"""Which side of a value is meant: at least, at most, more, less, before, after (``german_bounds.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.german_values import Kind, Value, values
from assistant.german_words import root

REACH = 60
"""Characters before and behind a value in which its bounds are looked for."""


_LABEL = re.compile(r"(?P<noun>[A-ZÄÖÜ][a-zäöüß]+)\s$")

_RANGE = re.compile(r"\bzwischen\b[^,;.]{1,40}\bund\W*$", re.IGNORECASE)
"""What stands before the second value of a range."""

_FAR = ("least", "most", "about", "until")
"""Bounds that may stand two words before their value: „mindestens noch weitere drei“."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What limits a value.

    ``side`` limits the value itself („mindestens drei“), ``change`` compares it („900 weniger“), ``step`` says whether
    something changes by it or to it („um 80 Prozent“, „auf 80 Prozent“), ``order`` what it is counted from („drei Tage
    vor“), ``rates`` for what it counts („15 Euro im Monat“).
    """

    side: str = ""
    change: str = ""
    step: str = ""
    order: str = ""
    rates: frozenset[str] = frozenset()


Patterns = Mapping[str, re.Pattern[str]]


@cache
def _lists() -> Mapping[str, Any]:
    return tomllib.loads(files("assistant").joinpath("german_bounds.toml").read_text(encoding="utf-8"))


@cache
def _before() -> Patterns:
    near, touching, compound = r"\W+(?:\w+\W+){0,2}$", r"\W+(?:\w+\W+)?$", r"\w*\W+(?:\w+\W+){0,5}$"
    patterns: dict[str, re.Pattern[str]] = {}
    for name, forms in _lists()["before"].items():
        words = rf"\b(?:{'|'.join(forms)}){near if name in _FAR else touching}"
        heads = _lists()["compounds"].get(name)
        patterns[name] = re.compile(words + (rf"|\b(?:{'|'.join(heads)}){compound}" if heads else ""), re.IGNORECASE)
    return patterns


@cache
def _behind(table: str, reach: int) -> Patterns:
    """What may follow a value after at most ``reach`` other words."""
    return {
        name: re.compile(rf"^\W*(?:\w+\W+){{0,{reach}}}(?:{'|'.join(forms)})\b", re.IGNORECASE)
        for name, forms in _lists()[table].items()
    }


@cache
def _anywhere(table: str) -> Patterns:
    return {name: re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE) for name, forms in _lists()[table].items()}


def bound(text: str, value: Value) -> Bound:
    """The bounds of ``value`` in ``text``."""
    if value.kind in (Kind.LAW, Kind.PHONE):
        return Bound()
    left = _left(text[max(0, value.start - REACH) : value.start])
    right = re.split(r"[,;:.!?](?=\s|$)", text[value.end : value.end + REACH])[0]
    found = [(match.start(), name) for name, pattern in _before().items() if (match := pattern.search(left))]
    rates = _found(_anywhere("rate"), f"{left} | {right}") if value.kind is Kind.AMOUNT else []
    if _RANGE.search(text[max(0, value.start - REACH) : value.start]):
        found = [(0, "until")]
    return Bound(
        side=max(found)[1] if found else _first(_behind("behind", 3), right),
        change=_first(_behind("change", 1), right),
        step=next(iter(re.findall(r"\b(um|auf)\W+(?:\w+\W+)?$", left)), ""),
        order=_first(_behind("order", 0), right),
        rates=frozenset(rates),
    )


def _found(patterns: Patterns, text: str) -> list[str]:
    return [name for name, pattern in patterns.items() if pattern.search(text)]


def _first(patterns: Patterns, text: str) -> str:
    return next(iter(_found(patterns, text)), "")


def _left(text: str) -> str:
    """What stands before a value, after the value before it and the last comma or stop."""
    start = max((value.end for value in values(text)), default=0)
    return re.split(r"[,;:.!?](?=\s)", text[start:])[-1]


_ALIKE = (
    frozenset({"", "from"}),  # „tritt am … in Kraft“ and „gilt ab …“
    frozenset({"", "about"}),
    frozenset({"", "within"}),  # „die Frist beträgt zehn Jahre“
    frozenset({"most", "within", "until"}),
    frozenset({"least", "from"}),
    frozenset({"after", "from"}),
)


def agree(stated: Bound, cited: Bound) -> bool:
    """Whether two bounds of the same value say the same."""
    for one, other in ((stated.order, cited.order), (stated.change, cited.change), (stated.step, cited.step)):
        if one and other and one != other:
            return False
    if stated.rates and cited.rates and not stated.rates <= cited.rates:
        return False
    sides = {stated.side, cited.side}
    # „spätestens zwei Wochen vor“ and „mindestens zwei Wochen vor“ are the same day.
    early = "before" in (stated.order, cited.order) and sides == {"least", "until"}
    return early or len(sides) == 1 or any(sides <= alike for alike in _ALIKE)


@cache
def _order() -> re.Pattern[str]:
    words = "|".join(word for pair in _lists()["contrary"] for word in pair)
    return re.compile(rf"\b(?P<order>(?i:{words}))\s+(?:[a-zäöüß]+\s+){{0,3}}(?P<noun>[A-ZÄÖÜ]\w+)")


def orders(text: str) -> dict[str, set[str]]:
    """Where things stand to others: „nach der Aufnahme“ gives ``{"aufnehm": {"nach"}}``, with roots as keys."""
    found: dict[str, set[str]] = {}
    for match in _order().finditer(text):
        found.setdefault(root(match["noun"]), set()).add(match["order"].lower())
    return found


def contrary(stated: set[str], cited: set[str]) -> bool:
    """Whether one preposition before a noun contradicts another."""
    return any(
        (one in stated and other in cited and one not in cited)
        or (other in stated and one in cited and other not in cited)
        for one, other in _lists()["contrary"]
    )


def labels(text: str, value: Value) -> str:
    """The root of the noun that a number is the name of: „Tagesordnungspunkt 7“, „Zimmer 214“; empty for others."""
    match = _LABEL.search(text[: value.start]) if value.kind is Kind.AMOUNT and not value.unit else None
    return root(match["noun"]) if match else ""
