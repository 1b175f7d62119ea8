"""Values in German text: paragraphs, dates, times, telephone numbers, amounts and counts, each in one normal form.

„12.500 €“ and „12 500 Euro“ are the same value, „1. März 2024“ and „01.03.2024“ are, „zwei Drittel“ and „2/3“ are; the
order in „§ 5 Abs. 2“ counts. Word lists lie in ``german_values.toml``.
"""

from __future__ import annotations

import re
import tomllib
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from assistant.german_numbers import NUMBER_WORD, number_of_word


class Kind(StrEnum):
    """What a value counts or names; values of different kinds are never equal."""

    LAW = "law"
    DATE = "date"
    TIME = "time"
    PHONE = "phone"
    AMOUNT = "amount"
    ORDINAL = "ordinal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value at characters ``start`` to ``end`` of its text.

    ``key`` is its normal form: the levels of a paragraph chain; year, month and day (empty where not given); hour and
    minute; digits; the number in the base unit. ``unit`` is the base unit of an amount, empty for a mere count.
    """

    kind: Kind
    key: tuple[str, ...]
    unit: str = ""
    start: int
    end: int


@cache
def _lists() -> Mapping[str, Mapping[str, Any]]:
    """The word lists turned round: from each form to what it means."""
    tables = tomllib.loads(files("assistant").joinpath("german_values.toml").read_text(encoding="utf-8"))
    lists: dict[str, Mapping[str, Any]] = {
        name: {form: meaning for meaning, forms in tables[name].items() for form in forms}
        for name in ("months", "levels", "factors", "fractions", "ordinals")
    }
    for name in ("units", "adjectives"):
        lists[name] = {
            form: (unit, Fraction(size))
            for unit, sizes in tables[name].items()
            for size, forms in sizes.items()
            for form in forms
        }
    return lists


def _either(words: Mapping[str, Any] | list[str]) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


_NUMBER = r"(?:\d{1,3}(?:[.\u00a0\u202f '’]\d{3})+(?!\d)(?:,\d+)?|\d+(?:,\d+)?)"
_SPACE = r"[ \u00a0\u202f]"


@lru_cache(maxsize=5000)
def values(text: str) -> tuple[Value, ...]:
    """All values of ``text`` in reading order. What one rule has read, no later rule reads again."""
    found: list[Value] = []
    for pattern, read in _rules():
        for match in pattern.finditer(text):
            if not any(match.start() < value.end and value.start < match.end() for value in found):
                found.extend(read(match))
    return tuple(sorted(found, key=lambda value: value.start))


def blanked(text: str) -> str:
    """``text`` with a bare number in place of each value, so that no dot in it looks like an end."""
    return _replaced(text, lambda value: "0")


def spelled(text: str) -> str:
    """``text`` with a word of its own in place of each value, the same word for the same value."""
    return _replaced(text, lambda value: "Wert" + _letters(value.kind + value.unit + "".join(value.key)))


def _replaced(text: str, by: Callable[[Value], str]) -> str:
    for value in reversed(values(text)):
        text = f"{text[: value.start]} {by(value)} {text[value.end :]}"
    return text


def _letters(key: str) -> str:
    return (
        "".join(
            chr(ord("a") + int(character)) if character.isdigit() else character
            for character in key
            if character.isalnum()
        )
        + "q"
    )


def same(stated: Value, cited: Value) -> bool:
    """Whether ``cited`` says ``stated``: the same value, or one that is more precise."""
    if stated.kind is not cited.kind:
        # „2000 Einwohner“ reads like a year.
        return {stated.kind, cited.kind} == {Kind.DATE, Kind.AMOUNT} and _bare(stated) == _bare(cited) is not None
    if stated.kind is Kind.LAW:
        return cited.key[: len(stated.key)] == stated.key
    if stated.kind is Kind.DATE:
        return all(not part or part == other for part, other in zip(stated.key, cited.key, strict=True))
    if stated.kind is Kind.AMOUNT:
        alike = stated.unit == cited.unit or not stated.unit
        return alike and abs(Fraction(stated.key[0]) - Fraction(cited.key[0])) <= _tolerance(stated)
    return stated.key == cited.key


def _bare(value: Value) -> str | None:
    """The number of a year or a mere count."""
    alone = not value.unit and not any(value.key[1:])
    return value.key[0] if alone else None


def _tolerance(value: Value) -> Fraction:
    # A third is written 33,3 %.
    return Fraction(4, 1000) if value.unit == "share" and Fraction(value.key[0]).denominator % 3 == 0 else Fraction(0)


Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Value]]]


@cache
def _rules() -> tuple[Rule, ...]:
    lists = _lists()
    # Written out, so that nobody's first name is taken for a month.
    full_month = _either([name for name in lists["months"] if len(name) > 4 or name in ("Mai", "März")])
    month = rf"(?:{_either(lists['months'])})\.?(?![a-zäöüß])"
    unit = rf"(?:{_either(lists['units'])})(?![a-zäöüß²³])"
    factor = rf"(?:{_either(lists['factors'])})(?![a-zäöüß])\.?"
    fraction = rf"(?:{_either(lists['fractions'])})"
    ordinal, adjective = _either(lists["ordinals"]), _either(lists["adjectives"])
    level = rf"(?:{_either(lists['levels'])})\.?"
    step = rf"{_SPACE}*{level}{_SPACE}*\d+[a-z]?\b"
    chain = rf"\d+[a-z]?\b(?:,?{step})*"
    joint = rf"(?:,{_SPACE}*|{_SPACE}*(?:und|oder|bis|sowie|[–-]){_SPACE}*(?:§+{_SPACE}*)?)"
    words = rf"(?<![A-Za-zÄÖÜäöüß-])(?i:{NUMBER_WORD})"
    count = rf"(?:{_NUMBER}|{words}(?![a-zäöüß]))"
    wall = r"(?<![\w.,])"
    i = re.IGNORECASE
    return (
        (re.compile(rf"(?:§§?|\bArt(?:ikels?|\.)){_SPACE}*(?P<chains>{chain}(?:{joint}{chain})*)"), _law),
        (re.compile(r"(?:\+49|(?<!\d)\(?0\d{2,5}\)?)[ /–-]*(?:\(0\))?\d[\d /–-]{3,}\d"), _phone),
        (re.compile(rf"(?<![\w§]){level}{_SPACE}*\d+[a-z]?\b(?:,?{step})*"), _partial_law),
        (re.compile(rf"(?<!\d)(?P<h>\d{{1,2}})(?:[:.](?P<m>\d\d))?(?:{_SPACE}Uhr)?{_SPACE}*(?:bis|[–-]|und){_SPACE}*"
                    rf"(?P<h2>\d{{1,2}})(?:[:.](?P<m2>\d\d))?{_SPACE}Uhr(?:{_SPACE}(?P<n2>\d\d)\b)?"), _time),
        (re.compile(rf"(?<!\d)(?P<h>\d{{1,2}})(?:[:.](?P<m>\d\d))?{_SPACE}Uhr(?:{_SPACE}(?P<n>\d\d)\b)?"), _time),
        (re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)"), _date),
        (re.compile(r"(?<!\d)(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?:\s?(?P<y>\d{4}|\d\d)(?!\d))?"), _date),
        (re.compile(rf"(?<!\d)(?P<d0>\d{{1,2}})\.\s*(?:bis(?: zum)?|und|oder|[–-])\s*(?P<d>\d{{1,2}})\.\s*"
                    rf"(?P<m>{month})(?:\s+(?P<y>\d{{4}}))?"), _date),
        (re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})\.\s*(?P<m>{month})(?:\s+(?P<y>\d{{4}}))?"), _date),
        (re.compile(rf"\b[Ee]nde\s+(?P<m>{month})(?:\s+(?P<y>\d{{4}}))?"), _end_of_month),
        (re.compile(rf"\b(?P<m>{month})\s+(?P<y>\d{{4}})"), _date),
        (re.compile(rf"\b(?P<m>{full_month})\b"), _date),
        (re.compile(r"(?<![\d.,])(?P<y>(?:19|20)\d\d)/(?:(?:19|20)?(?P<y2>\d\d))(?![\d,])"), _years),
        (re.compile(rf"(?P<count>{_NUMBER}|{words})?{_SPACE}*(?P<fraction>{fraction})\b", i), _fraction),
        (re.compile(r"(?<![\w/.,])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\w/])"), _ratio),
        (re.compile(rf"(?P<count>{_NUMBER}|{words})-?(?P<unit>{adjective})(?:e[rnsm]?)?\b", i), _amount),
        (re.compile(rf"{wall}(?P<unit>€|EUR|Euro){_SPACE}?(?P<count>{_NUMBER})(?:{_SPACE}?(?P<factor>{factor}))?"),
         _amount),
        (re.compile(rf"(?<![\w.])(?P<count>{count})(?:,[–-]+)?(?:{_SPACE}?(?P<factor>{factor}))?{_SPACE}?(?P<unit>{unit})"),
         _amount),
        # The unit of the second number of a pair is that of the first as well: „drei bis fünf Jahre“.
        (re.compile(rf"(?<![\w.])(?P<count>{count})(?={_SPACE}*(?:bis|und|oder|[–/-]){_SPACE}*(?:zu )?{count}"
                    rf"(?:{_SPACE}?(?P<factor>{factor}))?{_SPACE}?(?P<unit>{unit}))"), _amount),
        (re.compile(rf"(?<![\w.])(?P<count>{count}){_SPACE}?(?P<factor>{factor})"), _amount),
        (re.compile(r"(?:\bJahr(?:en|es|e)? )?(?<![\d.,§/-])(?P<y>(?:19|20)\d\d)(?![\d,./]\d|\d)"), _date),
        (re.compile(r"(?<![\w.,])(?P<n>\d{1,3})\.(?=\s+[A-ZÄÖÜ])"), _ordinal),
        (re.compile(rf"\b(?P<word>(?!acht)(?:{ordinal})|(?<=[mnrs] )acht)(?:e[rnsm]?)\b", i), _ordinal),
        (re.compile(rf"(?<![\w,])(?P<count>{_NUMBER})(?![\w²³])"), _amount),
        (re.compile(rf"{words}(?=\b|mal\b|fach)", i), _word),
    )  # fmt: skip


def _value(match: re.Match[str], kind: Kind, *key: str, unit: str = "", group: str | int = 0) -> Value:
    written = match[group]
    start = match.start(group) + len(written) - len(written.lstrip())
    return Value(kind=kind, key=key, unit=unit, start=start, end=match.end(group))


def _law(match: re.Match[str]) -> Iterator[Value]:
    sign = "§" if match[0].startswith("§") else "art"
    steps = list(re.finditer(r"(?P<level>[^\W\d]+)?\.?[ \u00a0\u202f]*(?P<number>\d+[a-z]?)\b", match["chains"]))
    chain: list[str] = []
    for step in steps:
        name = _lists()["levels"].get(step["level"] or "", "")
        if not name and chain:
            yield _value(match, Kind.LAW, *chain)
        chain = [*chain, name + step["number"]] if name else [sign + step["number"]]
    yield _value(match, Kind.LAW, *chain)


def _partial_law(match: re.Match[str]) -> Iterator[Value]:
    steps = re.findall(r"([^\W\d]+)\.?[ \u00a0\u202f]*(\d+[a-z]?)\b", match[0])
    yield _value(match, Kind.LAW, *(_lists()["levels"][name] + number for name, number in steps))


def _phone(match: re.Match[str]) -> Iterator[Value]:
    digits = re.sub(r"\D", "", match[0].replace("(0)", ""))
    yield _value(match, Kind.PHONE, "0" + digits[2:] if match[0].startswith("+49") else digits)


def _time(match: re.Match[str]) -> Iterator[Value]:
    groups = match.groupdict()
    yield _value(match, Kind.TIME, str(int(match["h"])), str(int(match["m"] or groups.get("n") or 0)))
    if groups.get("h2"):
        yield _value(match, Kind.TIME, str(int(match["h2"])), str(int(match["m2"] or match["n2"] or 0)))


def _date(match: re.Match[str]) -> Iterator[Value]:
    groups = match.groupdict()
    year, month = groups.get("y") or "", (groups.get("m") or "").rstrip(".")
    if len(year) == 2:
        year = "20" + year
    if month and not month.isdigit():
        month = _lists()["months"][month]
    month = str(int(month)) if month else ""
    for name in ("d0", "d"):
        day = groups.get(name)
        if day or name == "d":
            yield _value(match, Kind.DATE, year, month, str(int(day)) if day else "")


def _end_of_month(match: re.Match[str]) -> Iterator[Value]:
    """„Ende September“ is the 30th; of a February of no year the 28th."""
    year, month = match["y"] or "", int(_lists()["months"][match["m"].rstrip(".")])
    last = monthrange(int(year or 2023), month)[1]
    yield _value(match, Kind.DATE, year, str(month), str(last))


def _years(match: re.Match[str]) -> Iterator[Value]:
    yield _value(match, Kind.DATE, match["y"], "", "")
    yield _value(match, Kind.DATE, match["y"][:2] + match["y2"], "", "")


def _fraction(match: re.Match[str]) -> Iterator[Value]:
    part = Fraction(_lists()["fractions"][match["fraction"].lower()])
    count = _number(match["count"]) if match["count"] else Fraction(1)
    yield _value(match, Kind.AMOUNT, str(part * count), unit="share")


def _ratio(match: re.Match[str]) -> Iterator[Value]:
    if int(match["b"]):
        yield _value(match, Kind.AMOUNT, str(Fraction(int(match["a"]), int(match["b"]))), unit="share")


def _amount(match: re.Match[str]) -> Iterator[Value]:
    lists, groups = _lists(), match.groupdict()
    number = _number(match["count"])
    if groups.get("factor"):
        number *= int(lists["factors"][match["factor"].rstrip(".")])
    name, unit = groups.get("unit"), ""
    if name:
        unit, size = lists["units"].get(name) or lists["adjectives"][name.lower()]
        number *= size
    yield _value(match, Kind.AMOUNT, str(number), unit=unit, group="count" if not match[0].strip() else 0)


def _word(match: re.Match[str]) -> Iterator[Value]:
    number = number_of_word(match[0])
    if number is not None and number != 1:  # „ein“ is mostly an article
        yield _value(match, Kind.AMOUNT, str(number))


def _ordinal(match: re.Match[str]) -> Iterator[Value]:
    groups = match.groupdict()
    number = groups.get("n") or _lists()["ordinals"][match["word"].lower()]
    yield _value(match, Kind.ORDINAL, number)


def _number(written: str) -> Fraction:
    word = number_of_word(written)
    if word is not None:
        return word
    return Fraction(re.sub(r"[.\u00a0\u202f '’]", "", written).replace(",", "."))
