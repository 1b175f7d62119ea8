"""Follow-up questions, completed from the user's own earlier questions and the last answer, without a language model.

A question leans on the conversation if it opens like one, points back ("davor", "dort") or names hardly anything
itself. One that stands alone is a change of topic, and the conversation before it is dropped.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.domain import Query
from assistant.german import words
from assistant.texts import message

FEW_WORDS = 1
"""A question with no more words of its own than this names too little to stand alone."""

MANY_WORDS = 8
"""A question with more words of its own than this stands alone, whatever it points to."""

MOST_BEFORE = 600
"""Most characters of a conversation that lead a follow-up. They are its first, which name the topic."""

MOST_OF_AN_ANSWER = 160
"""Most characters of the last answer that are searched with a follow-up."""

_MARKS = re.compile(r"(?<!\s)\s*\[\d{1,3}\]")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])")
_WORD = re.compile(r"[^\W_]+")


def standing_alone(query: Query) -> str:
    """The question as a language model rewrote it, else led by the earlier questions it leans on."""
    if query.rewritten:
        return query.rewritten
    complete, *others = _chain(query)
    for question in others:
        complete = f"{_topic(complete)} {question}"
    return complete


def read_as(query: Query) -> str:
    """The question as it was understood, for its author to check; empty where that is the question itself.

    Of several that it leans on only the first, which names the topic.
    """
    first, *others = [query.rewritten] if query.rewritten else _chain(query)
    told = " … ".join([first, others[-1]]) if len(others) > 1 else " ".join([first, *others])
    return "" if told == query.question else told


def _chain(query: Query) -> list[str]:
    """The question with those before it that it leans on, oldest first."""
    chain: list[str] = []
    for question in (*(turn.question for turn in query.history), query.question):
        chain = [*chain, question] if chain and FollowUps.shipped().leans(question) else [question]
    return chain


def answered_before(query: Query) -> str:
    """What the question leans on in the last answer: its first sentence, if that names anything; else empty.

    „Seit wann gibt es die denn?“ means what the answer has just named.
    """
    if query.rewritten or not query.history or not FollowUps.shipped().leans(query.question):
        return ""
    answer = _MARKS.sub("", query.history[-1].answer)
    sentence = _BETWEEN_SENTENCES.split(answer.strip())[0][:MOST_OF_AN_ANSWER]
    return "" if is_refusal(answer) or len(words(sentence)) < 2 else sentence


def is_refusal(answer: str) -> bool:
    """Whether ``answer`` is one that tells nothing."""
    return answer.strip() in (message("answers", "declined"), message("answers", "nothing_asked"))


def _topic(told: str) -> str:
    return told if len(told) <= MOST_BEFORE else told[:MOST_BEFORE].rpartition(" ")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUps:
    """Tells questions that lean on earlier ones by their words (``followups.toml``)."""

    openings: tuple[str, ...]
    own_openings: tuple[str, ...]
    pointers: frozenset[str]
    articles: frozenset[str]
    after_a_pronoun: frozenset[str]
    sentence_openings: frozenset[str]
    inside_sentences: frozenset[str]

    @classmethod
    @cache
    def shipped(cls) -> FollowUps:
        """The lists of this version."""
        return cls.read(tomllib.loads(files("assistant").joinpath("followups.toml").read_text(encoding="utf-8")))

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> FollowUps:
        """From the lists of the file."""
        return cls(
            openings=tuple(f"{opening} " for opening in values["openings"]),
            own_openings=tuple(f"{opening} " for opening in values["openings_of_their_own"]),
            pointers=frozenset(values["pointers"].split()),
            articles=frozenset(values["articles"].split()),
            after_a_pronoun=frozenset(values["after_a_pronoun"].split()),
            sentence_openings=frozenset(values["sentence_openings"].split()),
            inside_sentences=frozenset(values["inside_sentences"].split()),
        )

    def leans(self, question: str) -> bool:
        """Whether ``question`` cannot be understood without what came before."""
        own = len(words(question))
        if own > MANY_WORDS:
            return False
        spoken = [word.lower() for word in _WORD.findall(question)]
        text = " ".join(spoken) + " "
        if text.startswith(self.openings) or self._points_back(spoken):
            return True
        return own <= FEW_WORDS and not text.startswith(self.own_openings)

    def needs_the_sentence_before(self, sentence: str) -> bool:
        """Whether a document's ``sentence`` opens with a word that points to the one before it, or draws on it."""
        spoken = _WORD.findall(sentence)
        return bool(spoken) and (spoken[0] in self.sentence_openings or not self.inside_sentences.isdisjoint(spoken))

    def _points_back(self, spoken: list[str]) -> bool:
        return any(
            word in self.pointers and (word not in self.articles or self._is_pronoun(spoken[at + 1 : at + 2]))
            for at, word in enumerate(spoken)
        )

    def _is_pronoun(self, following: list[str]) -> bool:
        return not following or following[0] in self.after_a_pronoun
