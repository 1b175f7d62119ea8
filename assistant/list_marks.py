"""Which list items bring a mark of their own and need no bullet."""

from __future__ import annotations

import re

MARK = (
    r"\(?(?:\d{1,3}|[a-z]{1,2}|[ivx]{1,4})\)\s"
    r"|\d{1,3}(?:\.\d{1,3})*\.\s|\d{1,2}(?:\.\d{1,2})+\s"
    # A letter with a full stop before a word: no abbreviation such as "z. B." is meant.
    r"|(?:[a-zA-Z]|[ivx]{2,4}|[IVX]{1,4})\.\s(?=[a-zA-ZäöüÄÖÜß]{3})"
    r"|[-–—•▪◦●○■□☐➢➤►✓✔*·‣⁃]\s|§"
)
"""What an item begins with, as a regular expression that Python and JavaScript (with the flag ``u``) read alike: the
widget gets it too."""


def has_mark(item: str) -> bool:
    """Whether ``item`` begins with a number, a letter or a sign that marks it.

    >>> [has_mark(item) for item in ("a) der Antrag", "2.1 Ziele", "IV. Teil", "z. B. ein Plan", "5.000 Euro")]
    [True, True, True, False, False]
    """
    return re.match(MARK, item) is not None
