"""Writing the index: a new build beside the one that serves, switched to when it is whole."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from assistant.domain import Document, KnownQuestion, Passage, SentenceKind, Span
from assistant.embedding import Embedder, Vectors
from assistant.embedding_cache import EmbeddingCache
from assistant.errors import CorpusError
from assistant.index import PASSAGES, SENTENCES, write_vectors
from assistant.known_questions import placed
from assistant.lexical import LexicalIndex
from assistant.library import SearchedSentence, write_library
from assistant.record import BuildRecord, current_build, remove_other_builds, switch_to, write_record
from assistant.synonym_lists import Group

Progress = Callable[[int, int], None]


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
        synonyms: Sequence[Group] = (),
        known: Sequence[KnownQuestion] = (),
    ) -> BuildRecord:
        """Embed, write and switch over. ``progress`` is told (texts embedded, texts in all).

        ``synonyms`` are the forms that mean the same in this corpus, ``known`` the questions that people ask of it.

        Raises:
            CorpusError: if the disk is full or the folder cannot be written; the old build goes on serving.
        """
        try:
            return self._commit(chunker, corpus_digest, sources, report, progress, synonyms, known)
        except (OSError, sqlite3.Error) as error:
            free = shutil.disk_usage(self._folder).free // 1_000_000
            reason = getattr(error, "strerror", None) or error
            raise CorpusError("index_not_written", folder=self._folder, reason=reason, free=free) from error

    def _commit(
        self,
        chunker: str,
        corpus_digest: str,
        sources: tuple[str, ...],
        report: Mapping[str, Any],
        progress: Progress,
        synonyms: Sequence[Group],
        known: Sequence[KnownQuestion],
    ) -> BuildRecord:
        texts = {document.id: document.text for document in self._documents}
        searched = [searched_text(passage, texts[passage.document]) for passage in self._passages]
        sentences, sentence_texts, sentence_documents = self._searched_sentences()

        questions = placed(known, self._documents, list(zip(sentence_documents, sentences, strict=True)))
        asked = [question.question for question in questions]

        vectors, sentence_vectors, question_vectors = self._embed(searched, sentence_texts, asked, progress)
        write_library(self._build / "library.sqlite", self._documents, self._passages, sentences, questions)
        LexicalIndex.build(lexical_texts(self._documents, self._passages), synonyms).save(self._build / "lexical")
        passage_documents = [passage.document for passage in self._passages]
        write_vectors(
            self._build,
            {PASSAGES: (vectors, passage_documents), SENTENCES: (sentence_vectors, sentence_documents)},
            question_vectors,
        )

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
        remove_other_builds(self._folder, self._build)
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

    def _embed(
        self, passages: Sequence[str], sentences: Sequence[str], questions: Sequence[str], progress: Progress
    ) -> tuple[Vectors, Vectors, Vectors]:
        cache = EmbeddingCache.open(self._folder / "embeddings.sqlite", self._embedder)
        total, done = len(passages) + len(sentences) + len(questions), 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            progress(done, total)

        try:
            vectors = cache.passages(passages, count)
            sentence_vectors = cache.passages(sentences, count)
            question_vectors = cache.questions(questions, count)
            cache.keep_only([*passages, *sentences], questions)
        finally:
            cache.close()
        return vectors, sentence_vectors, question_vectors


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


def lexical_texts(documents: Sequence[Document], passages: Sequence[Passage]) -> list[str]:
    """What BM25 reads, one text for each passage: it under its headings and, for a FAQ, the other ways to ask it."""
    known = {document.id: document for document in documents}
    texts = []
    for passage in passages:
        document = known[passage.document]
        wordings = [wording for faq in document.faqs if faq.answer.overlaps(passage.span) for wording in faq.wordings]
        texts.append("\n".join([searched_text(passage, document.text), *wordings]))
    return texts
