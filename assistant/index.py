"""The index: passage and sentence vectors, beside the texts and the lexical index of the same build.

Each build lies in a folder of its own and is never changed, so a running reader is never surprised: Chroma's local
store does not show a running process what another one wrote.

Vectors are kept twice. Chroma finds the nearest ones; the cosine to rows that are known comes from a plain file mapped
into memory, which takes 1 ms where Chroma needs 25 to hand the same vectors out. That file also answers for a Chroma
that breaks or hangs while it serves: to look at every vector finds the same rows, only slower.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.deadlines import Deadlines
from assistant.domain import Passage
from assistant.embedding import Embedder, Vectors
from assistant.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from assistant.known_questions import KnownQuestions
from assistant.lexical import LexicalIndex
from assistant.library import Library
from assistant.record import FORMAT, BuildRecord, current_build, read_record

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

PASSAGES = "passages"
SENTENCES = "sentences"
QUESTIONS = "questions"

HNSW: Any = {"space": "cosine", "ef_construction": 200, "ef_search": 400}
"""How widely Chroma looks around. With its defaults, 1 in 100 of the nearest rows is missed, and another one each time
the graph is made again from the same vectors."""

PATIENCE = 3.0
"""Seconds that Chroma may take for one search; it needs some milliseconds."""

FIRST_PATIENCE = 60.0
"""Seconds that Chroma may take for the first search after opening, for which it loads its graph from the disk."""

REST = 30.0
"""Seconds for which a Chroma that failed is asked nothing."""

log = logging.getLogger(__name__)


class Index:
    """Read access to one finished build. Rows number passages and sentences in the order they were written."""

    def __init__(
        self,
        *,
        build: Path,
        record: BuildRecord,
        library: Library,
        lexical: LexicalIndex,
        chroma: Client,
        forget: frozenset[str],
    ) -> None:
        self.build = build
        self.record = record
        self.library = library
        self.lexical = lexical
        self.passages = library.passages()
        self.sentences = library.sentences()
        self.rows_of_document: dict[str, list[int]] = {}
        for row, passage in enumerate(self.passages):
            self.rows_of_document.setdefault(passage.document, []).append(row)
        self.sentences_of: list[list[int]] = [[] for _ in self.passages]
        for row, sentence in enumerate(self.sentences):
            for owner in sentence.owners:
                self.sentences_of[owner].append(row)
        self._chroma = chroma
        self._collections: dict[str, Collection] = {
            name: chroma.get_collection(name, embedding_function=None) for name in (PASSAGES, SENTENCES)
        }
        self._vectors = {name: _map_vectors(build, name, record.dimension) for name in (PASSAGES, SENTENCES)}
        questions = _map_vectors(build, QUESTIONS, record.dimension)
        self.known = KnownQuestions(library.questions(), questions, lexical, forget)
        self._deadlines = Deadlines()
        self._resting_until = 0.0

    @classmethod
    def open(cls, folder: Path, embedder: Embedder, forget: frozenset[str] = frozenset()) -> Index:
        """Open the build of ``folder`` that serves, without the known questions to ``forget``.

        Raises:
            IndexMissingError: there is none yet.
            IndexMismatchError: it was built with another model or format.
            IndexDamagedError: its files cannot be read.
        """
        build = current_build(folder)
        if build is None:
            raise IndexMissingError("index_missing", folder=folder)
        try:
            return cls._open(folder, build, embedder, forget)
        except IndexDamagedError:
            if build == current_build(folder):
                raise
            # An ingest has just put another build in its place and removed this one.
            return cls.open(folder, embedder, forget)

    @classmethod
    def _open(cls, folder: Path, build: Path, embedder: Embedder, forget: frozenset[str]) -> Index:
        record = read_record(build)
        _refuse_mismatch(folder, record, embedder)
        if not record.passages:
            raise IndexMissingError("index_empty", folder=folder)
        try:
            # Chroma would make an empty store where there is none.
            (build / "chroma" / "chroma.sqlite3").stat()
            index = cls(
                build=build,
                record=record,
                library=Library.open(build / "library.sqlite"),
                lexical=LexicalIndex.load(build / "lexical"),
                chroma=_open_chroma(build / "chroma"),
                forget=forget,
            )
            index.probe(FIRST_PATIENCE)
            return index
        except IndexDamagedError:
            raise
        except Exception as error:  # each of three libraries has its own ways to say that a file is broken
            raise IndexDamagedError("index_damaged", folder=folder, reason=_short(error)) from error

    def probe(self, patience: float = PATIENCE) -> None:
        """Run a query against both collections, ``patience`` seconds each: Chroma notices a damaged file only then.

        Raises:
            IndexDamagedError: if Chroma fails or hangs, even though questions are answered without it.
        """
        anything = np.full(self.record.dimension, self.record.dimension**-0.5, dtype=np.float32)
        try:
            for name in (PASSAGES, SENTENCES):
                if len(self._vectors[name]):
                    self._asked(name, anything, 1, (), patience)
        except Exception as error:  # Chroma has many ways to say that a file is broken
            folder = self.build.parent.parent
            raise IndexDamagedError("index_damaged", folder=folder, reason=_short(error)) from error

    @property
    def impaired(self) -> bool:
        """Whether Chroma failed or hung lately."""
        return monotonic() < self._resting_until

    def nearest(self, name: str, vector: Vectors, n: int, documents: Sequence[str] = ()) -> dict[int, float]:
        """The ``n`` rows of collection ``name`` nearest to ``vector``, with their cosine; in ``documents`` if named."""
        n = min(n, len(self._vectors[name]))
        if not n:
            return {}
        if not self.impaired:
            try:
                return self._asked(name, vector, n, documents)
            except Exception as error:  # noqa: BLE001 (Chroma has many ways to fail, and the vectors are at hand)
                log.warning("every vector is looked at, as Chroma failed: %s", _short(error))
                self._resting_until = monotonic() + REST
        return self._looked_through(name, vector, n, documents)

    def _asked(
        self, name: str, vector: Vectors, n: int, documents: Sequence[str], patience: float = PATIENCE
    ) -> dict[int, float]:
        """What Chroma finds; raises whatever it raises, and TimeoutError if it takes too long."""
        where: Any = {"document": {"$in": list(documents)}} if documents else None
        query = self._collections[name].query
        found = self._deadlines.within(
            patience,
            lambda: query(query_embeddings=vector[None, :], n_results=n, where=where, include=["distances"]),
        )
        distances = (found["distances"] or [[]])[0]
        return {int(id): 1 - distance for id, distance in zip(found["ids"][0], distances, strict=True)}

    def _looked_through(self, name: str, vector: Vectors, n: int, documents: Sequence[str]) -> dict[int, float]:
        """The same by looking at every vector."""
        rows: Sequence[int] = range(len(self._vectors[name]))
        if documents:
            rows = [row for document in documents for row in self.rows_of_document.get(document, [])]
            if name == SENTENCES:
                rows = sorted({sentence for row in rows for sentence in self.sentences_of[row]})
        cosines = self.similarities(name, vector, rows)
        return dict(sorted(cosines.items(), key=lambda item: -item[1])[:n])

    def similarities(self, name: str, vector: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """The exact cosine of ``vector`` to each of ``rows`` of collection ``name``."""
        cosines = self._vectors[name][np.asarray(rows, dtype=int)] @ vector
        return dict(zip(rows, cosines.tolist(), strict=True))

    def vectors(self, name: str, rows: Sequence[int]) -> Vectors:
        """The vectors of ``rows`` of collection ``name``. *Shape:* ``(len(rows), dimension)``."""
        vectors: Vectors = self._vectors[name][np.asarray(rows, dtype=int)]
        return vectors

    def text(self, passage: Passage) -> str:
        """The words of ``passage``."""
        return passage.span.of(self.library.document(passage.document).text)

    def close(self) -> None:
        """Let go of the build's files."""
        self.library.close()
        self._chroma.close()


def write_vectors(build: Path, collections: Mapping[str, tuple[Vectors, Sequence[str]]], questions: Vectors) -> None:
    """Write what :class:`Index` reads: for each collection its vectors, with the id of the document of each.

    ``questions`` are the vectors of the known questions. They are few, and all of them are looked at each time.

    Raises:
        OSError: if the disk is full or cannot be written.
    """
    from chromadb.errors import ChromaError

    np.save(_vectors_file(build, QUESTIONS), questions)
    for name, (vectors, _) in collections.items():
        np.save(_vectors_file(build, name), vectors)
    try:
        with closing(_open_chroma(build / "chroma")) as chroma:
            for name, (vectors, documents) in collections.items():
                _fill(chroma, name, vectors, documents)
    except ChromaError as error:  # what it says is never more than that it could not write
        raise OSError(f"Chroma: {error}") from error


def _open_chroma(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    client: Client = chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False))  # type: ignore[assignment]
    return client


def _fill(chroma: Client, name: str, vectors: Vectors, documents: Sequence[str]) -> None:
    collection = chroma.create_collection(name, configuration={"hnsw": HNSW}, embedding_function=None)
    step = 1000
    for at in range(0, len(documents), step):
        rows = range(at, min(at + step, len(documents)))
        collection.add(
            ids=[str(row) for row in rows],
            embeddings=vectors[at : at + step],
            metadatas=[{"document": documents[row]} for row in rows],
        )


def _map_vectors(build: Path, name: str, dimension: int) -> Vectors:
    """The vectors of a collection, read from disk where they are needed. *Shape:* ``(rows, dimension)``."""
    vectors: Vectors = np.asarray(np.load(_vectors_file(build, name), mmap_mode="r"))
    if vectors.shape[1:] != (dimension,):
        raise ValueError(f"{name} have the shape {vectors.shape}, not {dimension} columns")
    return vectors


def _vectors_file(build: Path, name: str) -> Path:
    return build / f"{name}.npy"


def _refuse_mismatch(folder: Path, record: BuildRecord, embedder: Embedder) -> None:
    expected = {
        "format": FORMAT,
        "model": embedder.name,
        "model_sha256": embedder.sha256,
        "dimension": embedder.dimension,
    }
    for field, value in expected.items():
        found = getattr(record, field)
        if found != value:
            raise IndexMismatchError("index_mismatch", folder=folder, field=field, found=found, expected=value)


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}"
