"""Questions that people ask, tied to the sentences that answer them: further ways to find these.

A question is often nearer to one that was asked before than to any sentence of a document. Expected questions in the
index are an old help (doc2query: Nogueira et al., 2019); these are written by people, so that one may also say that the
documents do not answer it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.domain import Document, KnownQuestion, Span
from assistant.lexical import LexicalIndex, Scores
from assistant.library import PlacedQuestion, SearchedSentence
from assistant.question_kinds import ask_alike

NEAREST = 50
"""Known questions whose words are compared; beyond these they have little in common with what is asked."""

SAME_WORDS = 0.99
"""Share of its terms that a question has in common with one that asks in the same words."""

SAME_MEANING = 0.92
"""Least cosine with it: word order and small words may turn a question round."""

MOST_READ = 4096
"""Known questions whose terms are kept."""


def placed(
    known: Sequence[KnownQuestion], documents: Sequence[Document], sentences: Sequence[tuple[str, SearchedSentence]]
) -> list[PlacedQuestion]:
    """The known questions with the rows of the sentences that answer them; ``sentences`` go with their documents' ids.

    One whose answers stand in no document is left out. So are those without an answer if there are documents that no
    answer comes from: nobody knows whether these answer them.
    """
    solid = {document.id: _Solid(document.text) for document in documents}
    rows: dict[str, list[tuple[int, Span]]] = {}
    for row, (document, sentence) in enumerate(sentences):
        if not sentence.question:
            rows.setdefault(document, []).append((row, Span(start=sentence.start, end=sentence.end)))
    found: list[PlacedQuestion] = []
    for one in known:
        spans = [(id, solid[id].find(text)) for id, text in one.answers if id in solid]
        answering = {row for id, span in spans if span for row, own in rows.get(id, []) if own.overlaps(span)}
        if answering or not one.answers:
            found.append(PlacedQuestion(one.question, tuple(sorted(answering))))
    complete = {id for one in known for id, _ in one.answers} >= set(solid)
    return [one for one in found if one.sentences or complete]


class _Solid:
    """A text without its white space, in which words are found however their lines are broken."""

    def __init__(self, text: str) -> None:
        self._places = [at for at, character in enumerate(text) if not character.isspace()]
        self._text = "".join(text.split())

    def find(self, words: str) -> Span | None:
        """The first place where ``words`` stand."""
        wanted = "".join(words.split())
        at = self._text.find(wanted) if wanted else -1
        return None if at < 0 else Span(start=self._places[at], end=self._places[at + len(wanted) - 1] + 1)


class Likenesses(NamedTuple):
    """How far a question is like those that are known to be answered by one sentence: 0 where there are none.

    ``cosine`` is the highest, ``cosine_of_three`` the mean of the best three, missing ones counting 0; ``overlap`` is
    the highest share of terms in common (weighted Dice coefficient).
    """

    cosine: float = 0.0
    cosine_of_three: float = 0.0
    overlap: float = 0.0


class KnownQuestions:
    """The known questions of an index. Thread-safe.

    ``vectors`` has one row for each question. *Shape:* ``(len(questions), dimension)``. Those to ``forget``
    count as not known: a fit must not learn from questions that are.
    """

    def __init__(
        self,
        questions: Sequence[PlacedQuestion],
        vectors: npt.NDArray[np.float32],
        lexical: LexicalIndex,
        forget: frozenset[str] = frozenset(),
    ) -> None:
        if forget:
            kept = [at for at, question in enumerate(questions) if question.question not in forget]
            questions, vectors = [questions[at] for at in kept], vectors[kept]
        self._vectors = vectors
        self._lexical = lexical
        self._questions = questions
        self._terms = lru_cache(maxsize=MOST_READ)(self._weighted_terms)
        self._unanswered = np.array([not question.sentences for question in questions], dtype=bool)
        self._of: dict[int, list[int]] = {}
        for at, question in enumerate(questions):
            for row in question.sentences:
                self._of.setdefault(row, []).append(at)
        self._answering = np.array([row for row, known in self._of.items() for _ in known], dtype=int)
        self._answered = np.array([at for known in self._of.values() for at in known], dtype=int)

    def cosines(self, vector: npt.NDArray[np.float32]) -> Scores:
        """The cosine of ``vector`` with each. *Shape:* ``(len(questions),)``."""
        cosines: Scores = self._vectors @ vector
        return cosines

    def best_of(self, groups: Sequence[Sequence[int]], cosines: Scores) -> list[float]:
        """For each group of sentences the highest cosine of a question that one of them answers; 0 without any."""
        best = np.zeros(1 + max((max(group) for group in groups if group), default=0), dtype=np.float32)
        inside = self._answering < len(best)
        np.maximum.at(best, self._answering[inside], cosines[self._answered[inside]])
        return [float(best[group].max(initial=0.0)) for group in groups]

    def overlaps(self, asked: Mapping[str, float], cosines: Scores) -> dict[int, float]:
        """How far the terms ``asked``, with their weights, are those of the nearest questions, by their number."""
        nearest = np.argsort(-cosines, kind="stable")[:NEAREST].tolist()
        return {at: dice(asked, self._terms(at)) for at in nearest}

    def same(self, question: str, cosines: Scores, overlaps: Mapping[int, float]) -> PlacedQuestion | None:
        """The known question that asks ``question`` in the same words; if there are several, one that has an answer."""
        found = [
            at
            for at, share in overlaps.items()
            if share >= SAME_WORDS and cosines[at] >= SAME_MEANING and ask_alike(question, self._questions[at].question)
        ]
        return max((self._questions[at] for at in found), key=lambda known: bool(known.sentences), default=None)

    def likenesses(self, row: int, cosines: Scores, overlaps: Mapping[int, float]) -> Likenesses:
        """How far the question is like those that the sentence in ``row`` answers."""
        known = self._of.get(row)
        if not known:
            return Likenesses()
        best = sorted((float(cosines[at]) for at in known), reverse=True)[:3]
        return Likenesses(best[0], sum(best) / 3, max(overlaps.get(at, 0.0) for at in known))

    def unanswered(self, cosines: Scores, overlaps: Mapping[int, float]) -> Likenesses:
        """How far the question is like those that nothing answers."""
        nothing = np.flatnonzero(self._unanswered)
        if not len(nothing):
            return Likenesses()
        best = np.sort(cosines[nothing])[::-1][:3]
        overlap = max((share for at, share in overlaps.items() if self._unanswered[at]), default=0.0)
        return Likenesses(float(best[0]), float(best.sum()) / 3, overlap)

    def _weighted_terms(self, at: int) -> Mapping[str, float]:
        """Its terms with their weights, spelt as the index spells, as those of the question are."""
        text = self._lexical.mended(self._questions[at].question)
        return self._lexical.weighted(text)


def dice(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How far two texts share their terms, given with their weights, 0..1 (weighted Dice coefficient)."""
    total = sum(one.values()) + sum(other.values())
    return 2 * sum(weight for term, weight in one.items() if term in other) / total if total else 0.0
