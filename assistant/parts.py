"""Several questions in one: each is answered on its own, so that an answer can say which it leaves open."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from assistant.domain import Query, Turn

MOST_PARTS = 4
"""More questions than this are searched as one."""

_BETWEEN = re.compile(r"(?<=[!?])(?:\s+|(?=[A-ZÄÖÜ]))|(?<=\w\w\.)\s+(?=[A-ZÄÖÜ])")
"""Between two sentences; the point of a single letter ("z. B.") ends none."""


def parts_of(query: Query) -> tuple[Query, ...]:
    """The questions in ``query``, each led by what is told beside them and with the earlier ones as its history.

    A single question, or more than :data:`MOST_PARTS`, is returned as it is.
    """
    told: list[str] = []
    questions: list[str] = []
    for sentence in filter(_has_words, _BETWEEN.split(query.question)):
        if _asks(sentence):
            questions += _Splitting.shipped().split(sentence)
        else:
            told.append(sentence)
    if not 1 < len(questions) <= MOST_PARTS:
        return (query,)
    parts: list[Query] = []
    history = query.history
    for question in questions:
        # What a language model made of the whole would find the same for each.
        parts.append(replace(query, question=" ".join([*told, question]), history=history, rewritten=""))
        history = (*history, Turn(question=question, answer=""))
    return tuple(parts)


def _has_words(sentence: str) -> bool:
    return any(map(str.isalnum, sentence))


def _asks(sentence: str) -> bool:
    return "?" in sentence[len(sentence.rstrip("!.?")) :]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Splitting:
    """Where a sentence asks a second thing (``parts.toml``)."""

    second_question: re.Pattern[str]
    paired: frozenset[str]

    @classmethod
    @cache
    def shipped(cls) -> _Splitting:
        values = tomllib.loads(files("assistant").joinpath("parts.toml").read_text(encoding="utf-8"))
        connectors = "|".join(values["connectors"])
        prepositions, words, verbs, subjects = (
            "|".join(values[name].split()) for name in ("prepositions", "question_words", "verbs", "subjects")
        )
        opening = rf"(?:(?:{prepositions})\s+)?(?:{words})\b|(?:{verbs})\s+(?:{subjects})\b"
        return cls(
            second_question=re.compile(rf",?\s+(?:{connectors})\s+(?={opening})", re.I),
            paired=frozenset(values["paired"].split()),
        )

    def split(self, sentence: str) -> list[str]:
        """The questions of one sentence, each with a question mark of its own."""
        parts, start = [], 0
        for found in self.second_question.finditer(sentence):
            before = sentence[start : found.start()]
            if before.split()[-1:] and before.split()[-1].lower().strip(",") not in self.paired:
                parts.append(before.strip(" ,") + "?")
                start = found.end()
        return [*parts, sentence[start:].strip()]
