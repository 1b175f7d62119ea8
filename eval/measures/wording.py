"""German wordings made comparable: case, spaces, quotes, numbers, amounts and dates.

This is written apart from the product's own checks on purpose: a measure must not share the faults of what it measures.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from eval.cases import Fact

_MARKER = re.compile(r"\s*\[\d+\]")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januar", "jänner"), ("februar",), ("märz",), ("april",), ("mai",), ("juni",), ("juli",), ("august",),
            ("september",), ("oktober",), ("november",), ("dezember",),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_WRITTEN_DATE = re.compile(rf"\b(\d{{1,2}})\.\s*({'|'.join(_MONTHS)})\s+(\d{{4}})\b")
_SHORT_DATE = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")
# A number with thousands groups ("12.500", "12 500") or plain digits, and a decimal comma.
_NUMBER = re.compile(r"(?<![\d.,-])(\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(\d+))?(?![\d-]|[.,]\d)")
_MILLIONS = re.compile(r"\b(\d+)(?:,(\d+))?\s*(mio\.?|millionen?|mrd\.?|milliarden?|tsd\.?|tausend)(?!\w)")
_ZEROS = {"tsd": 3, "tau": 3, "mio": 6, "millio": 6, "mrd": 9, "milliar": 9}
_GLUED = re.compile(r"(?<=[^\W\d_])\.(?=\d)")  # "Abs.2"
_CURRENCY_FIRST = re.compile(r"(?<![\w.,])(?<!\d )(?:€|eur\b)\s*(\d+(?:,\d+)?)(?![\d.,]*\d)")
_UNITS = (
    (re.compile(r"\s*(?:€|\beuro\b|\beur\b)"), " euro"),
    (re.compile(r"\s*(?:%|\bprozent\b|\bv\. ?h\.)"), " prozent"),
    (re.compile(r"§+\s*"), "§ "),
)
_QUOTES = str.maketrans(dict.fromkeys("„“”«»‚‘’\"'", "")) | str.maketrans("–—‑\u00a0\u202f\u2009", "---   ")
# As in the German evaluation of MLQA (Lewis et al., 2020).
_ARTICLES = frozenset(("ein", "eine", "einen", "eines", "einem", "einer", "der", "die", "das", "den", "dem", "des"))


def plain(text: str) -> str:
    """``text`` without markers, quotes and case, spaces folded."""
    text = unicodedata.normalize("NFC", _MARKER.sub("", text)).translate(_QUOTES)
    return " ".join(text.casefold().replace("\u00ad", "").split())


def canonical(text: str) -> str:
    """As :func:`plain`, with one form for each number, amount and date.

    "12.500 €", "12 500 Euro" and "EUR 12500" become "12500 euro"; "1. März 2024" and "01.03.2024" become
    "2024-03-01"; "5,50 %" and "5,5 Prozent" become "5,5 prozent"; "1,5 Mio. Euro" becomes "1500000 euro".
    """
    text = plain(text)
    text = _WRITTEN_DATE.sub(lambda m: _date(m[3], str(_MONTHS[m[2]]), m[1]), text)
    text = _SHORT_DATE.sub(lambda m: _date(m[3], m[2], m[1]), text)
    text = _MILLIONS.sub(_written_out, text)
    text = _NUMBER.sub(lambda m: _number(re.sub(r"\D", "", m[1]), m[2] or ""), text)
    text = _CURRENCY_FIRST.sub(r"\1 euro", _GLUED.sub(". ", text))
    for unit, name in _UNITS:
        text = unit.sub(name, text)
    return " ".join(text.split())


def says(answer: str, fact: Fact) -> bool:
    """Whether ``answer`` holds the fact. Patterns are searched in the plain and in the canonical answer."""
    if fact.pattern:
        expression = re.compile(fact.text, re.IGNORECASE)
        return any(expression.search(form) for form in (_MARKER.sub("", answer), canonical(answer)))
    wanted = re.escape(canonical(fact.text))
    # Whole words only: "5 prozent" must not be found in "15 prozent".
    return re.search(rf"(?<!\w)(?<!\d[.,]){wanted}(?!\w)", canonical(answer)) is not None


def tokens(text: str) -> list[str]:
    """Words and numbers of the canonical text without articles."""
    return [word for word in re.findall(r"\w+(?:[,-]\d+)*", canonical(text)) if word not in _ARTICLES]


def token_f1(answer: str, gold: Sequence[str]) -> float:
    """F1 of the bags of words of the answer and all gold texts together (Rajpurkar et al., 2016), 0..1."""
    said, wanted = Counter(tokens(answer)), Counter(word for text in gold for word in tokens(text))
    common = (said & wanted).total()
    return 2 * common / (said.total() + wanted.total()) if common else 0.0


def _date(year: str, month: str, day: str) -> str:
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _number(whole: str, decimals: str) -> str:
    decimals = decimals.rstrip("0")
    return (whole.lstrip("0") or "0") + (f",{decimals}" if decimals else "")


def _written_out(match: re.Match[str]) -> str:
    zeros = next(n for start, n in _ZEROS.items() if match[3].startswith(start))
    decimals = match[2] or ""
    if len(decimals) > zeros:
        return match[0]
    return match[1] + decimals.ljust(zeros, "0")
