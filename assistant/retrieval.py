"""Search: three legs find candidates, every candidate gets a score from every leg, and the scores are fused.

Fusing scores instead of ranks keeps what each leg knows about *how much* better a hit is; plain rank fusion (Cormack et
al., 2009) falls below its better leg on citizens' questions and on long legal texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from assistant.domain import Hit, Passage, Query, Section
from assistant.embedding import Embedder, Vectors, unit_length
from assistant.expansions import expanded
from assistant.followups import answered_before, standing_alone
from assistant.index import PASSAGES, SENTENCES, Index
from assistant.lexical import Scores
from assistant.reranking import NoReranker, Reranker
from assistant.scope import scoped
from assistant.synonym_lists import Group
from assistant.synonyms import Synonyms, learnt
from assistant.variety import varied

OWN_WORDS = 0.7
"""How much a follow-up's own words count against it all, with what it leans on.

Of 161 follow-ups with an answer in the shipped text, 67 % then find it with the first passage and 93 % among eight, and
47 % and 83 % where the conversation is only put before them; from .6 to .85 that changes little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each leg counts, how many candidates each contributes, and how many hits one document may hold.

    ``per_document`` is the most hits of one document among ten in a row, as long as there are others.
    """

    lexical: float
    passage: float
    sentence: float
    candidates: int
    per_document: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """What one question found.

    ``question`` is completed from the conversation, and spelt as the index spells. ``hits`` are ordered best first: by
    score, unless a reranker saw it otherwise or a hit that repeats another one had to wait.
    ``other_forms`` are, for what it names, the words that mean the same.
    ``vector`` is the embedding of the question and its expansions, *Shape:* ``(dimension,)``.
    ``similarities`` maps sentence rows of the hits' passages to their cosine with the question, ``known`` holds that
    of each known question. ``timings`` are milliseconds by stage.
    """

    question: str
    other_forms: Mapping[str, Sequence[str]]
    vector: Vectors
    hits: tuple[Hit, ...]
    rows: tuple[int, ...]
    similarities: Mapping[int, float]
    known: Scores
    timings: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """The candidates of one question as each leg sees them.

    ``rows`` are those of the candidates' passages. *Shape* of ``scores``: ``(3, len(rows))``, in the order lexical,
    passage, sentence: BM25 (0 and up), cosines (-1..1). ``similarities`` as in :class:`Retrieved`, for all candidates;
    ``known`` as there.
    """

    rows: tuple[int, ...]
    scores: tuple[Sequence[float], Sequence[float], Sequence[float]]
    similarities: Mapping[int, float]
    known: Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class _Understood:
    """A question as :class:`Retrieved` tells it, and what is searched for it: texts, each with its share."""

    question: str
    searched: Mapping[str, float]
    vector: Vectors


class Retriever:
    """Finds the passages of an index that fit a question. Thread-safe.

    Args:
        index: what is searched.
        embedder: the model the index was built with.
        weights: how the legs are weighed.
        synonyms: groups of words or phrases that mean the same, beside those of the index and the abbreviations that it
            explains.
        reranker: looks at the best passages again; by default nothing does.
    """

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        weights: Weights,
        synonyms: Sequence[Group] = (),
        reranker: Reranker | None = None,
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._weights = weights
        self._reranker = reranker or NoReranker()
        self._synonyms = Synonyms((*index.lexical.synonyms, *synonyms), learnt(index.lexical))

    def retrieve(self, query: Query, k: int) -> Retrieved:
        """The ``k`` best passages for the question within its scope.

        Raises:
            InputError: for an unknown document or kind, an impossible date, or if no document passes the filters.
        """
        started = perf_counter()
        query = self._scoped(query)
        understood = self._understood(query)
        embedded = perf_counter()
        legs = self._legs(understood, query.documents)
        rows = legs.rows
        scores = fuse(legs.scores, (self._weights.lexical, self._weights.passage, self._weights.sentence))
        # Ties fall to the earlier row, so that the same question always gives the same list.
        order = sorted(range(len(rows)), key=lambda at: (-scores[at], rows[at]))
        fused = perf_counter()
        order = self._reranked(understood.question, rows, order)
        reranked = perf_counter()
        order = self._varied(rows, order, k)
        return Retrieved(
            question=understood.question,
            other_forms=self._synonyms.named(query.question),
            vector=understood.vector,
            hits=tuple(Hit(passage=self._index.passages[rows[at]], score=scores[at]) for at in order),
            rows=tuple(rows[at] for at in order),
            similarities=legs.similarities,
            known=legs.known,
            timings={
                "embed": _milliseconds(started, embedded),
                **({"rerank": _milliseconds(fused, reranked)} if self._reranker.depth else {}),
                "retrieve": _milliseconds(started, perf_counter()),
            },
        )

    def legs(self, query: Query) -> Legs:
        """What each leg says of the candidates, before anything is weighed; the weights are fitted on this.

        Raises:
            InputError: as :meth:`retrieve`.
        """
        query = self._scoped(query)
        return self._legs(self._understood(query), query.documents)

    def passage(self, row: int) -> Passage:
        """The passage with this row in the index."""
        return self._index.passages[row]

    def text(self, passage: Passage) -> str:
        """The words of ``passage``, exactly as in its document."""
        return self._index.text(passage)

    def neighbours(self, passage: Passage, reach: int = 1) -> tuple[Passage, ...]:
        """The up to ``reach`` passages before ``passage`` and after it in its document, in reading order."""
        same = [self._index.passages[row] for row in self._index.rows_of_document.get(passage.document, [])]
        before = [other for other in same if other.span.start < passage.span.start]
        after = [other for other in same if other.span.start > passage.span.start]
        return (*before[max(0, len(before) - reach) :], *after[:reach])

    def section(self, passage: Passage) -> Section | None:
        """The innermost section that ``passage`` stands in, with its heading path; None outside of any.

        Raises:
            UnknownDocumentError: if the index no longer holds its document.
        """
        sections = self._index.library.document(passage.document).sections
        around = [section for section in sections if section.span.covers(passage.span)]
        return min(around, key=lambda section: section.span.end - section.span.start, default=None)

    def close(self) -> None:
        """Let go of the index's files."""
        self._index.close()

    def _scoped(self, query: Query) -> Query:
        for id in query.documents:
            if id not in self._index.rows_of_document:
                self._index.library.document(id)  # one without passages is known, and simply answers nothing
        return scoped(query, self._index.library.summaries)

    def _understood(self, query: Query) -> _Understood:
        asked = standing_alone(query)
        whole = f"{answered_before(query)} {self._other_forms(asked)}".strip()
        searched = {whole: 1.0}
        if asked not in (query.question, query.rewritten):
            searched = {whole: 1 - OWN_WORDS, self._other_forms(query.question): OWN_WORDS}
        vector = np.sum([share * self._embedder.query(text) for text, share in searched.items()], axis=0)
        return _Understood(
            question=self._index.lexical.mended(asked),
            searched=searched,
            vector=unit_length(vector),
        )

    def _other_forms(self, asked: str) -> str:
        """``asked``, spelt as the index spells, with what else it may be called."""
        return self._synonyms.with_other_forms(expanded(self._index.lexical.mended(asked)), named_in=asked)

    def _legs(self, understood: _Understood, documents: Sequence[str]) -> Legs:
        scores_of = self._index.lexical.scores
        lexical = np.sum([share * scores_of(text) for text, share in understood.searched.items()], axis=0)
        known = self._index.known.cosines(understood.vector)
        rows = self._candidates(understood.vector, lexical, known, documents)
        passage = self._index.similarities(PASSAGES, understood.vector, rows)
        sentences = sorted({sentence for row in rows for sentence in self._index.sentences_of[row]})
        similarities = self._index.similarities(SENTENCES, understood.vector, sentences)
        # A passage without sentences of its own stands for itself.
        best = [max((similarities[s] for s in self._index.sentences_of[row]), default=passage[row]) for row in rows]
        asked = self._index.known.best_of([self._index.sentences_of[row] for row in rows], known)
        scores = ([float(lexical[row]) for row in rows], [passage[row] for row in rows], list(map(max, best, asked)))
        return Legs(rows=tuple(rows), scores=scores, similarities=similarities, known=known)

    def _reranked(self, question: str, rows: Sequence[int], order: list[int]) -> list[int]:
        """``order`` (positions in ``rows``), its beginning as the reranker sees it."""
        best = order[: self._reranker.depth]
        texts = [self._index.text(self._index.passages[rows[at]]) for at in best]
        return [best[at] for at in self._reranker.order(question, texts)] + order[len(best) :]

    def _varied(self, rows: Sequence[int], order: Sequence[int], k: int) -> list[int]:
        """The first ``k`` of ``order`` (positions in ``rows``) once repetitions are put off."""
        passages = [self._index.passages[rows[at]] for at in order]
        vectors = self._index.vectors(PASSAGES, [rows[at] for at in order])
        per_document = self._weights.per_document
        return [order[at] for at in varied(passages, vectors, self._index.text, per_document=per_document, k=k)]

    def _candidates(self, vector: Vectors, lexical: Scores, known: Scores, documents: Sequence[str]) -> list[int]:
        n = self._weights.candidates
        in_scope = [row for document in documents for row in self._index.rows_of_document.get(document, [])]
        rows = np.array(in_scope, dtype=int) if documents else np.arange(len(lexical))
        if len(rows) <= n:
            return [int(row) for row in rows]
        best = rows[np.argsort(-lexical[rows], kind="stable")[:n]]
        found = {int(row) for row in best if lexical[row] > 0}
        found |= self._index.nearest(PASSAGES, vector, n, documents).keys()
        for sentence in self._index.nearest(SENTENCES, vector, n, documents):
            found.update(self._index.sentences[sentence].owners)
        for sentence in self._index.known.proposed(known):
            found.update(self._index.sentences[sentence].owners)
        return sorted(found & set(rows.tolist()) if documents else found)


def fuse(legs: Sequence[Sequence[float]], weights: Sequence[float]) -> list[float]:
    """Weighted sum of the legs' standardised scores, one per candidate.

    Each leg is brought to mean 0 and deviation 1 over the candidates; a leg that tells nothing apart counts nothing.
    """
    fused = np.zeros(len(legs[0]))
    for leg, weight in zip(legs, weights, strict=True):
        scores = np.asarray(leg, dtype=float)
        if scores.size and scores.min() < scores.max():
            fused += weight * (scores - scores.mean()) / scores.std()
    return [float(score) for score in fused]


def _milliseconds(start: float, end: float) -> float:
    return (end - start) * 1000
