"""Variety among hits: what was said already, and one document without end, let others go first.

Nothing is dropped. A hit that has to wait comes later in the list, so that a long enough list holds everything, and
the first five of ten hits are the five that a list of five has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.domain import Passage
from assistant.embedding import Vectors
from assistant.german_values import values

ALIKE = 0.95
"""Cosine from which two passages are compared word by word; near-duplicates never lie below."""

SAME = 0.8
"""Share of common word triples (Jaccard) from which two passages say the same."""

VERSIONS = 2
"""Most hits that differ in their numbers alone: „60 Prozent“ and „66 Prozent“ are worth showing side by side, fifty
copies with a number each are not."""

WINDOW = 10
"""Hits in a row of which only so many may come from one document."""

_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")


def varied(
    passages: Sequence[Passage], vectors: Vectors, text: Callable[[Passage], str], *, per_document: int, k: int
) -> list[int]:
    """The positions of the first ``k`` of ``passages`` in their new order.

    Args:
        passages: best first.
        vectors: theirs, of unit length. *Shape:* ``(len(passages), dimension)``.
        text: gives the words of a passage; asked only for those that might repeat each other.
        per_document: most hits of one document among any ten in a row, as long as there are hits of others.
        k: how many are wanted; no more work is done.
    """
    documents = [passage.document for passage in passages]
    waiting = list(range(len(passages)))
    hits: list[int] = []
    repeats: list[int] = []
    words: dict[int, _Words] = {}

    def read(at: int) -> _Words:
        if at not in words:
            words[at] = _Words.of(text(passages[at]))
        return words[at]

    while waiting and len(hits) < k:
        recent = [documents[at] for at in hits[1 - WINDOW :]]
        at = next((at for at in waiting if recent.count(documents[at]) < per_document), waiting[0])
        waiting.remove(at)
        alike = [hits[n] for n in np.flatnonzero(vectors[hits] @ vectors[at] >= ALIKE)]
        same = [hit for hit in alike if read(at).says_the_same_as(read(hit))]
        repeated = len(same) >= VERSIONS or any(read(at).values == read(hit).values for hit in same)
        (repeats if repeated else hits).append(at)
    return [*hits, *sorted(repeats)][:k]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What is compared of a passage: triples of words, all numbers alike, and the values themselves."""

    triples: frozenset[tuple[str, ...]]
    values: frozenset[object]

    @classmethod
    def of(cls, text: str) -> _Words:
        words = _WORD.findall(_DIGITS.sub("0", text.casefold()))
        triples = frozenset(zip(words, words[1:], words[2:], strict=False)) or frozenset([tuple(words)])
        return cls(triples=triples, values=frozenset((v.kind, v.key, v.unit) for v in values(text)))

    def says_the_same_as(self, other: _Words) -> bool:
        shared = len(self.triples & other.triples)
        return shared >= SAME * (len(self.triples) + len(other.triples) - shared)
