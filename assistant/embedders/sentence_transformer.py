"""Any model of the sentence-transformers library, by its id or from a local folder. Needs the extra of that name."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.embedding import Vectors, embeddable, unit_length
from assistant.errors import EmbeddingError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 16


class LocalModel:
    """A sentence-transformers model on this machine.

    An empty prefix leaves it to the model's own prompts ``query`` and ``document``, if it has them.
    """

    def __init__(self, model: SentenceTransformer, *, name: str, query_prefix: str, passage_prefix: str) -> None:
        self.name = f"sentence-transformers/{name}"
        self.sha256 = _fingerprint(model, query_prefix, passage_prefix)
        self.dimension: int = model.get_embedding_dimension() or 0
        self._model = model
        self._query_prompt = query_prefix or None
        self._passage_prompt = passage_prefix or None
        # Tokenizers change their padding while they work: two threads at once fail with "Already borrowed".
        self._lock = threading.Lock()

    @classmethod
    def open(
        cls, model: str, *, query_prefix: str = "", passage_prefix: str = "", download: bool = False
    ) -> LocalModel:
        """Load ``model``; unless ``download`` is set, only what is already on this machine.

        Raises:
            EmbeddingError: the extra is not installed, or there is no such model here.
        """
        if not download:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read when the library is imported
        try:
            from sentence_transformers import SentenceTransformer
        except ModuleNotFoundError as error:
            raise EmbeddingError("embedding_extra_missing") from error
        try:
            loaded = SentenceTransformer(model, local_files_only=not download)
        except (OSError, ValueError) as error:
            raise EmbeddingError("embedding_model_missing", model=model, reason=type(error).__name__) from error
        # A folder's place says nothing about the model, and is nobody's business.
        name = Path(model).resolve().name if Path(model).is_dir() else model
        return cls(loaded, name=name, query_prefix=query_prefix, passage_prefix=passage_prefix)

    def query(self, text: str) -> Vectors:
        """Embed a question. *Shape:* ``(dimension,)``."""
        with self._lock:
            vector = self._model.encode_query(embeddable(text), prompt=self._query_prompt, show_progress_bar=False)
        return unit_length(np.asarray(vector, dtype=np.float32))

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to be found. *Shape:* ``(len(texts), dimension)``."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode_document(
                [embeddable(text) for text in texts],
                prompt=self._passage_prompt,
                batch_size=BATCH,
                show_progress_bar=False,
            )
        return unit_length(np.asarray(vectors, dtype=np.float32))


def _fingerprint(model: SentenceTransformer, *prefixes: str) -> str:
    """The hex SHA-256 over the weights, the prompts and what else decides about the vectors."""
    import torch

    digest = hashlib.sha256(repr((prefixes, model.prompts, model.max_seq_length)).encode())
    # A pooler has no part in the vectors, and is made up at random where the model's files lack it.
    tensors = sorted((name, tensor) for name, tensor in model.state_dict().items() if "pooler" not in name)
    for name, tensor in tensors:
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()
