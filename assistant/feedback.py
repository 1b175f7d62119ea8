"""Feedback on answers, kept as JSON lines in a file of bounded size. Who gave it is never written down."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import Lock

from assistant.errors import FeedbackError


class Reason(StrEnum):
    """Why an answer did not help."""

    WRONG = "wrong"
    BESIDE = "beside"
    INCOMPLETE = "incomplete"
    SOURCE = "source"
    OUTDATED = "outdated"
    UNCLEAR = "unclear"
    MISSED = "missed"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What somebody said about an answer. ``question`` is empty unless they agreed to hand it over.

    ``documents`` are those the answer cited; ``status`` and ``mode`` are the answer's.
    """

    helpful: bool
    reasons: tuple[Reason, ...] = ()
    comment: str = ""
    question: str = ""
    status: str = ""
    mode: str = ""
    documents: tuple[str, ...] = ()


class FeedbackFile:
    """Appends feedback to a file of bounded size.

    At its limit the file is put aside under its name with ``.1``, in place of the one before: the two never take more
    than twice the limit.

    Open it with :meth:`open`, which finds out at once whether it can be written.
    """

    def __init__(self, path: Path, *, limit: int) -> None:
        self._path = path
        self._limit = limit
        self._lock = Lock()

    @classmethod
    def open(cls, path: Path, *, limit: int) -> FeedbackFile:
        """A file at ``path`` that grows to ``limit`` bytes at most.

        Raises:
            FeedbackError: if it cannot be written.
        """
        opened = cls(path, limit=limit)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            opened._append(b"")
        except OSError as error:
            raise FeedbackError("feedback_not_writable", file=path, reason=error.strerror or error) from error
        return opened

    def add(self, feedback: Feedback) -> None:
        """Write one line.

        Raises:
            FeedbackError: if it cannot be written.
        """
        # To the day: the exact time would tell, beside other logs, who it was.
        entry = {"date": datetime.now(UTC).date().isoformat(), **asdict(feedback)}
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        try:
            with self._lock:
                if self._path.exists() and self._path.stat().st_size + len(line) > self._limit:
                    self._path.replace(self._path.with_name(f"{self._path.name}.1"))
                self._append(line)
        except OSError as error:
            raise FeedbackError("feedback_not_stored", reason=error.strerror or error) from error

    def _append(self, line: bytes) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(line)
