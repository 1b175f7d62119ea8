"""LangChain's default chain as a baseline: recursive splitter, Chroma, similarity search, on the product's embeddings.

Sizes are those of LangChain's own introduction to retrieval (chunks of 1,000 characters that overlap by 200).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

from assistant.domain import Answer, Document, DocumentSummary, Hit, Passage, Query, Span
from assistant.embedding import Embedder
from assistant.embedding_cache import EmbeddingCache
from assistant.service import Assistant, SearchResult
from assistant.settings import Settings
from assistant.wiring import open_assistant, open_embedder
from eval.errors import MissingExtraError, RunError

if TYPE_CHECKING:
    from langchain_chroma import Chroma

CHUNK_SIZE = 1000
CHUNK_OVERLAP = 200
CACHE = "langchain.sqlite"


class LangChainDefault:
    """Searches the documents of an index the way a LangChain tutorial does. Answers need a model and are left out."""

    def __init__(self, assistant: Assistant, store: Chroma) -> None:
        self._assistant = assistant
        self._store = store

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Cut and embed the documents of the index of ``settings``; vectors are kept beside that index.

        Raises:
            MissingExtraError: without the extra ``eval``.
        """
        assistant = open_assistant(settings)
        chunks = [chunk for known in assistant.documents() for chunk in _chunks(assistant.document(known.id))]
        embedder = open_embedder(settings)
        cache = EmbeddingCache.open(settings.index / CACHE, embedder)
        try:
            vectors = cache.passages([chunk["text"] for chunk in chunks], lambda done: None)
        finally:
            cache.close()
        store = _store(embedder)
        # LangChain's wrapper would embed the texts again; the collection takes the vectors that are there.
        for start in range(0, len(chunks), 5000):
            part = chunks[start : start + 5000]
            store._collection.add(
                ids=[f"{start + at}" for at in range(len(part))],
                documents=[chunk["text"] for chunk in part],
                metadatas=[{name: chunk[name] for name in ("document", "start")} for chunk in part],
                embeddings=vectors[start : start + len(part)],
            )
        return cls(assistant, store)

    def search(self, query: Query, k: int = 10) -> SearchResult:
        """The ``k`` nearest chunks."""
        started = perf_counter()
        scope: Any = {"document": {"$in": list(query.documents)}} if query.documents else None
        found = self._store.similarity_search_with_score(query.question, k=k, filter=scope)
        hits = [Hit(passage=_passage(chunk.page_content, chunk.metadata), score=-distance) for chunk, distance in found]
        total = (perf_counter() - started) * 1000
        texts = tuple(chunk.page_content for chunk, _ in found)
        return SearchResult(hits=tuple(hits), texts=texts, timings={"total": total})

    def ask(self, query: Query) -> Answer:
        """Never: without a language model this chain only searches."""
        raise RunError("only_searches", system="langchain")

    def documents(self) -> Sequence[DocumentSummary]:
        """All documents, by id."""
        return self._assistant.documents()

    def document(self, id: str) -> Document:
        """One document."""
        return self._assistant.document(id)

    def close(self) -> None:
        """Let go of the index and of the vectors, which another baseline in this process would find again."""
        self._store.delete_collection()
        self._assistant.close()


def _chunks(document: Document) -> list[dict[str, Any]]:
    try:
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        raise MissingExtraError("langchain-text-splitters") from error
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP, add_start_index=True)
    return [
        {"text": chunk.page_content, "document": document.id, "start": chunk.metadata["start_index"]}
        for chunk in splitter.create_documents([document.text])
    ]


def _store(embedder: Embedder) -> Chroma:
    try:
        from langchain_chroma import Chroma
        from langchain_core.embeddings import Embeddings
    except ImportError as error:
        raise MissingExtraError("langchain-chroma") from error

    class Wrapped(Embeddings):
        """The product's embedder as LangChain wants it."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            """Embed texts to be found."""
            return [list(map(float, vector)) for vector in embedder.passages(texts)]

        def embed_query(self, text: str) -> list[float]:
            """Embed a question."""
            return list(map(float, embedder.query(text)))

    return Chroma(collection_name="langchain-default", embedding_function=Wrapped())


def _passage(text: str, metadata: dict[str, Any]) -> Passage:
    document, start = metadata["document"], metadata["start"]
    name = hashlib.sha256(f"{document}\0{start}\0{text}".encode()).hexdigest()[:16]
    return Passage(id=name, document=document, span=Span(start=start, end=start + len(text)))
