"""One assistant for all threads of a server, opened when it is first needed."""

from __future__ import annotations

import threading

from assistant.service import Assistant, OpenAssistant


class SharedAssistant:
    """Opens the assistant once and hands it out. A failed opening is tried again by the next caller."""

    def __init__(self, open_assistant: OpenAssistant) -> None:
        self._open = open_assistant
        self._lock = threading.Lock()
        self._assistant: Assistant | None = None

    def __call__(self) -> Assistant:
        """The assistant.

        Raises:
            StoredIndexError: while there is no index that can be served.
        """
        with self._lock:
            if self._assistant is None:
                self._assistant = self._open()
            return self._assistant

    def close(self) -> None:
        """Let go of the index, if it was opened."""
        with self._lock:
            if self._assistant is not None:
                self._assistant.close()
                self._assistant = None
