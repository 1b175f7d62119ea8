"""One process at a time changes a folder: an index, or a corpus."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import BusyError, CorpusError

NAME = "ingest.lock"


@contextmanager
def locked(folder: Path, *, name: str = NAME, busy: str = "ingest_busy") -> Iterator[None]:
    """Hold ``folder`` for writing, an index unless ``name`` says otherwise.

    The operating system frees the lock when the process dies.

    Raises:
        BusyError: with the code ``busy``, if another process holds it; names that process.
        CorpusError: ``folder_not_writable``, if ``folder`` cannot be made or written.
    """
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        lock.acquire(timeout=0)
        try:
            _sign(path)
        except OSError:
            lock.release()
            raise
    except Timeout as error:
        raise BusyError(busy, folder=folder, holder=_holder(path)) from error
    except OSError as error:
        raise CorpusError("folder_not_writable", folder=folder, reason=error.strerror or error) from error
    try:
        yield
    finally:
        lock.release()


def _sign(path: Path) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    path.write_text(f"PID {os.getpid()}, {now}", encoding="utf-8")


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip() or "?"
    except OSError:
        return "?"
