"""Hyphens at line ends: which belong to the word and which only to the line."""

from __future__ import annotations

import re
from collections.abc import Container

from ingest.german import JOINING, LEADER
from ingest.layout.words import HYPHEN

_HYPHENS = (HYPHEN, "\u00ad", "-", "\u2010", "\u2011")
_LIGATURES = {
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "ft",
    "ﬆ": "st",
    "\u2010": "-",
    "\u2011": "-",
}
_ADDRESS = re.compile(r"https?:|www\.|\w\.(?:de|eu|com|org|net|info)/|\w/\w[^\s]*/")
_HOST = re.compile(r"[\w-]+\.(?:de|eu|com|org|net|info)\b")
_ADDRESS_PART = re.compile(r"[\w%]+[-./_%=?&]|\w+[.,;)]*$")
_REST = re.compile(r"[\w-]*\.\w{2,4}/|[\w%-]+/\w|[\w%-]+\.(?:html?|pdf|php|aspx?|json|xml)\b")
_BREAKS = tuple("/-_=?&%.")
_TABLE = str.maketrans({**_LIGATURES, "\u00ad": "", HYPHEN: "-"})


def clean(word: str) -> str:
    """``word`` with ligatures resolved, one kind of hyphen and without soft ones; rows of dots are an ellipsis."""
    if word.isascii() and "....." not in word and "_____" not in word:
        return word
    return LEADER.sub(" … ", word.translate(_TABLE)).strip()


def ends_in_hyphen(word: str) -> bool:
    """Whether a word at a line's end may go on in the next line."""
    return len(word) > 1 and word.endswith(_HYPHENS)


def is_broken_address(left: str, right: str) -> bool:
    """Whether ``left`` at a line's end is the beginning of an internet address that goes on with ``right``."""
    if left[-1:] in _BREAKS:
        return bool(_ADDRESS.search(left)) and bool(_ADDRESS_PART.match(right))
    # In narrow cells addresses break anywhere.
    whole = _ADDRESS.search(left) is not None and left[-1:].isalnum() and _REST.match(right) is not None
    return whole and right.split("/")[0] not in JOINING


def joined(left: str, right: str, known: Container[str] = frozenset()) -> tuple[str, bool]:
    """What stands for ``left`` at the end of a line, and whether ``right`` follows it without a blank.

    ``known`` are words of the document, in lower case: where the hyphen could be either, the spelling found there wins.

    >>> joined("Zustän\ufffe", "digkeit")
    ('Zustän', True)
    >>> joined("Kinder\ufffe", "und")
    ('Kinder-', False)
    >>> joined("DCAT\ufffe", "AP")
    ('DCAT-', True)
    >>> joined("dcat\ufffe", "ap.de/def")
    ('dcat-', True)
    """
    stem, hyphen = clean(left[:-1]), left[-1]
    if hyphen == "\u00ad":
        return stem, True
    following = right.strip("„“\"'(),.;:").lower()
    if right.lower() in JOINING or following in JOINING:
        return f"{stem}-", False
    core = stem.lstrip("„“\"'(")
    if _ADDRESS.search(core) or _HOST.match(right):
        return f"{stem}-", True
    last = core.rsplit("-", 1)[-1]
    whole = f"{last}{following}".lower() in known and f"{last}-{following}".lower() not in known
    if not whole and (not right[:1].islower() or _keeps(core)):
        # "Smart-City-/Strategie", "E-/Mail", "EU-/weit", "2-/jährig"; a dash between words stands off.
        return f"{stem}-", bool(core) and (core[-1].isalnum() or core[-1] in "./")
    if f"{last}-{following}".lower() in known and not whole:
        return f"{stem}-", True
    return stem, True


def _keeps(stem: str) -> bool:
    """Whether a hyphen after ``stem`` is real whatever follows: after abbreviations, single letters and numbers."""
    last = stem.rsplit("-", 1)[-1]
    return last[-1:].isdigit() or len(last) == 1 or (len(last) > 1 and last.isupper())
