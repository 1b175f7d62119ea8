"""The assistant: the one door through which command line, API, chat page and evaluation ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any

from assistant.answering import AnswerRules, ExtractiveAnswerer
from assistant.domain import Answer, Document, DocumentSummary, Hit, Query
from assistant.embedding import Embedder
from assistant.errors import InputError
from assistant.index import Index
from assistant.questions import checked
from assistant.record import current_build
from assistant.retrieval import Retrieved, Retriever, Weights
from assistant.selector import Selector

MOST_HITS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """Hits, best first, their texts in the same order, and milliseconds per stage."""

    hits: tuple[Hit, ...]
    texts: tuple[str, ...]
    timings: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Everything that belongs to one build of the index and changes together with it."""

    index: Index
    retriever: Retriever
    answerer: ExtractiveAnswerer


class Assistant:
    """Answers questions from one index. Thread-safe; follows the index when a new build is switched on.

    Open it with ``assistant.wiring.open_assistant(settings)``. Every method raises :class:`StoredIndexError` when the
    index is missing, damaged or built with something else.
    """

    def __init__(
        self,
        *,
        folder: Path,
        embedder: Embedder,
        weights: Weights,
        rules: AnswerRules,
        selector: Selector,
        question_limit: int,
    ) -> None:
        self._folder = folder
        self._embedder = embedder
        self._weights = weights
        self._rules = rules
        self._selector = selector
        self._question_limit = question_limit
        self._lock = Lock()
        self._rooms: Rooms | None = None

    def search(self, query: Query, k: int = 10) -> SearchResult:
        """The ``k`` best passages.

        Raises:
            InputError: for a blank, overlong or unreadable question or an unknown document in the scope.
        """
        if not 1 <= k <= MOST_HITS:
            raise InputError("limit_invalid", limit=MOST_HITS, value=k)
        started = perf_counter()
        rooms = self._current()
        retrieved = self._retrieve(rooms, query, k)
        texts = tuple(
            hit.passage.span.of(rooms.index.library.document(hit.passage.document).text) for hit in retrieved.hits
        )
        timings = {**retrieved.timings, "total": _milliseconds_since(started)}
        return SearchResult(hits=retrieved.hits, texts=texts, timings=timings)

    def ask(self, query: Query) -> Answer:
        """A cited answer, or an honest refusal.

        Raises:
            InputError: as :meth:`search`.
        """
        started = perf_counter()
        rooms = self._current()
        retrieved = self._retrieve(rooms, query, self._rules.passages)
        found = perf_counter()
        answer = rooms.answerer.answer(query, retrieved)
        timings = {
            **retrieved.timings,
            "answer": _milliseconds_since(found),
            "total": _milliseconds_since(started),
        }
        return replace(answer, timings=timings)

    def documents(self) -> Sequence[DocumentSummary]:
        """All documents, by id."""
        return self._current().index.library.summaries()

    def document(self, id: str) -> Document:
        """One document.

        Raises:
            UnknownDocumentError: if the index does not hold it.
        """
        return self._current().index.library.document(id)

    def check(self) -> Mapping[str, Any]:
        """Run a real query through every part; what ``/ready`` and ``doctor`` report. Raises what a question would."""
        rooms = self._current()
        rooms.index.probe()
        record = rooms.index.record
        return {
            "documents": record.documents,
            "passages": record.passages,
            "sentences": record.sentences,
            "built_at": record.built_at,
            "model": record.model,
        }

    def close(self) -> None:
        """Let go of the index's files."""
        with self._lock:
            if self._rooms is not None:
                self._rooms.index.close()
                self._rooms = None

    def _retrieve(self, rooms: Rooms, query: Query, k: int) -> Retrieved:
        query = checked(query, self._question_limit)
        unknown = [id for id in query.documents if id not in rooms.index.rows_of_document]
        for id in unknown:
            rooms.index.library.document(id)  # a document without passages is known, and simply answers nothing
        return rooms.retriever.retrieve(query, k)

    def _current(self) -> Rooms:
        with self._lock:
            build = current_build(self._folder)
            if self._rooms is None or self._rooms.index.build != build:
                self._rooms = self._furnish(Index.open(self._folder, self._embedder))
            return self._rooms

    def _furnish(self, index: Index) -> Rooms:
        return Rooms(
            index=index,
            retriever=Retriever(index, self._embedder, self._weights),
            answerer=ExtractiveAnswerer(index, self._selector, self._rules),
        )


OpenAssistant = Callable[[], Assistant]


def _milliseconds_since(start: float) -> float:
    return (perf_counter() - start) * 1000
