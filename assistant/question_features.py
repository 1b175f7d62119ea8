"""What tells whether the scope answers a question at all, in numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from assistant.domain import SentenceKind
from assistant.evidence import Examined
from assistant.question_kinds import KINDS, kinds_of
from assistant.sentence_features import FEATURES, Matrix, share

_OF_BEST = (
    "wording",
    "wording_overlap",
    "known",
    "known_three",
    "known_overlap",
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
    "best_known",
    "unanswered",
    "unanswered_three",
    "unanswered_overlap",
    "best_known_to_unanswered",
    "best_overlap",
    "covered_terms",
    "covered_by_document",
    "covered_anywhere",
    "uncovered_terms",
    "rarest_uncovered",
    "rarest_uncovered_to_rarest",
    "rarest",
    "unknown_terms",
    "unknown_names",
    "number_uncovered",
    "number_asked_and_missing",
    "date_asked_and_missing",
    "first_passage",
    "first_passage_above_fourth",
    "is_row",
    "terms",
    "candidates",
    "documents",
    *(f"asks_{kind}" for kind in KINDS),
)
"""What tells whether the scope answers at all, one column each; those named as in ``FEATURES`` are of the best
sentence."""

_QUOTED = 3
"""The sentences that the coverage of a question is told of."""


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
    best_known = float(examined.features[:, FEATURES.index("known")].max())
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
        best_known,
        *examined.unanswered,
        best_known - examined.unanswered.cosine if examined.unanswered.cosine else 0.0,
        best["best_overlap"],
        share(asked, quoted),
        share(asked, _terms_of(examined, same_document)),
        share(asked, _terms_of(examined, range(len(candidates)))),
        len(uncovered),
        max(uncovered, default=0.0),
        max(uncovered, default=0.0) / rarest if rarest else 0.0,
        rarest,
        examined.unknown,
        len(examined.strangers) / max(len(examined.names), 1),
        any(term[0].isdigit() and term not in quoted for term in asked),
        examined.features[order[:_QUOTED], FEATURES.index("number_asked_and_missing")].mean(),
        examined.features[order[:_QUOTED], FEATURES.index("date_asked_and_missing")].mean(),
        hits[0].score,
        hits[0].score - hits[min(3, len(hits) - 1)].score,
        first.sentence.kind is SentenceKind.ROW,
        len(asked),
        best["candidates"],
        best["documents"],
        *kinds_of(examined.query.question),
    ])  # fmt: skip


def _terms_of(examined: Examined, chosen: Iterable[int]) -> frozenset[str]:
    return frozenset().union(*(examined.terms[at] for at in chosen))
