"""How near a written sentence is to the sentences it cites, by the embedding model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assistant.embedding import Embedder, Vectors

Likeness = Callable[[str, Sequence[str]], float]
"""The cosine, -1..1, of a sentence and the cited ones together."""


def likeness_by(embedder: Embedder) -> Likeness:
    """A :data:`Likeness` that remembers what it has embedded. Make one for each answer."""
    known: dict[str, Vectors] = {}

    def vector(text: str) -> Vectors:
        if text not in known:
            known[text] = embedder.passages([text])[0]
        return known[text]

    return lambda text, cited: float(np.dot(vector(text), vector(" ".join(cited))))
