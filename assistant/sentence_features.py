"""What speaks for a sentence as an answer, in numbers.

Two signals, similarity of meaning and weighted overlap of terms, are each told raw, with the sentences around, against
the other candidates and against the section: raw values alone mean something else in every corpus.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from assistant.candidates import Candidate
from assistant.domain import SentenceKind
from assistant.known_questions import Likenesses
from assistant.question_kinds import asks_for

Matrix = npt.NDArray[np.float64]

_NUMBER = re.compile(r"\d")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}\.\s*(?:\d{1,2}\.|[A-ZÄ][a-zä]+)")
_ENDS_A_SENTENCE = re.compile(r"[.!?:]$")
_HEADING_WORDS = 6

_SIGNAL = ("", "_near", "_wide", "_before", "_after", "_above", "_z", "_near_z", "_rank", "_below_best",
           "_near_below_best", "_section_below_best", "_document_below_best")  # fmt: skip
"""One column of a signal each: the sentence's own, mean with its neighbours, mean within two, the sentence before, the
one after, the nearest line above that looks like a heading; standardised over the candidates, also for the mean; share
of candidates that are better; distance to the best, also of the mean, and of the section's and the document's best."""

FEATURES = (
    *(f"similarity{part}" for part in _SIGNAL),
    *(f"overlap{part}" for part in _SIGNAL),
    "overlap_headings",
    "wording",
    "wording_below_best",
    "wording_overlap",
    "wording_overlap_below_best",
    "known",
    "known_below_best",
    "known_three",
    "known_overlap",
    "known_overlap_below_best",
    "passage_rank",
    "passage_score",
    "passage_score_below_best",
    "first_in_section",
    "is_item",
    "is_row",
    "is_title",
    "opens_a_list",
    "after_an_opening",
    "is_question",
    "length",
    "number_asked_and_there",
    "number_asked_and_missing",
    "date_asked_and_there",
    "date_asked_and_missing",
    "best_similarity",
    "best_overlap",
    "mean_similarity",
    "candidates",
    "documents",
    "document_rank",
    "document_length",
    "document_seen",
    "position",
    "told",
    "told_near",
    "told_below_best",
    "follow_up",
    "said_before",
)
"""What speaks for a sentence, one column each."""


def sentence_features(
    question: str,
    candidates: Sequence[Candidate],
    asked: Mapping[str, float],
    terms: Sequence[frozenset[str]],
    headings: Sequence[frozenset[str]],
    wording_overlaps: Sequence[float],
    known: Sequence[Likenesses],
    told: Sequence[float],
    said: str,
) -> Matrix:
    """What speaks for each candidate. *Shape:* ``(len(candidates), len(FEATURES))``.

    ``asked`` are the question's terms with their weight, ``terms`` those of each candidate, ``headings`` those of its
    headings, ``wording_overlaps`` how far the question shares its terms with a way to ask each candidate's FAQ,
    ``known`` how far it is like the known questions that each candidate answers,
    ``told`` the weighted share of the question's own words that each candidate says in whatever form, ``said`` what the
    conversation's answers were, with single spaces.
    """
    n = len(candidates)
    if not n:
        return np.zeros((0, len(FEATURES)))
    similarity = np.array([c.similarity for c in candidates])
    overlap = np.array([share(asked, own) for own in terms])
    texts = [c.text for c in candidates]
    scores = np.array([c.score for c in candidates])
    wording, wording_overlap = np.array([c.wording for c in candidates]), np.array(wording_overlaps)
    likeness = np.array(known)
    tells = np.array(told)
    words = np.array([len(text.split()) for text in texts])
    title = np.array([len(text.split()) <= _HEADING_WORDS and not _ENDS_A_SENTENCE.search(text) for text in texts])
    question_mark = np.array([text.endswith("?") for text in texts])
    opening = np.array([text.endswith(":") for text in texts])
    number = np.array([bool(_NUMBER.search(text)) for text in texts])
    date = np.array([bool(_DATE.search(text)) for text in texts])
    for_number, for_date = asks_for("number", question), asks_for("date", question)
    documents = list(dict.fromkeys(c.document.id for c in candidates))
    counts = {id: sum(c.document.id == id for c in candidates) for id in documents}
    lengths = np.array([len(c.document.sentences) for c in candidates])
    columns = [
        *_signal(similarity, candidates, title | question_mark),
        *_signal(overlap, candidates, title | question_mark),
        np.array([share(asked, above) for above in headings]),
        wording,
        wording - wording.max(),
        wording_overlap,
        wording_overlap - wording_overlap.max(),
        likeness[:, 0],
        likeness[:, 0] - likeness[:, 0].max(),
        likeness[:, 1],
        likeness[:, 2],
        likeness[:, 2] - likeness[:, 2].max(),
        np.array([min(c.rank, 10) / 10 for c in candidates]),
        np.array([math.tanh(c.score / 3) for c in candidates]),
        scores - scores.max(),
        np.array([i == 0 or c.section != candidates[i - 1].section for i, c in enumerate(candidates)]),
        np.array([c.sentence.kind is SentenceKind.ITEM for c in candidates]),
        np.array([c.sentence.kind is SentenceKind.ROW for c in candidates]),
        title,
        opening,
        _beside(opening.astype(float), candidates, -1, 0.0),
        question_mark,
        np.minimum(words, 40) / 40,
        for_number & number,
        for_number & ~number,
        for_date & date,
        for_date & ~date,
        np.full(n, similarity.max()),
        np.full(n, overlap.max()),
        np.full(n, similarity.mean()),
        np.full(n, math.log(n)),
        np.full(n, math.log(len(documents))),
        np.array([documents.index(c.document.id) for c in candidates]),
        np.log(lengths),
        np.array([counts[c.document.id] for c in candidates]) / lengths,
        np.array([c.position for c in candidates]) / lengths,
        tells,
        _mean_around(tells, candidates, 1),
        tells - tells.max(),
        np.full(n, bool(said)),
        np.array([" ".join(text.split()) in said for text in texts]),
    ]
    return np.stack([column.astype(float) for column in columns], axis=1)


def share(asked: Mapping[str, float], terms: frozenset[str]) -> float:
    """Weighted share of the asked terms that ``terms`` hold, 0..1."""
    total = sum(asked.values())
    return sum(weight for term, weight in asked.items() if term in terms) / total if total else 0.0


def _signal(values: Matrix, candidates: Sequence[Candidate], heading_like: npt.NDArray[np.bool_]) -> list[Matrix]:
    """The columns of one signal, in the order of ``_SIGNAL``."""
    least = float(values.min())
    before, after = (_beside(values, candidates, step, least) for step in (-1, 1))
    near, wide = (_mean_around(values, candidates, reach) for reach in (1, 2))
    sections = [(c.document.id, c.section) for c in candidates]
    documents = [c.document.id for c in candidates]
    return [
        values, near, wide, before, after,
        _above(values, candidates, heading_like),
        _standardised(values), _standardised(near),
        np.argsort(np.argsort(-values, kind="stable"), kind="stable") / len(values),
        values - values.max(), near - near.max(),
        _best_of_group(values, sections) - values.max(), _best_of_group(values, documents) - values.max(),
    ]  # fmt: skip


def _standardised(values: Matrix) -> Matrix:
    standardised: Matrix = (values - values.mean()) / (values.std() + 1e-6)
    return standardised


def _beside(values: Matrix, candidates: Sequence[Candidate], step: int, missing: float) -> Matrix:
    """The value of the candidate ``step`` further on, ``missing`` where it is no neighbour in the document."""
    beside = np.full(len(values), missing)
    for at, candidate in enumerate(candidates):
        other = at + step
        if 0 <= other < len(candidates) and _are_neighbours(candidate, candidates[other]):
            beside[at] = values[other]
    return beside


def _mean_around(values: Matrix, candidates: Sequence[Candidate], reach: int) -> Matrix:
    """Each value averaged with those of up to ``reach`` candidates on both sides in the same document."""
    mean = np.empty(len(values))
    for at, candidate in enumerate(candidates):
        around = range(max(0, at - reach), min(len(candidates), at + reach + 1))
        own = [float(values[other]) for other in around if candidates[other].document.id == candidate.document.id]
        mean[at] = sum(own) / len(own)  # on lists this short, several times as fast as numpy
    return mean


def _above(values: Matrix, candidates: Sequence[Candidate], heading_like: npt.NDArray[np.bool_]) -> Matrix:
    """The value of the nearest candidate at or above each in its document that looks like a heading, else 0."""
    above = np.zeros(len(values))
    last, document = 0.0, ""
    for at, candidate in enumerate(candidates):
        if candidate.document.id != document:
            last, document = 0.0, candidate.document.id
        if heading_like[at]:
            last = values[at]
        above[at] = last
    return above


def _best_of_group(values: Matrix, groups: Sequence[object]) -> Matrix:
    best: dict[object, float] = {}
    for group, value in zip(groups, values, strict=True):
        best[group] = max(best.get(group, -math.inf), float(value))
    return np.array([best[group] for group in groups])


def _are_neighbours(one: Candidate, other: Candidate) -> bool:
    return one.document.id == other.document.id and abs(one.position - other.position) <= 2
