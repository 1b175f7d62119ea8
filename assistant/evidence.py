"""A question held against its evidence: what speaks for each sentence, and what tells whether any answers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.candidates import Candidate, candidates_of
from assistant.domain import Query, SentenceKind
from assistant.index import Index
from assistant.retrieval import Retrieved
from assistant.sentence_features import FEATURES, Matrix, sentence_features, share

_OF_BEST = (
    "wording",
    "wording_overlap",
    "similarity",
    "similarity_near",
    "overlap",
    "overlap_near",
    "overlap_headings",
)
"""Taken over from the best sentence."""

QUESTION_FEATURES = (
    "best_probability",
    "second_probability",
    "third_probability",
    "mean_probability",
    "sum_of_probabilities",
    "fall_of_probabilities",
    "likely_sentences",
    "best_similarity",
    "similarity_above_fifth",
    "similarity_above_mean",
    "best_wording",
    "best_wording_or_similarity",
    *_OF_BEST,
    "best_overlap",
    "covered_terms",
    "covered_by_document",
    "covered_anywhere",
    "uncovered_terms",
    "rarest_uncovered",
    "rarest_uncovered_to_rarest",
    "rarest",
    "unknown_terms",
    "number_uncovered",
    "number_asked_and_missing",
    "date_asked_and_missing",
    "first_passage",
    "first_passage_above_fourth",
    "is_row",
    "terms",
    "candidates",
    "documents",
)
"""What tells whether the scope answers at all, one column each; those named as in ``FEATURES`` are of the best
sentence."""

_QUOTED = 3
"""The sentences that the coverage of a question is told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A question held against its evidence.

    ``candidates`` stand in reading order, documents by their best passage. *Shape* of ``features``:
    ``(len(candidates), len(FEATURES))``. ``asked`` are the question's terms with their weight, ``own_terms`` those of
    each candidate, ``terms`` with those of its headings. ``unknown`` is the weighted share of asked terms that the
    index never uses, 0..1.
    ``best_wording`` is the highest cosine with a way to ask a FAQ, 0 without FAQs.
    """

    query: Query
    retrieved: Retrieved
    candidates: tuple[Candidate, ...]
    features: Matrix
    asked: Mapping[str, float]
    terms: tuple[frozenset[str], ...]
    own_terms: tuple[frozenset[str], ...]
    unknown: float
    best_wording: float


def examine(index: Index, query: Query, retrieved: Retrieved) -> Examined:
    """Gather every sentence of the retrieved passages and measure what speaks for it."""
    lexical = index.lexical
    candidates = candidates_of(index, retrieved)
    # Of a follow-up question only its own words: those it leans on are found anyway, and would vouch for anything.
    terms = lexical.terms(lexical.mended(query.question)) or lexical.terms(retrieved.question)
    asked = {term: lexical.weight(term) for term in terms}
    own = [frozenset(lexical.terms(candidate.text)) for candidate in candidates]
    headings = _heading_terms(index, candidates)
    return Examined(
        query=query,
        retrieved=retrieved,
        candidates=candidates,
        features=sentence_features(
            retrieved.question, candidates, asked, own, headings, _wording_overlaps(index, candidates, asked)
        ),
        asked=asked,
        own_terms=tuple(own),
        terms=tuple(mine | above for mine, above in zip(own, headings, strict=True)),
        unknown=share(asked, frozenset(term for term in asked if not lexical.knows(term))),
        best_wording=max((candidate.wording for candidate in candidates), default=0.0),
    )


def question_features(examined: Examined, probabilities: Matrix) -> Matrix:
    """What tells whether the scope answers the question. *Shape:* ``(len(QUESTION_FEATURES),)``."""
    if not examined.candidates:
        return np.zeros(len(QUESTION_FEATURES))
    p = probabilities
    order = np.argsort(-p, kind="stable")
    falling = p[order]
    best = dict(zip(FEATURES, examined.features[order[0]], strict=True))
    similar = np.sort(examined.features[:, FEATURES.index("similarity")])[::-1]
    asked, candidates = examined.asked, examined.candidates
    quoted = _terms_of(examined, order[:_QUOTED].tolist())
    first = candidates[order[0]]
    same_document = [at for at, candidate in enumerate(candidates) if candidate.document.id == first.document.id]
    uncovered = [weight for term, weight in asked.items() if term not in quoted]
    rarest = max(asked.values(), default=0.0)
    hits = examined.retrieved.hits
    return np.array([
        falling[0],
        falling[1] if len(p) > 1 else 0.0,
        falling[2] if len(p) > 2 else 0.0,
        falling[:_QUOTED].mean(),
        p.sum(),
        falling[0] - falling[min(3, len(p) - 1)],
        math.log1p(int((p > 0.1).sum())),
        best["best_similarity"],
        similar[0] - similar[min(5, len(p) - 1)],
        similar[0] - similar.mean(),
        examined.best_wording,
        max(examined.best_wording, float(similar[0])),
        *(best[name] for name in _OF_BEST),
        best["best_overlap"],
        share(asked, quoted),
        share(asked, _terms_of(examined, same_document)),
        share(asked, _terms_of(examined, range(len(candidates)))),
        len(uncovered),
        max(uncovered, default=0.0),
        max(uncovered, default=0.0) / rarest if rarest else 0.0,
        rarest,
        examined.unknown,
        any(term[0].isdigit() and term not in quoted for term in asked),
        examined.features[order[:_QUOTED], FEATURES.index("number_asked_and_missing")].mean(),
        examined.features[order[:_QUOTED], FEATURES.index("date_asked_and_missing")].mean(),
        hits[0].score,
        hits[0].score - hits[min(3, len(hits) - 1)].score,
        first.sentence.kind is SentenceKind.ROW,
        len(asked),
        best["candidates"],
        best["documents"],
    ])  # fmt: skip


def _terms_of(examined: Examined, chosen: Iterable[int]) -> frozenset[str]:
    return frozenset().union(*(examined.terms[at] for at in chosen))


def _wording_overlaps(index: Index, candidates: Sequence[Candidate], asked: Mapping[str, float]) -> list[float]:
    """How far the question shares its terms with a way to ask each candidate's FAQ, 0..1; 0 outside FAQs.

    Weighted Dice coefficient: a wording about more, or about less, than was asked is no match.
    """
    known: dict[int, float] = {}
    for faq in {id(candidate.faq): candidate.faq for candidate in candidates if candidate.faq}.values():
        known[id(faq)] = max(_dice(index, asked, wording) for wording in (faq.question, *faq.wordings))
    return [known.get(id(candidate.faq), 0.0) for candidate in candidates]


def _dice(index: Index, asked: Mapping[str, float], wording: str) -> float:
    said = {term: index.lexical.weight(term) for term in index.lexical.terms(wording)}
    total = sum(asked.values()) + sum(said.values())
    return 2 * sum(weight for term, weight in asked.items() if term in said) / total if total else 0.0


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
