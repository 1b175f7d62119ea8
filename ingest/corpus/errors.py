"""Why a corpus folder was left as it was."""

from __future__ import annotations

from assistant.errors import CorpusError
from assistant.texts import message


class CorpusRefusal(CorpusError):
    """A document cannot be added or removed, or the folder cannot be used. Messages come from ``ingest/texts.toml``."""

    def __init__(self, code: str, /, **details: object) -> None:
        Exception.__init__(self, message("corpus", code, package="ingest", **details))
        self.code = code
        self.details = details
