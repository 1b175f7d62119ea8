"""How good a ranked list is, judged against gold places.

A hit *finds* a gold place when it overlaps it by at least one character in the same document. For measures that need
one verdict per hit, a hit is *relevant* when it is the first to find some gold place, so that a place cut in two does
not count twice. All functions expect at least one gold place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from eval.cases import Place


def recall(found: Sequence[Place], gold: Sequence[Place], k: int) -> float:
    """Share of the gold places that the first ``k`` hits find, 0..1."""
    return sum(any(place.overlaps(hit) for hit in found[:k]) for place in gold) / len(gold)


def verdicts(found: Sequence[Place], gold: Sequence[Place]) -> tuple[list[bool], int]:
    """For each hit whether it is relevant, and how many gold places no hit finds."""
    missing = set(range(len(gold)))
    relevant = []
    for hit in found:
        news = {place for place in missing if gold[place].overlaps(hit)}
        missing -= news
        relevant.append(bool(news))
    return relevant, len(missing)


def document_verdicts(found: Sequence[Place], gold: Sequence[Place]) -> tuple[list[bool], int]:
    """As :func:`verdicts`, for documents: each ranks where its first hit stands, and is relevant if it holds gold."""
    ranked = list(dict.fromkeys(hit.document for hit in found))
    wanted = {place.document for place in gold}
    return [document in wanted for document in ranked], len(wanted - set(ranked))


def reciprocal_rank(relevant: Sequence[bool], k: int) -> float:
    """1 / rank of the first relevant hit among the first ``k``, or 0 (Voorhees, 1999)."""
    return next((1 / rank for rank, hit in enumerate(relevant[:k], start=1) if hit), 0.0)


def ndcg(relevant: Sequence[bool], missed: int, k: int) -> float:
    """Normalised discounted cumulative gain with binary gains (Järvelin & Kekäläinen, 2002), 0..1.

    The ideal list holds all relevant hits and the ``missed`` ones at its top.
    """
    gain = sum(1 / math.log2(rank + 1) for rank, hit in enumerate(relevant[:k], start=1) if hit)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, sum(relevant) + missed) + 1))
    return gain / ideal


def average_precision(relevant: Sequence[bool], missed: int) -> float:
    """Mean of the precision at each relevant hit; what was ``missed`` counts 0 (Buckley & Voorhees, 2000), 0..1."""
    precisions = [sum(relevant[:rank]) / rank for rank, hit in enumerate(relevant, start=1) if hit]
    return sum(precisions) / (sum(relevant) + missed)
