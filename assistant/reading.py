"""How a question is read against one index: searched, examined, answered by quoting; a follow-up by its own words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from assistant.answering import ExtractiveAnswerer, declined
from assistant.citations import place_of
from assistant.domain import Answer, Query, Status
from assistant.evidence import Examined
from assistant.followups import FollowUps, is_refusal
from assistant.index import Index
from assistant.own_words import told
from assistant.parts import parts_of
from assistant.retrieval import Retriever
from assistant.together import together

MOST_OF_IT = 0.5
"""Share of a question's own words from which they count as told, or as told nowhere."""

ALL_OF_IT = 1.0
"""The same for a question that leans on nothing: of 88 known questions all of whose names no document uses, 84 have
no answer."""

STILL_SURE = 0.5
"""What is left of the confidence in an answer that turns out to be none."""


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
            return self._left_open(whole) if _asks_elsewhere(whole, ALL_OF_IT) else whole
        before = _AnswerBefore(query)
        leaves_it = before.is_repeated(whole) or before.leaves_it_open(whole)
        return self._left_open(whole) if leaves_it or _asks_elsewhere(whole, MOST_OF_IT) else whole

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

    def _left_open(self, reading: Reading) -> Reading:
        """The same, declined."""
        confidence = STILL_SURE * reading.quoted.confidence
        retrieved = reading.examined.retrieved
        return replace(reading, quoted=declined(reading.query, confidence, retrieved, self._index))


def _asks_elsewhere(reading: Reading, share: float) -> bool:
    """Whether a ``share`` of the things that a question names are such as no document speaks of, and nothing quoted is.

    What else it says must not vouch for them: not the rest of its words („Was kostet ein Reisepass?“), and not what a
    follow-up leans on. A verb that no document uses proves nothing, it may be said in other words.
    """
    names, strangers = reading.examined.names, reading.examined.strangers
    if reading.examined.looked_up:
        return False
    if len(strangers) < share * max(len(names), 1):
        return False
    return told(dict.fromkeys(names, 1.0), _texts(reading.quoted)) < MOST_OF_IT


def _repeats(part: Reading, seen: Collection[tuple[str, int, int]]) -> bool:
    """Whether a part only gets what an earlier one got, and that does not speak of what it asks."""
    places = set(map(place_of, part.quoted.citations))
    return bool(places) and places <= set(seen) and told(part.examined.own_words, _texts(part.quoted)) < MOST_OF_IT


class _AnswerBefore:
    """The last answer of the conversation that a question goes on from."""

    def __init__(self, query: Query) -> None:
        self._text = " ".join(query.history[-1].answer.split())
        self._declined = is_refusal(query.history[-1].answer)

    def is_repeated(self, reading: Reading) -> bool:
        """Whether half of what is quoted was there before, and it says not half of the question's own words."""
        sentences = _texts(reading.quoted)
        new = [sentence for sentence in sentences if sentence not in self._text]
        repeated = bool(sentences) and len(new) <= (1 - MOST_OF_IT) * len(sentences)
        return repeated and told(reading.examined.own_words, sentences) < MOST_OF_IT

    def leaves_it_open(self, reading: Reading) -> bool:
        """Whether it was declined, and not half of the question's own words are in what is quoted."""
        return self._declined and told(reading.examined.own_words, _texts(reading.quoted)) < MOST_OF_IT


def _texts(quoted: Answer) -> list[str]:
    return [sentence.text for sentence in quoted.sentences]
