"""Errors that are meant for users.

* AssistantError
  + SettingsError        a setting is unknown or impossible
  + InputError           the question, scope or batch line cannot be used
    x UnknownDocumentError
  + CorpusError          a file or folder to ingest cannot be used
    x BusyError          another ingest is at work
  + StoredIndexError     the index cannot be used
    x IndexMissingError  there is no index, or it is empty
    x IndexMismatchError the index was built with something else
    x IndexDamagedError  the index cannot be read
  + EmbeddingError       the embedding model cannot be used
  + RerankingError       the reranker cannot be used
  + GenerationError      the language model failed
  + FeedbackError        feedback cannot be kept

Every error carries a ``code`` (stable, for programs) and details; its message is the German text of that code in
``assistant/texts.toml``. Whatever else is raised is a bug and stays loud.
"""

from __future__ import annotations

from assistant.texts import message


class AssistantError(Exception):
    """Root of all errors fit for users.

    Args:
        code: key of the message in the section ``[errors]`` of ``texts.toml``.
        details: values for the message's placeholders.
    """

    def __init__(self, code: str, /, **details: object) -> None:
        super().__init__(message("errors", code, "assistant", **details))
        self.code = code
        self.details = details


class SettingsError(AssistantError):
    """A setting is unknown or has an impossible value."""


class InputError(AssistantError):
    """A question, scope or batch line cannot be used."""


class UnknownDocumentError(InputError):
    """A document id that the index does not hold."""


class CorpusError(AssistantError):
    """A file or folder cannot be ingested."""


class BusyError(CorpusError):
    """Another ingest works on this index."""


class StoredIndexError(AssistantError):
    """The index cannot be used."""


class IndexMissingError(StoredIndexError):
    """There is no index, or nothing is in it."""


class IndexMismatchError(StoredIndexError):
    """The index was built with another model, chunker or version."""


class IndexDamagedError(StoredIndexError):
    """The index is there but cannot be read."""


class EmbeddingError(AssistantError):
    """The embedding model is not installed, cannot be reached or gave nothing usable."""


class RerankingError(AssistantError):
    """The reranker is not installed, cannot be reached or gave nothing usable."""


class GenerationError(AssistantError):
    """The language model failed or gave nothing usable."""


class FeedbackError(AssistantError):
    """Feedback cannot be kept."""
