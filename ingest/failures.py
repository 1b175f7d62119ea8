"""Why a file, or a line of one, could not be read. The message is German and fit for the report."""

from __future__ import annotations

from assistant.texts import message


class Unreadable(Exception):
    """A file or line that cannot be used; the others go on.

    Args:
        code: key of the message in the section ``[failures]`` of ``ingest/texts.toml``.
        details: values for the message's placeholders.
    """

    def __init__(self, code: str, /, **details: object) -> None:
        super().__init__(message("failures", code, "ingest", **details))
        self.code = code
