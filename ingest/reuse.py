"""Files that have not changed since the build that serves are taken from it instead of being read again."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from assistant.domain import Document
from assistant.errors import UnknownDocumentError
from assistant.library import Library
from ingest.discovery import Source
from ingest.readers import Failure, read
from ingest.report import IngestReport

log = logging.getLogger(__name__)


class Reader:
    """Reads sources, or takes their documents from an earlier build.

    Only files that hold one document each and were read without fault: a failure may have been the machine's. The
    folder ``kept`` keeps what is recognised of scans until all of a file is.
    """

    def __init__(
        self, library: Library | None, ids: Mapping[str, str], fingerprints: Mapping[Source, str], kept: Path
    ) -> None:
        self._library = library
        self._ids = ids
        self._fingerprints = fingerprints
        self._kept = kept

    def __call__(self, source: Source) -> Iterator[Document | Failure]:
        """The documents in a file, and what could not be read."""
        fingerprint = self._fingerprints[source]
        known = self._known(self._ids.get(fingerprint, "")) if fingerprint else None
        if known:
            yield replace(known, file=str(source.path.resolve())) if known.file else known
        else:
            yield from read(source, self._kept)

    def _known(self, id: str) -> Document | None:
        if not id or self._library is None:
            return None
        try:
            return self._library.document(id)
        except (UnknownDocumentError, sqlite3.Error, ValueError, KeyError, TypeError) as error:
            log.warning("%s is read again, as the index does not give it: %s", id, error)
            return None


@contextmanager
def reader(
    build: Path | None, report: IngestReport | None, fingerprints: Mapping[Source, str], kept: Path
) -> Iterator[Reader]:
    """A reader that knows what ``build`` holds; without one it reads everything. ``kept`` as in ``Reader``."""
    library = _opened(build / "library.sqlite") if build else None
    if library is None or report is None:
        yield Reader(None, {}, fingerprints, kept)
        return
    with closing(library):
        # What waits for OCR, or failed by it, may be readable now.
        done = [file for file in report.files if not (file.unsearched if report.ocr_available else file.needs_ocr)]
        yield Reader(library, {file.fingerprint: file.document for file in done}, fingerprints, kept)


def _opened(file: Path) -> Library | None:
    try:
        return Library.open(file)
    except sqlite3.Error as error:
        log.warning("all files are read again, as %s does not open: %s", file, error)
        return None
