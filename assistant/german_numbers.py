"""German number words: „zwölf“, „dreihundertfünfzig“, „anderthalb“."""

from __future__ import annotations

import re
from fractions import Fraction

_ONES = {
    "ein": 1, "eins": 1, "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8,
    "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16,
    "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
}  # fmt: skip
_TENS = {
    "zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80,
    "neunzig": 90,
}  # fmt: skip
_ODD = {
    "eine": Fraction(1), "einen": Fraction(1), "einem": Fraction(1), "einer": Fraction(1), "eines": Fraction(1),
    "null": Fraction(0), "beide": Fraction(2), "beiden": Fraction(2), "zweier": Fraction(2), "dreier": Fraction(3),
    "anderthalb": Fraction(3, 2), "eineinhalb": Fraction(3, 2), "zweieinhalb": Fraction(5, 2),
    "dreieinhalb": Fraction(7, 2), "halb": Fraction(1, 2), "halbe": Fraction(1, 2), "halben": Fraction(1, 2),
    "halbes": Fraction(1, 2), "dutzend": Fraction(12),
}  # fmt: skip

_BELOW_100 = "(?:(?:{ones})und(?:{tens})|{tens}|{ones})".format(
    ones="|".join(sorted(_ONES, key=len, reverse=True)), tens="|".join(_TENS)
)
_BELOW_1000 = rf"(?:(?:{_BELOW_100})?hundert(?:und)?(?:{_BELOW_100})?|{_BELOW_100})"
_WHOLE = rf"(?:(?:{_BELOW_1000})?tausend(?:und)?(?:{_BELOW_1000})?|{_BELOW_1000})"

NUMBER_WORD = rf"(?:{'|'.join(sorted(_ODD, key=len, reverse=True))}|{_WHOLE})"
"""A pattern that matches number words; what surrounds them is the caller's business."""

_PARTS = re.compile(
    rf"(?:(?P<thousands>{_BELOW_1000})?(?P<thousand>tausend)(?:und)?)?"
    rf"(?:(?P<hundreds>{_BELOW_100})?(?P<hundred>hundert)(?:und)?)?(?P<rest>{_BELOW_100})?"
)


def number_of_word(word: str) -> Fraction | None:
    """The number that ``word`` spells, or nothing."""
    word = word.lower()
    if word in _ODD:
        return _ODD[word]
    match = _PARTS.fullmatch(word)
    if not match or not word:
        return None
    whole = _below_100(match["rest"])
    if match["hundred"]:
        whole += 100 * (_below_100(match["hundreds"]) or 1)
    if match["thousand"]:
        thousands = number_of_word(match["thousands"]) if match["thousands"] else None
        whole += 1000 * int(thousands or 1)
    return Fraction(whole)


def _below_100(word: str | None) -> int:
    if not word:
        return 0
    if word in _ONES or word in _TENS:
        return _ONES.get(word) or _TENS[word]
    ones, _, tens = word.partition("und")
    return _ONES[ones] + _TENS[tens]
