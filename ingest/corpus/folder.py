"""The corpus folder as something that may be changed, by one process at a time."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.corpus.errors import CorpusRefusal
from ingest.lock import locked

LOCK = ".corpus.lock"
"""Hidden, so that it is never taken for a document."""


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Hold ``folder`` for a change; it is made if there is none.

    Raises:
        CorpusRefusal: if it belongs to the installed package, is no folder, or cannot be written.
        BusyError: ``corpus_busy``, if another process changes it.
    """
    if packaged(folder):
        raise CorpusRefusal("packaged", folder=folder)
    if folder.exists() and not folder.is_dir():
        raise CorpusRefusal("no_folder", folder=folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise CorpusRefusal("not_writable", folder=folder, reason=os.strerror(errno.EACCES))
        with locked(folder, name=LOCK, busy="corpus_busy"):
            yield
    except OSError as error:
        raise CorpusRefusal("not_writable", folder=folder, reason=error.strerror or error) from error


def packaged(folder: Path) -> bool:
    """Whether ``folder`` was installed along with the program, so that the next update would undo every change.

    A checkout has its ``pyproject.toml`` beside the packages; an installation has not.
    """
    home = folder.resolve().parent
    return (home / "assistant" / "settings.py").is_file() and not (home / "pyproject.toml").is_file()
