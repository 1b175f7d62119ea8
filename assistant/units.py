"""Paragraph chains, dates, amounts and counts as search terms of their own: one term for each value, however written.

„12.500 €“ and „12 500 Euro“ are one term, „3. März 2024“ and „03.03.2024“ are, and „§ 5 Abs. 2“ is none of
„§ 2 Abs. 5“. A less precise question finds the more precise text: „§ 5 Abs. 2“ is a term of „§ 5 Abs. 2 Satz 1“ too.
They stand beside the words, which know nothing of values. Units of one plain word („5“, „2024“, „§ 5“) are left out:
there the word says it already.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from assistant.german_values import Kind, Value, values


def with_signs(text: str) -> str:
    """``text`` with its paragraph chains as laws write them: „Paragraph 5 (2)“ is „§ 5 Abs. 2“, „S. 1“ „Satz 1“."""
    for pattern, written in _chains():
        text = pattern.sub(written, text)
    return text


@cache
def _chains() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The list of this version (``units.toml``)."""
    values = tomllib.loads(files("assistant").joinpath("units.toml").read_text(encoding="utf-8"))
    return tuple((re.compile(one["pattern"]), one["written"]) for one in values["chain"])


def units(text: str) -> list[str]:
    """The terms of the values in ``text``, in order. No word is ever such a term: they begin with ``=``."""
    written = with_signs(text)
    return [f"={value.kind}:{form}" for value in values(written) for form in _forms(value, written)]


def _forms(value: Value, text: str) -> Iterator[str]:
    match value.kind:
        case Kind.LAW:
            # Alone, „§ 5“ is a word already and „Abs. 2“ says nothing.
            first = 1 if value.key[0].startswith("art") else 2
            return (".".join(value.key[:levels]) for levels in range(first, len(value.key) + 1))
        case Kind.DATE:
            return _dates(*value.key)
        case Kind.AMOUNT:
            return _amounts(value.key[0], value.unit, text[value.start : value.end])
        case Kind.TIME | Kind.PHONE:
            return iter([".".join(value.key)])
    return iter(())


def _dates(year: str, month: str, day: str) -> Iterator[str]:
    if month and day:
        yield f"-{month}-{day}"
    if month and year:
        yield f"{year}-{month}"
    if year and month and day:
        yield f"{year}-{month}-{day}"


def _amounts(number: str, unit: str, written: str) -> Iterator[str]:
    if unit:
        yield f"{number} {unit}"
    # Without dots and blanks; up to „999“ nothing can be written otherwise, and the word says it.
    elif written[0].isdigit() and (written != number or len(number) > 3):
        yield number
