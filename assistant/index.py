"""The index: passage and sentence vectors in Chroma, beside the texts and the lexical index of the same build.

Each build lies in a folder of its own and is never changed, so a running reader is never surprised: Chroma's local
store does not show a running process what another one wrote.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.domain import Document, Passage, SentenceKind, Span
from assistant.embedding import Embedder, Vectors
from assistant.embedding_cache import EmbeddingCache
from assistant.errors import CorpusError, IndexDamagedError, IndexMismatchError, IndexMissingError
from assistant.lexical import LexicalIndex
from assistant.library import Library, SearchedSentence, write_library
from assistant.record import FORMAT, BuildRecord, current_build, read_record, switch_to, write_record

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

PASSAGES = "passages"
SENTENCES = "sentences"
Progress = Callable[[int, int], None]


class Index:
    """Read access to one finished build. Rows number passages and sentences in the order they were written."""

    def __init__(
        self, *, build: Path, record: BuildRecord, library: Library, lexical: LexicalIndex, chroma: Client
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
        self._vectors: dict[str, Collection] = {
            name: chroma.get_collection(name, embedding_function=None) for name in (PASSAGES, SENTENCES)
        }

    @classmethod
    def open(cls, folder: Path, embedder: Embedder) -> Index:
        """Open the build of ``folder`` that serves.

        Raises:
            IndexMissingError: there is none yet.
            IndexMismatchError: it was built with another model or format.
            IndexDamagedError: its files cannot be read.
        """
        build = current_build(folder)
        if build is None:
            raise IndexMissingError("index_missing", folder=folder)
        record = read_record(build)
        _refuse_mismatch(folder, record, embedder)
        if not record.passages:
            raise IndexMissingError("index_empty", folder=folder)
        try:
            index = cls(
                build=build,
                record=record,
                library=Library.open(build / "library.sqlite"),
                lexical=LexicalIndex.load(build / "lexical"),
                chroma=_open_chroma(build / "chroma"),
            )
            index.probe()
            return index
        except Exception as error:  # each of three libraries has its own ways to say that a file is broken
            raise IndexDamagedError("index_damaged", folder=folder, reason=_short(error)) from error

    def probe(self) -> None:
        """Run a query against both collections: Chroma notices a damaged file only then."""
        anything = np.full(self.record.dimension, self.record.dimension**-0.5, dtype=np.float32)
        for name in (PASSAGES, SENTENCES):
            self.nearest(name, anything, 1)

    def nearest(self, name: str, vector: Vectors, n: int, documents: Sequence[str] = ()) -> dict[int, float]:
        """The ``n`` rows of collection ``name`` nearest to ``vector``, with their cosine; in ``documents`` if named."""
        where: Any = {"document": {"$in": list(documents)}} if documents else None
        found = self._vectors[name].query(
            query_embeddings=vector[None, :], n_results=min(n, self._size(name)), where=where, include=["distances"]
        )
        distances = (found["distances"] or [[]])[0]
        return {int(id): 1 - distance for id, distance in zip(found["ids"][0], distances, strict=True)}

    def similarities(self, name: str, vector: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """The exact cosine of ``vector`` to each of ``rows`` of collection ``name``."""
        if not rows:
            return {}
        found = self._vectors[name].get(ids=[str(row) for row in rows], include=["embeddings"])
        cosines = np.asarray(found["embeddings"], dtype=np.float32) @ vector
        return {int(id): float(cosine) for id, cosine in zip(found["ids"], cosines, strict=True)}

    def close(self) -> None:
        """Let go of the build's files."""
        self.library.close()
        self._chroma.close()

    def _size(self, name: str) -> int:
        return len(self.passages) if name == PASSAGES else len(self.sentences)


class IndexWriter:
    """Makes a new build beside the one that serves. Use it as a context; leaving without commit discards the build."""

    def __init__(self, folder: Path, build: Path, embedder: Embedder) -> None:
        self._folder = folder
        self._build = build
        self._embedder = embedder
        self._documents: list[Document] = []
        self._passages: list[Passage] = []

    @classmethod
    def begin(cls, folder: Path, embedder: Embedder) -> IndexWriter:
        """Start a build in ``folder``, which is made if it is missing.

        Raises:
            CorpusError: if the folder cannot be written.
        """
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}"
        build = folder / "builds" / name
        try:
            build.mkdir(parents=True)
        except OSError as error:
            raise CorpusError("folder_not_writable", folder=folder, reason=error.strerror) from error
        return cls(folder, build, embedder)

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if current_build(self._folder) != self._build:
            shutil.rmtree(self._build, ignore_errors=True)

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Take in a document with its passages."""
        self._documents.append(document)
        self._passages.extend(passages)

    def commit(
        self,
        *,
        chunker: str,
        corpus_digest: str,
        sources: tuple[str, ...],
        report: Mapping[str, Any],
        progress: Progress,
    ) -> BuildRecord:
        """Embed, write and switch over. ``progress`` is told (texts embedded, texts in all).

        Raises:
            CorpusError: if the disk is full or the folder cannot be written; the old build goes on serving.
        """
        try:
            return self._commit(chunker, corpus_digest, sources, report, progress)
        except OSError as error:
            raise CorpusError("folder_not_writable", folder=self._folder, reason=error.strerror) from error

    def _commit(
        self, chunker: str, corpus_digest: str, sources: tuple[str, ...], report: Mapping[str, Any], progress: Progress
    ) -> BuildRecord:
        texts = {document.id: document.text for document in self._documents}
        searched = [searched_text(passage, texts[passage.document]) for passage in self._passages]
        sentences, sentence_texts, sentence_documents = self._searched_sentences()

        vectors, sentence_vectors = self._embed(searched, sentence_texts, progress)
        write_library(self._build / "library.sqlite", self._documents, self._passages, sentences)
        LexicalIndex.build(self._lexical_texts(searched)).save(self._build / "lexical")
        chroma = _open_chroma(self._build / "chroma")
        _fill(chroma, PASSAGES, vectors, [passage.document for passage in self._passages])
        _fill(chroma, SENTENCES, sentence_vectors, sentence_documents)
        chroma.close()

        record = BuildRecord(
            model=self._embedder.name,
            model_sha256=self._embedder.sha256,
            dimension=self._embedder.dimension,
            chunker=chunker,
            corpus_digest=corpus_digest,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            sources=sources,
            documents=len(self._documents),
            passages=len(self._passages),
            sentences=sum(len(document.sentences) for document in self._documents),
            report=report,
        )
        write_record(self._build, record)
        switch_to(self._folder, self._build)
        _remove_other_builds(self._folder, self._build)
        return record

    def _searched_sentences(self) -> tuple[list[SearchedSentence], list[str], list[str]]:
        """What stands for a passage beside its own text, with the texts and the documents in the same order."""
        rows: dict[str, list[int]] = {}
        for row, passage in enumerate(self._passages):
            rows.setdefault(passage.document, []).append(row)
        sentences: list[SearchedSentence] = []
        texts: list[str] = []
        documents: list[str] = []
        for document in self._documents:
            of_document = rows.get(document.id, [])
            for text, span, question in _standing_for_passages(document):
                owners = tuple(row for row in of_document if self._passages[row].span.overlaps(span))
                if owners:
                    sentences.append(SearchedSentence(span.start, span.end, question, owners))
                    texts.append(text)
                    documents.append(document.id)
        return sentences, texts, documents

    def _lexical_texts(self, searched: Sequence[str]) -> list[str]:
        """What BM25 reads: the passage under its headings and, for a FAQ, the other ways to ask it."""
        faqs = {document.id: document.faqs for document in self._documents if document.faqs}
        texts = []
        for passage, text in zip(self._passages, searched, strict=True):
            wordings = [
                wording
                for faq in faqs.get(passage.document, ())
                if faq.answer.overlaps(passage.span)
                for wording in faq.wordings
            ]
            texts.append("\n".join([text, *wordings]))
        return texts

    def _embed(self, passages: Sequence[str], sentences: Sequence[str], progress: Progress) -> tuple[Vectors, Vectors]:
        cache = EmbeddingCache.open(self._folder / "embeddings.sqlite", self._embedder)
        total, done = len(passages) + len(sentences), 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            progress(done, total)

        try:
            vectors = cache.passages(passages, count)
            sentence_vectors = cache.passages(sentences, count)
            cache.keep_only([*passages, *sentences])
        finally:
            cache.close()
        return vectors, sentence_vectors


def _standing_for_passages(document: Document) -> Iterator[tuple[str, Span, bool]]:
    for sentence in document.sentences:
        # A heading is searched with every passage below it, and a note of sources answers nothing.
        if sentence.kind not in (SentenceKind.HEADING, SentenceKind.NOTE):
            yield sentence.span.of(document.text), sentence.span, False
    for faq in document.faqs:
        for wording in (faq.question, *faq.wordings):
            yield wording, faq.answer, True


def searched_text(passage: Passage, text: str) -> str:
    """What is embedded and indexed for ``passage``: its headings, then its words, so that context is not lost."""
    return "\n".join([" – ".join(passage.headings), passage.span.of(text)]).strip()


def _open_chroma(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    client: Client = chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False))  # type: ignore[assignment]
    return client


def _fill(chroma: Client, name: str, vectors: Vectors, documents: Sequence[str]) -> None:
    collection = chroma.create_collection(name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None)
    step = 1000
    for at in range(0, len(documents), step):
        rows = range(at, min(at + step, len(documents)))
        collection.add(
            ids=[str(row) for row in rows],
            embeddings=vectors[at : at + step],
            metadatas=[{"document": documents[row]} for row in rows],
        )


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


def _remove_other_builds(folder: Path, keep: Path) -> None:
    """Remove what the new build replaces, so that nothing of a removed document stays behind.

    A server that still reads an old build holds its files open, and opens the new one with its next question.
    """
    for build in (folder / "builds").iterdir():
        if build != keep:
            shutil.rmtree(build, ignore_errors=True)


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}"
