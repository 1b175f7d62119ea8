"""Questions that people ask, tied to the sentences that answer them: further ways to find these.

A question is often nearer to one that was asked before than to any sentence of a document. Expected questions in the
index are an old help (doc2query: Nogueira et al., 2019); these are written by people, so that one may also say that the
documents do not answer it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.domain import Document, KnownQuestion, Span
from assistant.lexical import LexicalIndex, Scores
from assistant.library import PlacedQuestion, SearchedSentence
from assistant.questions import spoken
from assistant.solid_text import SolidText

NEAREST = 50
"""Known questions whose words are compared; beyond these they have little in common with what is asked."""

PROPOSED = 10
"""Known questions whose answers are looked at even if nothing else speaks for them."""

log = logging.getLogger(__name__)


def placed(
    known: Sequence[KnownQuestion], documents: Sequence[Document], sentences: Sequence[tuple[str, SearchedSentence]]
) -> list[PlacedQuestion]:
    """The known questions with the rows of the sentences that answer them; ``sentences`` go with their documents' ids.

    One whose answers stand in no document is left out, with a warning. So are those without an answer if there are
    documents that no answer comes from: nobody knows whether these answer them.
    """
    answering = _Answering(known, documents, sentences)
    found = {PlacedQuestion(one.question, answering.rows(one), one.alone): one for one in known}
    lost = sum(bool(one.answers) and not place.sentences for place, one in found.items())
    if lost:
        log.warning("of the known questions, %d name answers that stand in no document", lost)
    answered = {sentences[row][0] for place in found for row in place.sentences}
    complete = answered >= {document.id for document in documents}
    return [place for place, one in found.items() if place.sentences or (complete and not one.answers)]


class _Answering:
    """Where the answers of known questions stand."""

    def __init__(
        self,
        known: Sequence[KnownQuestion],
        documents: Sequence[Document],
        sentences: Sequence[tuple[str, SearchedSentence]],
    ) -> None:
        named = {id for one in known for id, _ in one.answers}
        self._solid = {document.id: SolidText(document.text) for document in documents if document.id in named}
        self._rows: dict[str, list[tuple[int, Span]]] = {id: [] for id in self._solid}
        for row, (document, sentence) in enumerate(sentences):
            if document in self._solid and not sentence.question:
                self._rows[document].append((row, Span(start=sentence.start, end=sentence.end)))

    def rows(self, known: KnownQuestion) -> tuple[int, ...]:
        """The rows of the sentences that answer ``known``."""
        spans = [(id, next(self._solid[id].find(text), None)) for id, text in known.answers if id in self._solid]
        return tuple(sorted({row for id, span in spans if span for row, own in self._rows[id] if own.overlaps(span)}))


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
        self._read: dict[int, Mapping[str, float]] = {}
        self._looked_up = _looked_up(questions)
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
        return [float(best[np.asarray(group, dtype=int)].max(initial=0.0)) for group in groups]

    def overlaps(self, asked: Mapping[str, float], cosines: Scores) -> dict[int, float]:
        """How far the terms ``asked``, with their weights, are those of the nearest questions, by their number."""
        nearest = np.argsort(-cosines, kind="stable")[:NEAREST].tolist()
        return {at: dice(asked, self._terms(at)) for at in nearest}

    def proposed(self, cosines: Scores) -> list[int]:
        """The rows of the sentences that answer the nearest ones."""
        nearest = np.argsort(-cosines, kind="stable")[:PROPOSED].tolist()
        return [row for at in nearest for row in self._questions[at].sentences]

    def looked_up(self, question: str) -> tuple[int, ...]:
        """The rows of the sentences that answer ``question``, if it is a known one word for word."""
        return self._looked_up.get(spoken(question), ())

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

    def _terms(self, at: int) -> Mapping[str, float]:
        """Its terms with their weights, spelt as the index spells, as those of the question are."""
        if at not in self._read:
            self._read[at] = self._lexical.weighted(self._lexical.mended(self._questions[at].question))
        return self._read[at]


def _looked_up(questions: Sequence[PlacedQuestion]) -> dict[tuple[str, ...], tuple[int, ...]]:
    """The answers by the words of the question; none to what another author found to have none."""
    alone = [question for question in questions if question.alone]
    answers = {spoken(question.question): question.sentences for question in alone if question.sentences}
    for question in alone:
        if not question.sentences:
            answers.pop(spoken(question.question), None)
    return answers


def dice(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How far two texts share their terms, given with their weights, 0..1 (weighted Dice coefficient)."""
    total = sum(one.values()) + sum(other.values())
    return 2 * sum(weight for term, weight in one.items() if term in other) / total if total else 0.0
