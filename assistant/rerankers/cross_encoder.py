"""Any cross-encoder of the sentence-transformers library, by its id or from a local folder. Needs that extra."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.embedding import embeddable
from assistant.errors import RerankingError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

BATCH = 16


class LocalCrossEncoder:
    """A cross-encoder on this machine: it reads question and passage together."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model
        # Tokenizers change their padding while they work: two threads at once fail with "Already borrowed".
        self._lock = threading.Lock()

    @classmethod
    def open(cls, model: str, *, download: bool = False) -> LocalCrossEncoder:
        """Load ``model``; unless ``download`` is set, only what is already on this machine.

        Raises:
            RerankingError: the extra is not installed, there is no such model here, or it gives no single score.
        """
        if not download:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read when the library is imported
        try:
            from sentence_transformers import CrossEncoder
        except ModuleNotFoundError as error:
            raise RerankingError("reranker_extra_missing") from error
        try:
            loaded = CrossEncoder(model, local_files_only=not download)
        except (OSError, ValueError) as error:
            raise RerankingError("reranker_model_missing", model=model, reason=type(error).__name__) from error
        if loaded.num_labels != 1:
            raise RerankingError("reranker_model_missing", model=model, reason=f"{loaded.num_labels} labels")
        return cls(loaded)

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One number for each text, higher is better."""
        pairs = [(embeddable(question), embeddable(text)) for text in texts]
        with self._lock:
            scores = self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False)
        return [float(score) for score in np.asarray(scores)]
