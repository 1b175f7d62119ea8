"""How a question is read against one index: searched, examined, answered by quoting.

A follow-up can lean on all that was said, or only on its topic: „Und wer beschließt es?“ after „Wie lange dauert ein
INSEK?“ asks nothing about time. It is read the first way, unless only the second finds what its own words ask for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import filterfalse

from assistant.answering import ExtractiveAnswerer, declined
from assistant.citations import place_of
from assistant.domain import Answer, Query, Status
from assistant.evidence import Examined
from assistant.followups import FollowUps, about_the_topic
from assistant.german_words import empty, words
from assistant.index import Index
from assistant.own_words import told
from assistant.parts import parts_of
from assistant.retrieval import Retriever
from assistant.together import together

MOST_OF_IT = 0.5
"""Share of a question's own words from which they count as told, or as told nowhere."""

LONG = 9
"""Letters from which a name may be a known one, misspelt."""

STILL_SURE = 0.5
"""What is left of the confidence in an answer that turns out to be none."""

LESS_SURE = 0.05
"""How much less sure of its answer the second way to read a follow-up may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question, what speaks for each sentence that might answer it, and the quoted answer."""

    query: Query
    examined: Examined
    quoted: Answer


class Reader:
    """Reads questions. Thread-safe.

    Args:
        index: what is searched.
        retriever: how.
        answerer: what answers by quoting.
        passages: how many of the best passages an answer is looked for in.
    """

    def __init__(self, index: Index, retriever: Retriever, answerer: ExtractiveAnswerer, passages: int) -> None:
        self._index = index
        self._retriever = retriever
        self._answerer = answerer
        self._passages = passages

    def examine(self, query: Query) -> Examined:
        """Every sentence that might be quoted, with what speaks for it.

        Raises:
            InputError: as :meth:`Retriever.retrieve`.
        """
        return self._answerer.examine(query, self._retriever.retrieve(query, self._passages))

    def read(self, query: Query) -> Reading:
        """The question in the reading that answers it, as one question.

        Raises:
            InputError: as :meth:`Retriever.retrieve`.
        """
        whole = self._as_it_stands(query)
        leans = query.history and not query.rewritten and FollowUps.shipped().leans(query.question)
        if not leans:
            return whole
        own, before, asked = whole.examined.own_words, _AnswerBefore(query), about_the_topic(query)
        if own and asked != query and told(own, before.not_in(whole.quoted)) == 0:
            topic = self._as_it_stands(asked)
            sure = topic.quoted.confidence >= whole.quoted.confidence - LESS_SURE
            answered = sure and topic.quoted.status is Status.ANSWERED
            if answered and told(own, before.not_in(topic.quoted)) >= MOST_OF_IT:
                return replace(topic, query=query)
        return self._left_open(whole) if before.is_repeated(whole, own) or self._asks_elsewhere(whole) else whole

    def in_parts(self, whole: Reading) -> Answer:
        """The answers to the parts of a question that asks several things, if any has one; else that to the whole.

        Raises:
            InputError: as :meth:`Retriever.retrieve`.
        """
        parts = parts_of(whole.query)
        if len(parts) == 1:
            return whole.quoted
        seen: set[tuple[str, int, int]] = set()
        answers = []
        for part in map(self.read, parts):
            answer = self._left_open(part).quoted if _repeats(part, seen) else part.quoted
            seen.update(map(place_of, answer.citations))
            answers.append(answer)
        return together(whole.query, answers) if any(a.status is Status.ANSWERED for a in answers) else whole.quoted

    def _as_it_stands(self, query: Query) -> Reading:
        examined = self.examine(query)
        return Reading(query=query, examined=examined, quoted=self._answerer.answer(examined))

    def _asks_elsewhere(self, reading: Reading) -> bool:
        """Whether a follow-up names things that no document speaks of: what it leans on must not vouch for them.

        A verb that no document uses proves nothing, it may be said in other words.
        """
        question = reading.query.question
        names = {word: 1.0 for word in words(question)[1:] if word[0].isupper() and not empty(word)}
        unknown = [*filterfalse(self._knows, names)]
        return len(unknown) >= MOST_OF_IT * max(len(names), 1) and told(names, _texts(reading.quoted)) < MOST_OF_IT

    def _knows(self, name: str) -> bool:
        lexical = self._index.lexical
        spelt = lexical.mended(name) if len(name) >= LONG else name  # a short one is a slip away from too many others
        return any(map(lexical.knows, lexical.terms(spelt)))

    def _left_open(self, reading: Reading) -> Reading:
        """The same, declined."""
        confidence = STILL_SURE * reading.quoted.confidence
        retrieved = reading.examined.retrieved
        return replace(reading, quoted=declined(reading.query, confidence, retrieved, self._index))


def _repeats(part: Reading, seen: Collection[tuple[str, int, int]]) -> bool:
    """Whether a part only gets what an earlier one got, and that does not speak of what it asks."""
    places = set(map(place_of, part.quoted.citations))
    return bool(places) and places <= set(seen) and told(part.examined.own_words, _texts(part.quoted)) < MOST_OF_IT


class _AnswerBefore:
    """The last answer of the conversation that a question goes on from."""

    def __init__(self, query: Query) -> None:
        self._text = " ".join(query.history[-1].answer.split())

    def not_in(self, quoted: Answer) -> list[str]:
        """The sentences that the last answer did not have."""
        return [sentence for sentence in _texts(quoted) if sentence not in self._text]

    def is_repeated(self, reading: Reading, own: Mapping[str, float]) -> bool:
        """Whether half of what is quoted was there before, and not half of the ``own`` words of the question are."""
        sentences = _texts(reading.quoted)
        new = self.not_in(reading.quoted)
        repeated = bool(sentences) and len(new) <= (1 - MOST_OF_IT) * len(sentences)
        return repeated and told(own, sentences) < MOST_OF_IT


def _texts(quoted: Answer) -> list[str]:
    return [sentence.text for sentence in quoted.sentences]
