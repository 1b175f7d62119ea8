"""The assistant: the one door through which command line, API, chat page and evaluation ask."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any
from weakref import finalize

from assistant.answering import AnswerRules, ExtractiveAnswerer
from assistant.completion import Completer, NoCompleter, completed
from assistant.courtesies import plain
from assistant.domain import Answer, Document, DocumentSummary, Hit, Passage, Query, Receipt, Section, Status
from assistant.embedding import Embedder
from assistant.errors import InputError
from assistant.events import Done, Event, Found
from assistant.evidence import Examined
from assistant.followups import read_as
from assistant.generation import GenerativeAnswerer, Writer, quoted_events
from assistant.index import Index
from assistant.questions import checked
from assistant.reading import Reader, Reading
from assistant.receipts import Maker, issue
from assistant.record import current_build
from assistant.reranking import NoReranker, Reranker
from assistant.retrieval import Retrieved, Retriever, Weights
from assistant.scope import scoped
from assistant.selector import Selector
from assistant.synonym_lists import Group
from assistant.texts import message

MOST_HITS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """Hits, best first, their texts in the same order, and milliseconds per stage."""

    hits: tuple[Hit, ...]
    texts: tuple[str, ...]
    timings: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Rooms:
    """Everything that belongs to one build of the index and changes together with it.

    Hold them as long as the index is read: when nobody does any more, its files are closed.
    """

    index: Index
    retriever: Retriever
    answerer: ExtractiveAnswerer
    reader: Reader


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
        maker: Maker,
        question_limit: int,
        synonyms: Sequence[Group] = (),
        reranker: Reranker | None = None,
        writer: Writer | None = None,
        completer: Completer | None = None,
        forget: frozenset[str] = frozenset(),
    ) -> None:
        self._folder = folder
        self._embedder = embedder
        self._weights = weights
        self._rules = rules
        self._selector = selector
        self._maker = maker
        self._question_limit = question_limit
        self._synonyms = synonyms
        self._reranker = reranker or NoReranker()
        self._completer = completer or NoCompleter()
        self._generator = GenerativeAnswerer(writer, embedder) if writer else None
        self._forget = forget
        self._lock = Lock()
        self._rooms: Rooms | None = None

    def understood(self, query: Query) -> Query:
        """``query`` checked and, if it leans on the conversation, completed by the language model where one is set.

        Every other method begins with this; to call it before is for those who must not wait for the model then.

        Raises:
            InputError: for a blank, overlong or unreadable question.
        """
        query = checked(query, self._question_limit)
        return replace(query, rewritten=completed(plain(query), self._completer).rewritten)

    def search(self, query: Query, k: int = 10) -> SearchResult:
        """The ``k`` best passages.

        Raises:
            InputError: for a blank, overlong or unreadable question, or a scope that no document can be in.
        """
        if not 1 <= k <= MOST_HITS:
            raise InputError("limit_invalid", limit=MOST_HITS, value=k)
        started = perf_counter()
        query = self.understood(query)
        rooms = self._current()
        retrieved = rooms.retriever.retrieve(plain(query), k)
        timings = {**retrieved.timings, "total": _milliseconds_since(started)}
        return SearchResult(hits=retrieved.hits, texts=_texts(rooms, retrieved), timings=timings)

    def ask(self, query: Query) -> Answer:
        """A cited answer, or an honest refusal.

        Raises:
            InputError: as :meth:`search`.
        """
        with closing(self.stream(query)) as events:
            return next(event.answer for event in events if isinstance(event, Done))

    def stream(self, query: Query) -> Generator[Event]:
        """The same bit by bit: what was found, each sentence as it passes its check, the whole answer at the end.

        Closing the iterator stops a language model at work.

        Raises:
            InputError: as :meth:`search`, with the first event.
        """
        started = perf_counter()
        query = self.understood(query)
        rooms = self._current()
        reading = rooms.reader.read(plain(query))
        retrieved = reading.examined.retrieved
        yield Found(hits=retrieved.hits, texts=_texts(rooms, retrieved))
        with closing(self._answer(rooms, reading)) as events:
            for event in events:
                if isinstance(event, Done):
                    receipt = self._receipt(rooms, query, event.answer)
                    total = _milliseconds_since(started)
                    timings = {**retrieved.timings, "answer": total - retrieved.timings["retrieve"], "total": total}
                    note = " ".join(filter(None, (event.answer.note, _said_of(rooms.index))))
                    told = replace(event.answer, question=query.question, note=note, read_as=read_as(reading.query))
                    event = Done(answer=replace(told, timings=timings, receipt=receipt))
                yield event

    def examine(self, query: Query) -> Examined:
        """What speaks for each sentence that might answer; the selector is fitted on this.

        Raises:
            InputError: as :meth:`search`.
        """
        query = checked(query, self._question_limit)
        return self._current().reader.examine(plain(query))

    def documents(self) -> Sequence[DocumentSummary]:
        """All documents, by id."""
        rooms = self._current()
        return rooms.index.library.summaries()

    def document(self, id: str) -> Document:
        """One document.

        Raises:
            UnknownDocumentError: if the index does not hold it.
        """
        rooms = self._current()
        return rooms.index.library.document(id)

    def neighbours(self, passage: Passage, reach: int = 1) -> tuple[Passage, ...]:
        """As :meth:`Retriever.neighbours`."""
        return self._current().retriever.neighbours(passage, reach)

    def section(self, passage: Passage) -> Section | None:
        """As :meth:`Retriever.section`."""
        return self._current().retriever.section(passage)

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
        """Let go of the index's files, as soon as the questions at work are answered."""
        with self._lock:
            self._rooms = None

    def _answer(self, rooms: Rooms, reading: Reading) -> Generator[Event]:
        declined = reading.quoted.status is Status.DECLINED
        if self._generator is None or declined or rooms.answerer.is_curated(reading.examined):
            return quoted_events(rooms.reader.in_parts(reading))
        return self._generator.stream(reading.query, reading.examined, reading.quoted)

    def _receipt(self, rooms: Rooms, query: Query, answer: Answer) -> Receipt:
        index = rooms.index
        asked = scoped(query, index.library.summaries)  # filters as the documents they let pass today
        return issue(answer, asked, maker=self._maker, record=index.record, document=index.library.document)

    def _current(self) -> Rooms:
        with self._lock:
            build = current_build(self._folder)
            if self._rooms is None or self._rooms.index.build != build:
                self._rooms = self._furnish(Index.open(self._folder, self._embedder, self._forget))
            return self._rooms

    def _furnish(self, index: Index) -> Rooms:
        retriever = Retriever(index, self._embedder, self._weights, self._synonyms, self._reranker)
        answerer = ExtractiveAnswerer(index, self._selector, self._rules)
        reader = Reader(index, retriever, answerer, self._rules.passages)
        rooms = Rooms(index=index, retriever=retriever, answerer=answerer, reader=reader)
        finalize(rooms, index.close).atexit = False
        return rooms


def _texts(rooms: Rooms, retrieved: Retrieved) -> tuple[str, ...]:
    """The texts of the hits' passages, in the same order."""
    return tuple(rooms.index.text(hit.passage) for hit in retrieved.hits)


def _said_of(index: Index) -> str:
    """What a reader should know of the index while it answers; mostly nothing."""
    return message("answers", "impaired") if index.impaired else ""


OpenAssistant = Callable[[], Assistant]


def _milliseconds_since(start: float) -> float:
    return (perf_counter() - start) * 1000
