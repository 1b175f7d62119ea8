"""The assistant: the one door through which command line, API, chat page and evaluation ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.domain import Answer, Document, Hit, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """Hits, best first, their texts in the same order, and milliseconds per stage."""

    hits: tuple[Hit, ...]
    texts: tuple[str, ...]
    timings: Mapping[str, float]


class Assistant:
    """Answers questions from one index. Thread-safe; follows the index when a new build is switched on.

    Open it with ``assistant.wiring.open_assistant(settings)``. Every method raises :class:`StoredIndexError` when the
    index is missing, damaged or built with something else.
    """

    def search(self, query: Query, k: int = 10) -> SearchResult:
        """The ``k`` best passages.

        Raises:
            InputError: for a blank, overlong or unreadable question or an unknown document in the scope.
        """
        raise NotImplementedError

    def ask(self, query: Query) -> Answer:
        """A cited answer, or an honest refusal.

        Raises:
            InputError: as :meth:`search`.
        """
        raise NotImplementedError

    def documents(self) -> Sequence[Document]:
        """All documents, by id."""
        raise NotImplementedError

    def document(self, id: str) -> Document:
        """One document.

        Raises:
            UnknownDocumentError: if the index does not hold it.
        """
        raise NotImplementedError

    def check(self) -> Mapping[str, Any]:
        """Run a real query through every part; what ``/ready`` and ``doctor`` report. Raises what a question would."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the index's files."""
        raise NotImplementedError


OpenAssistant = Callable[[], Assistant]
