"""As many questions are worked on at once as there are cores; the others wait in line.

Fifty threads on two cores keep interrupting each other, so that all fifty first sentences come at the end. In line,
half of them come in half the time, and the memory that a question takes is taken only twice.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from threading import BoundedSemaphore

from assistant.domain import Answer, Query
from assistant.events import Done, Event
from assistant.service import Assistant, SearchResult


class Turns:
    """Takes questions to an assistant, ``most`` at once. Thread-safe.

    With a language model only the search and the quotes take a turn: the model's server has its own way to share its
    time, and is not waited for within a turn. Without one, a turn ends with the whole answer, which is there in a
    moment; so no turn ever waits for a slow reader.
    """

    def __init__(self, most: int, *, language_model: bool) -> None:
        self._free = BoundedSemaphore(most)
        self._language_model = language_model

    def search(self, assistant: Assistant, query: Query, k: int) -> SearchResult:
        """As :meth:`Assistant.search`."""
        query = assistant.understood(query)
        with self._free:
            return assistant.search(query, k)

    def ask(self, assistant: Assistant, query: Query) -> Answer:
        """As :meth:`Assistant.ask`."""
        with closing(self.stream(assistant, query)) as events:
            return next(event.answer for event in events if isinstance(event, Done))

    def stream(self, assistant: Assistant, query: Query) -> Generator[Event]:
        """As :meth:`Assistant.stream`."""
        query = assistant.understood(query)
        with closing(assistant.stream(query)) as events:
            with self._free:
                ready = [next(events)] if self._language_model else list(events)
            yield from ready
            yield from events
