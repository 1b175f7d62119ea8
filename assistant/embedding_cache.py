"""Embeddings kept on disk by model and content, so that a text is embedded once and an interrupted ingest goes on."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assistant.embedding import Embedder, Vectors

BATCH = 32
"""Texts embedded between two saves: what a killed ingest loses at most."""


QUESTION = " as a question"
"""Keeps the vector of a question apart from that of a passage with the same words."""


class EmbeddingCache:
    """Vectors by content in one SQLite file, shared by all builds of an index."""

    def __init__(self, connection: sqlite3.Connection, embedder: Embedder) -> None:
        self._connection = connection
        self._embedder = embedder

    @classmethod
    def open(cls, file: Path, embedder: Embedder) -> EmbeddingCache:
        """Open or create the cache in ``file``."""
        connection = sqlite3.connect(file)
        connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
        return cls(connection, embedder)

    def passages(self, texts: Sequence[str], progress: Callable[[int], None]) -> Vectors:
        """Vectors of ``texts``; ``progress`` is told how many more texts are done. *Shape:* ``(len(texts), dim)``."""
        return self._vectors(texts, [self._key(text) for text in texts], self._embedder.passages, progress)

    def questions(self, texts: Sequence[str], progress: Callable[[int], None]) -> Vectors:
        """The same for questions, which the model embeds otherwise."""
        return self._vectors(texts, [self._key(text, QUESTION) for text in texts], self._embed_questions, progress)

    def _embed_questions(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._embedder.query(text) for text in texts])

    def _vectors(
        self,
        texts: Sequence[str],
        keys: Sequence[bytes],
        embed: Callable[[Sequence[str]], Vectors],
        progress: Callable[[int], None],
    ) -> Vectors:
        vectors = np.empty((len(texts), self._embedder.dimension), dtype=np.float32)
        missing: dict[bytes, list[int]] = {}
        for row, key in enumerate(keys):
            known = self._connection.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
            if known is None:
                missing.setdefault(key, []).append(row)
            else:
                vectors[row] = np.frombuffer(known[0], dtype=np.float32)
        progress(len(texts) - sum(map(len, missing.values())))

        # Texts of like length are embedded together: the engine pads a batch to its longest text.
        order = sorted(missing, key=lambda key: len(texts[missing[key][0]]))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            fresh = embed([texts[missing[key][0]] for key in batch])
            with self._connection:
                self._connection.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                    [(key, vector.astype(np.float32).tobytes()) for key, vector in zip(batch, fresh, strict=True)],
                )
            for key, vector in zip(batch, fresh, strict=True):
                vectors[missing[key]] = vector
            progress(sum(len(missing[key]) for key in batch))
        return vectors

    def keep_only(self, texts: Sequence[str], questions: Sequence[str] = ()) -> None:
        """Forget every vector that none of these needs, so that nothing of a deleted document stays behind."""
        keys = [*map(self._key, texts), *(self._key(text, QUESTION) for text in questions)]
        with self._connection:
            self._connection.execute("CREATE TEMP TABLE needed (key BLOB PRIMARY KEY)")
            self._connection.executemany("INSERT OR IGNORE INTO needed VALUES (?)", [(key,) for key in keys])
            self._connection.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM needed)")
            self._connection.execute("DROP TABLE needed")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _key(self, text: str, kind: str = "") -> bytes:
        return hashlib.sha256(f"{self._embedder.sha256}{kind}\0{text}".encode("utf-8", "surrogatepass")).digest()
