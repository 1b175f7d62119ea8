"""Which of several values belongs to what: „18.500 Euro für die Beteiligung, davon 4.000 Euro für ein Portal“.

A sentence is cut into one stretch around each value; what stands in a value's own stretch belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.german_values import Kind, Value, same, values
from assistant.german_words import empty, root, words

_CUT = re.compile(r"[,;](?=\s)")
_COUNTED = re.compile(r"\W+(?:[a-zäöüß]+\W+){0,2}(?P<nouns>[A-ZÄÖÜ][\w-]+(?:\s+(?:und|oder)\s+[A-ZÄÖÜ][\w-]+)?)")


def misplaced(statement: str, cited: str) -> list[str]:
    """The values of ``statement`` that ``cited`` says of something else, as they are written there."""
    there = [value for value in values(cited) if value.kind is Kind.AMOUNT]
    return [
        statement[value.start : value.end]
        for value in values(statement)
        if value.kind is Kind.AMOUNT and _elsewhere(statement, value, cited, there)
    ]


def _elsewhere(statement: str, value: Value, cited: str, there: Sequence[Value]) -> bool:
    equal = [other for other in there if same(value, other)]
    others = [other for other in there if other.unit == value.unit and other not in equal]
    if len(equal) != 1:
        return False
    own, counted = equal[0], _counted(cited, equal[0])
    wrongly = _counted(statement, value) - counted if counted else set()
    said = _nouns(statement)
    for other in others:
        if wrongly & _counted(cited, other):
            return True  # „169 Gemeinden“ of „418 Gemeinden, davon 169 Städte“
        here, elsewhere = _nouns(_stretch(cited, own)), _nouns(_stretch(cited, other))
        # What comes later may leave out what was said before, but not the other way round.
        apart = own.start < other.start and bool(here) and set(elsewhere).isdisjoint(here)
        if apart and said and set(said) <= set(elsewhere):
            return True
        if apart and said[:1] == elsewhere[:1] and set(here[:1]).isdisjoint(said):
            return True  # „Die Gemeinde trägt zwei Drittel“
    return False


def _stretch(text: str, value: Value) -> str:
    """The part of ``text`` between the commas around ``value``."""
    start = max((cut.end() for cut in _CUT.finditer(text, 0, value.start)), default=0)
    end = min((cut.start() for cut in _CUT.finditer(text, value.end)), default=len(text))
    return text[start:end]


def _nouns(text: str) -> list[str]:
    return [root(word) for word in words(text) if word[0].isupper() and not empty(word)]


def _counted(text: str, value: Value) -> set[str]:
    """What a mere count counts: „169 Städte“."""
    match = _COUNTED.match(text, value.end) if not value.unit else None
    return set(_nouns(match["nouns"])) if match else set()
