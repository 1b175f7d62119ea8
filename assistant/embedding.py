"""Embedders: text in, unit vectors out. The backends are in :mod:`assistant.embedders`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

MAX_CHARACTERS = 4_000
"""What an embedder reads of a text. Passages and questions are shorter; 100,000 words would take minutes."""


class Embedder(Protocol):
    """Turns texts into vectors of unit length, so that a dot product is a cosine.

    ``name`` and ``sha256`` identify engine and weights: vectors may be compared where both are the same.
    ``dimension`` is the width of the vectors. Implementations are thread-safe and deterministic; a text has the same
    vector whatever other texts it is embedded with.
    """

    name: str
    sha256: str
    dimension: int

    def query(self, text: str) -> Vectors:
        """Embed a question. *Shape:* ``(dimension,)``."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to be found. *Shape:* ``(len(texts), dimension)``."""
        ...


def embeddable(text: str) -> str:
    """``text`` as every engine can read it: cut, without NUL (some engines read C strings), and valid Unicode."""
    return text[:MAX_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def unit_length(vectors: Vectors) -> Vectors:
    """``vectors`` scaled to length one, each row for itself. *Shape:* that of ``vectors``."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled
