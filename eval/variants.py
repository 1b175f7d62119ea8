"""Robustness variants: the same cases asked in a harder way. All are deterministic for a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum

from eval.cases import EvalCase

TYPING_ERRORS_PER_WORD = 0.15
_WORD = re.compile(r"[^\W\d_]{4,}")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_ROWS = ("qwertzuiopü", "asdfghjklöä", "yxcvbnm")


class Variant(StrEnum):
    """How the questions are changed, or where they are asked.

    ``WITHOUT_GOLD`` asks each again with the answering documents hidden, ``ALL_DOCUMENTS`` forgets the cases' scopes.
    """

    NONE = "none"
    TYPOS = "typos"
    UMLAUTS = "umlauts"
    LOWERCASE = "lowercase"
    WITHOUT_GOLD = "without-gold"
    ALL_DOCUMENTS = "all-documents"


def vary(question: str, variant: Variant, seed: int) -> str:
    """The question as ``variant`` asks it."""
    if variant is Variant.TYPOS:
        return with_typing_errors(question, random.Random(f"{seed}:{question}"))
    if variant is Variant.UMLAUTS:
        return question.translate(_UMLAUTS)
    return question.lower() if variant is Variant.LOWERCASE else question


def with_typing_errors(question: str, chance: random.Random) -> str:
    """About one word in seven of four letters or more gets one typing error; at least one word does."""
    words = list(_WORD.finditer(question))
    if not words:
        return question
    hit = [word for word in words if chance.random() < TYPING_ERRORS_PER_WORD] or [chance.choice(words)]
    for word in reversed(hit):
        question = question[: word.start()] + _mistyped(word[0], chance) + question[word.end() :]
    return question


def hide_gold(cases: Sequence[EvalCase], documents: Sequence[str]) -> list[EvalCase]:
    """The cases, and each answerable one again as unanswerable, in a scope without the documents of its gold places."""
    hidden = []
    for case in cases:
        gold = {place.document for place in case.gold}
        scope = tuple(document for document in case.documents or documents if document not in gold)
        if gold and scope:
            tags = (*case.tags, Variant.WITHOUT_GOLD.value)
            hidden.append(
                replace(
                    case, id=f"{case.id}#{Variant.WITHOUT_GOLD.value}", answerable=False, gold=(), facts=(),
                    documents=scope, expected=None, tags=tags,
                )
            )  # fmt: skip
    return [*cases, *hidden]


def without_scope(cases: Sequence[EvalCase]) -> list[EvalCase]:
    """The cases asked of all documents; those that only their own scope cannot answer are left out."""
    return [replace(case, documents=()) for case in cases if case.answerable or not case.documents]


def _mistyped(word: str, chance: random.Random) -> str:
    # The first letter stays: people notice errors there, and so do spelling checkers.
    at = chance.randrange(1, len(word) - 1)
    kinds: list[Callable[[str, int], str]] = [_swapped, _dropped, _doubled, lambda w, i: _neighbour(w, i, chance)]
    mistyped = chance.choice(kinds)(word, at)
    return mistyped if mistyped != word else _doubled(word, at)


def _swapped(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _dropped(word: str, at: int) -> str:
    return word[:at] + word[at + 1 :]


def _doubled(word: str, at: int) -> str:
    return word[: at + 1] + word[at:]


def _neighbour(word: str, at: int, chance: random.Random) -> str:
    row = next((row for row in _ROWS if word[at].lower() in row), "")
    if not row:
        return _doubled(word, at)
    place = row.index(word[at].lower())
    return word[:at] + chance.choice(row[max(0, place - 1) : place] + row[place + 1 : place + 2]) + word[at + 1 :]
