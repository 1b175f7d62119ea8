"""Which side of a value is meant: at least, at most, more, less, before, after. Word lists in ``german_bounds.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.german_values import Kind, Value, values
from assistant.german_words import root

REACH = 60
"""Characters before and behind a value in which its bounds are looked for."""


_FAR = ("least", "most", "about", "until")
"""Bounds that may stand two words before their value: „mindestens noch weitere drei“."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """``side`` limits the value itself („mindestens drei“), ``order`` says what it is counted from („drei Tage vor“)."""

    side: str = ""
    order: str = ""


@cache
def _patterns() -> tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]], dict[str, re.Pattern[str]]]:
    lists = tomllib.loads(files("assistant").joinpath("german_bounds.toml").read_text(encoding="utf-8"))
    near, touching, compound = r"\W+(?:\w+\W+){0,2}$", r"\W+(?:\w+\W+)?$", r"\w*\W+(?:\w+\W+){0,5}$"
    before: dict[str, re.Pattern[str]] = {}
    for name, forms in lists["before"].items():
        words = rf"\b(?:{'|'.join(forms)}){near if name in _FAR else touching}"
        heads = lists["compounds"].get(name)
        before[name] = re.compile(words + (rf"|\b(?:{'|'.join(heads)}){compound}" if heads else ""), re.IGNORECASE)
    behind, order = (
        {
            name: re.compile(rf"^\W*(?:\w+\W+){{0,{reach}}}(?:{'|'.join(forms)})\b", re.IGNORECASE)
            for name, forms in lists[table].items()
        }
        for table, reach in (("behind", 3), ("order", 0))
    )
    return before, behind, order


def bound(text: str, value: Value) -> Bound:
    """The bounds of ``value`` in ``text``."""
    if value.kind in (Kind.LAW, Kind.PHONE):
        return Bound()
    before, behind, order = _patterns()
    left = _before(text[max(0, value.start - REACH) : value.start])
    right = re.split(r"[,;:.!?](?=\s|$)", text[value.end : value.end + REACH])[0]
    found = [(match.start(), name) for name, pattern in before.items() if (match := pattern.search(left))]
    side = max(found)[1] if found else next((name for name, pattern in behind.items() if pattern.search(right)), "")
    return Bound(side=side, order=next((name for name, pattern in order.items() if pattern.search(right)), ""))


def _before(text: str) -> str:
    """What stands before a value, after the value before it and the last comma or stop."""
    start = max((value.end for value in values(text)), default=0)
    return re.split(r"[,;:.!?](?=\s)", text[start:])[-1]


_ALIKE = (
    frozenset({"", "from"}),  # „tritt am … in Kraft“ and „gilt ab …“
    frozenset({"", "about"}),
    frozenset({"most", "within", "until"}),
    frozenset({"least", "from"}),
)


def agree(stated: Bound, cited: Bound) -> bool:
    """Whether two bounds of the same value say the same."""
    sides = {stated.side, cited.side}
    if stated.order != cited.order and stated.order and cited.order:
        return False
    # „spätestens zwei Wochen vor“ and „mindestens zwei Wochen vor“ are the same day.
    early = "before" in (stated.order, cited.order) and sides == {"least", "until"}
    return early or len(sides) == 1 or any(sides <= alike for alike in _ALIKE)


@cache
def _order() -> re.Pattern[str]:
    lists = tomllib.loads(files("assistant").joinpath("german_bounds.toml").read_text(encoding="utf-8"))
    return re.compile(rf"\b(?P<order>{'|'.join(lists['order_words'])})\s+(?:[a-zäöüß]+\s+){{0,3}}(?P<noun>[A-ZÄÖÜ]\w+)")


def orders(text: str) -> dict[str, set[str]]:
    """What is told before or after which event: „nach der Aufnahme“ gives ``{"aufnahm": {"nach"}}``, roots as keys."""
    found: dict[str, set[str]] = {}
    for match in _order().finditer(text):
        found.setdefault(root(match["noun"]), set()).add(match["order"].lower())
    return found
