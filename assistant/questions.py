"""What counts as a question: checks that every entrance shares."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from assistant.domain import Query
from assistant.errors import InputError

_FEWEST = 2
"""Letters or digits that a question has at least: every text holds „a“."""


def checked(query: Query, limit: int) -> Query:
    """``query`` with its question in normal form (NFC, control and format characters gone, blanks trimmed).

    A document that is named twice counts once.

    Raises:
        InputError: if the question is blank or a single letter, longer than ``limit`` characters or not valid text.
    """
    question = clean(query.question)
    if sum(character.isalnum() for character in question) < _FEWEST:
        raise InputError("question_missing")
    if len(query.question) > limit:
        raise InputError("question_too_long", length=len(query.question), limit=limit)
    return replace(query, question=question, documents=tuple(dict.fromkeys(query.documents)))


def clean(text: str) -> str:
    """``text`` as NFC, with control characters as blanks and invisible format characters removed.

    Raises:
        InputError: if it holds a lone surrogate, which is no character at all.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InputError("question_unreadable")
    kept = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if category == "Cc":
            kept.append(" ")
        elif category != "Cf":
            kept.append(character)
    return " ".join("".join(kept).split())


def spoken(question: str) -> tuple[str, ...]:
    """The words of ``question`` in order, whatever their case, marks and spelling of umlauts."""
    folded = question.casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        folded = folded.replace(umlaut, letters)
    return tuple(re.findall(r"\w+", folded))
