"""From passages to sentences: everything that might be quoted, and what speaks for each sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.citations import section_of
from assistant.domain import Document, Query, Sentence, SentenceKind
from assistant.index import Index
from assistant.retrieval import Retrieved

Matrix = npt.NDArray[np.float64]

_NUMBER = re.compile(r"\d")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}\.\s*(?:\d{1,2}\.|[A-ZÄ][a-zä]+)")
_ASKS_NUMBER = re.compile(r"\b(?:wie ?viele?|wie hoch|wie lange?|wie groß|kosten|kostet|prozent|anzahl|höhe)\b", re.I)
_ASKS_DATE = re.compile(r"\b(?:wann|seit wann|bis wann|datum|frist|stichtag|in welchem jahr|welches jahr)\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that might be quoted.

    ``position`` is its index in ``document.sentences``; ``rank`` (0 is best) and ``score`` are those of its best
    passage; ``similarity`` is its cosine with the question.
    """

    document: Document
    position: int
    rank: int
    score: float
    similarity: float

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.document.sentences[self.position]

    @property
    def section(self) -> tuple[str, ...]:
        """The heading path of the innermost section around it."""
        return section_of(self.document, self.sentence.span)

    @property
    def text(self) -> str:
        """Its words, exactly as in the document."""
        return self.sentence.span.of(self.document.text)


FEATURES = (
    "similarity",
    "similarity_near",
    "overlap",
    "overlap_near",
    "overlap_headings",
    "similarity_below_best",
    "near_below_best",
    "overlap_below_best",
    "similarity_rank",
    "passage_rank",
    "passage_score",
    "first_in_section",
    "is_item",
    "is_row",
    "is_note",
    "length",
    "is_short",
    "number_asked_and_there",
    "number_asked_and_missing",
    "date_asked_and_there",
    "date_asked_and_missing",
    "best_similarity",
    "best_overlap",
    "mean_similarity",
    "candidates",
)
"""What speaks for a sentence, one column each; all lie roughly within -1..1."""

QUESTION_FEATURES = (
    "best_probability",
    "second_probability",
    "best_similarity",
    "best_overlap",
    "covered_terms",
    "covered_by_best",
    "covered_anywhere",
    "rarest_uncovered",
    "unknown_terms",
    "number_uncovered",
    "close_sentences",
    "best_wording",
    "first_passage",
    "terms",
)
"""What tells whether the scope answers at all, one column each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A question held against its evidence.

    ``candidates`` stand in reading order, documents by their best passage. *Shape* of ``features``:
    ``(len(candidates), len(FEATURES))``. ``asked`` are the question's terms with their weight, ``terms`` those of each
    candidate and its headings. ``unknown`` is the weighted share of asked terms that the index never uses, 0..1.
    ``best_wording`` is the highest cosine with a way to ask a FAQ, 0 without FAQs.
    """

    query: Query
    retrieved: Retrieved
    candidates: tuple[Candidate, ...]
    features: Matrix
    asked: Mapping[str, float]
    terms: tuple[frozenset[str], ...]
    unknown: float
    best_wording: float


def examine(index: Index, query: Query, retrieved: Retrieved) -> Examined:
    """Gather every sentence of the retrieved passages and measure what speaks for it."""
    lexical = index.lexical
    candidates = _candidates(index, retrieved)
    asked = {term: lexical.weight(term) for term in lexical.terms(query.question)}
    own = [frozenset(lexical.terms(candidate.text)) for candidate in candidates]
    headings = _heading_terms(index, candidates)
    return Examined(
        query=query,
        retrieved=retrieved,
        candidates=candidates,
        features=features(query.question, candidates, asked, own, headings),
        asked=asked,
        terms=tuple(mine | above for mine, above in zip(own, headings, strict=True)),
        unknown=share(asked, [term for term in asked if not lexical.knows(term)]),
        best_wording=_best_wording(index, retrieved),
    )


def _heading_terms(index: Index, candidates: Sequence[Candidate]) -> list[frozenset[str]]:
    """The terms of each candidate's document title and heading path."""
    known: dict[tuple[str, ...], frozenset[str]] = {}
    found = []
    for candidate in candidates:
        path = (candidate.document.title, *candidate.section)
        if path not in known:
            known[path] = frozenset(index.lexical.terms(" ".join(path)))
        found.append(known[path])
    return found


def _best_wording(index: Index, retrieved: Retrieved) -> float:
    wordings = (
        row for passage in retrieved.rows for row in index.sentences_of[passage] if index.sentences[row].question
    )
    return max((retrieved.similarities[row] for row in wordings), default=0.0)


def _candidates(index: Index, retrieved: Retrieved) -> tuple[Candidate, ...]:
    found: dict[tuple[str, int], Candidate] = {}
    first_rank: dict[str, int] = {}
    for rank, (row, hit) in enumerate(zip(retrieved.rows, retrieved.hits, strict=True)):
        document = index.library.document(hit.passage.document)
        first_rank.setdefault(document.id, rank)
        position_of = {sentence.span.start: at for at, sentence in enumerate(document.sentences)}
        for sentence_row in index.sentences_of[row]:
            sentence = index.sentences[sentence_row]
            if sentence.question:
                continue
            position = position_of[sentence.start]
            key = (document.id, position)
            if key not in found:
                found[key] = Candidate(
                    document=document,
                    position=position,
                    rank=rank,
                    score=hit.score,
                    similarity=retrieved.similarities[sentence_row],
                )
    return tuple(sorted(found.values(), key=lambda c: (first_rank[c.document.id], c.position)))


def features(
    question: str,
    candidates: Sequence[Candidate],
    asked: Mapping[str, float],
    terms: Sequence[frozenset[str]],
    headings: Sequence[frozenset[str]],
) -> Matrix:
    """What speaks for each candidate. *Shape:* ``(len(candidates), len(FEATURES))``."""
    n = len(candidates)
    if not n:
        return np.zeros((0, len(FEATURES)))
    similarity = np.array([c.similarity for c in candidates])
    near = _smoothed(similarity, candidates)
    overlap = np.array([share(asked, own) for own in terms])
    overlap_near = _smoothed(overlap, candidates)
    overlap_headings = np.array([share(asked, above) for above in headings])
    words = np.array([len(c.text.split()) for c in candidates])
    number = np.array([bool(_NUMBER.search(c.text)) for c in candidates])
    date = np.array([bool(_DATE.search(c.text)) for c in candidates])
    asks_number, asks_date = bool(_ASKS_NUMBER.search(question)), bool(_ASKS_DATE.search(question))
    columns = [
        similarity,
        near,
        overlap,
        overlap_near,
        overlap_headings,
        similarity - similarity.max(),
        near - near.max(),
        overlap - overlap.max(),
        np.argsort(np.argsort(-similarity)) / n,
        np.array([min(c.rank, 10) / 10 for c in candidates]),
        np.array([math.tanh(c.score / 3) for c in candidates]),
        np.array([i == 0 or c.section != candidates[i - 1].section for i, c in enumerate(candidates)]),
        np.array([c.sentence.kind is SentenceKind.ITEM for c in candidates]),
        np.array([c.sentence.kind is SentenceKind.ROW for c in candidates]),
        np.array([c.sentence.kind is SentenceKind.NOTE for c in candidates]),
        np.minimum(words, 40) / 40,
        words < 5,
        asks_number & number,
        asks_number & ~number,
        asks_date & date,
        asks_date & ~date,
        np.full(n, similarity.max()),
        np.full(n, overlap.max()),
        np.full(n, similarity.mean()),
        np.full(n, math.log(n) / 6),
    ]
    return np.stack([column.astype(float) for column in columns], axis=1)


def question_features(examined: Examined, probabilities: Sequence[float]) -> Matrix:
    """What tells whether the scope answers the question. *Shape:* ``(len(QUESTION_FEATURES),)``."""
    if not examined.candidates:
        return np.zeros(len(QUESTION_FEATURES))
    order = sorted(range(len(probabilities)), key=lambda at: -probabilities[at])
    quoted = frozenset().union(*(examined.terms[at] for at in order[:3]))
    anywhere = frozenset().union(*examined.terms)
    best = dict(zip(FEATURES, examined.features[0], strict=True))
    return np.array([
        probabilities[order[0]],
        probabilities[order[1]] if len(order) > 1 else 0.0,
        best["best_similarity"],
        best["best_overlap"],
        share(examined.asked, quoted),
        share(examined.asked, examined.terms[order[0]]),
        share(examined.asked, anywhere),
        max((weight for term, weight in examined.asked.items() if term not in quoted), default=0.0) / 8,
        examined.unknown,
        any(term[0].isdigit() and term not in quoted for term in examined.asked),
        sum(p > probabilities[order[0]] / 2 for p in probabilities) / 10,
        examined.best_wording,
        math.tanh(examined.retrieved.hits[0].score / 3),
        min(len(examined.asked), 10) / 10,
    ])  # fmt: skip


def share(asked: Mapping[str, float], terms: Iterable[str]) -> float:
    """Weighted share of the asked terms that ``terms`` hold, 0..1."""
    total = sum(asked.values())
    return sum(asked[term] for term in asked.keys() & set(terms)) / total if total else 0.0


def _smoothed(values: Matrix, candidates: Sequence[Candidate]) -> Matrix:
    """Each value averaged with those of the sentences just before and after it in the same document."""
    smooth = values.copy()
    for at, candidate in enumerate(candidates):
        around = [values[at]]
        for other in (at - 1, at + 1):
            if 0 <= other < len(candidates) and _are_neighbours(candidate, candidates[other]):
                around.append(values[other])
        smooth[at] = sum(around) / len(around)
    return smooth


def _are_neighbours(one: Candidate, other: Candidate) -> bool:
    return one.document.id == other.document.id and abs(one.position - other.position) <= 2
