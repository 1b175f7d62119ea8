"""From named sources to an index that holds exactly what they hold."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from assistant.domain import Document, Passage, SentenceKind
from assistant.embedding import Embedder
from assistant.errors import CorpusError, IndexDamagedError
from assistant.record import BuildRecord, current_build, read_record
from ingest.discovery import Found, Refused, Source, digest, discover
from ingest.failures import Unreadable
from ingest.lock import locked
from ingest.passages import cut
from ingest.readers import Failure, read
from ingest.report import FileReport, FileStatus, IngestReport

CHUNKER = "3"
"""Version of reading and cutting; raised whenever the same file would give other sentences or passages."""

log = logging.getLogger(__name__)


class Progress(Protocol):
    """Told how far an ingest is: files in the stage ``read``, texts in the stage ``embed``."""

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """``done`` of ``total`` are behind us."""
        ...


def silent(stage: str, done: int, total: int, /) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """The documents of a file or folder, and what could not be read."""

    documents: tuple[Document, ...]
    failures: tuple[Failure, ...]


def read_documents(path: Path) -> ReadResult:
    """All documents under ``path``, a file or folder, without any index.

    Raises:
        CorpusError: if there is no such path, or its manifest cannot be read.
    """
    found = discover([path])
    failures = [Failure(file=item.name, reason=item.reason) for item in found.refused if item.failed]
    documents: list[Document] = []
    for batch in _read_all(found.sources, silent):
        documents.extend(batch.documents)
        failures.extend(batch.failures)
    return ReadResult(documents=tuple(documents), failures=tuple(failures))


def is_current(sources: Sequence[Path], folder: Path, *, model: str = "") -> bool:
    """Whether the index in ``folder`` was built from exactly what ``sources`` hold now. Reads and hashes files only.

    ``model`` is the name of the embedding model that is wanted; empty means any.
    """
    record = _record(folder)
    return record is not None and _matches(record, sources, digest(discover(sources)), model)


def ingest(
    sources: Sequence[Path],
    *,
    folder: Path,
    open_embedder: Callable[[], Embedder],
    model: str = "",
    rebuild: bool = False,
    progress: Progress = silent,
) -> IngestReport:
    """Let the index in ``folder`` hold what ``sources`` hold, and nothing else. Does nothing if it already does.

    The old index serves until the new one is complete, and stays if anything goes wrong.

    Raises:
        BusyError: if another ingest works on this index.
        CorpusError: if a source is missing, nothing could be read, or ``folder`` cannot be written.
    """
    started = time.monotonic()
    with locked(folder):
        found = discover(sources)
        corpus = digest(found)
        record = None if rebuild else _record(folder)
        if record and _matches(record, sources, corpus, model):
            report = IngestReport.from_json(record.report)
            return replace(report, unchanged=True, seconds=_since(started))
        return _build(sources, folder, found, corpus, open_embedder, progress, started)


def _build(
    sources: Sequence[Path],
    folder: Path,
    found: Found,
    corpus: str,
    open_embedder: Callable[[], Embedder],
    progress: Progress,
    started: float,
) -> IngestReport:
    # Brings chromadb (3 s): only where something is built.
    from assistant.index_writer import IndexWriter

    with IndexWriter.begin(folder, open_embedder()) as writer:
        files = [_refused(item) for item in found.refused]
        for batch in _read_all(found.sources, progress):
            counts = [_add(writer.add, document) for document in batch.documents]
            files.extend(_reports(batch, counts))
        report = _report(files, started)
        if not report.documents:
            raise CorpusError("nothing_to_ingest", paths=", ".join(map(str, sources)))
        writer.commit(
            chunker=CHUNKER,
            corpus_digest=corpus,
            sources=_absolute(sources),
            report=report.to_json(),
            progress=lambda done, total: progress("embed", done, total),
        )
    return replace(report, seconds=_since(started))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """What one file gave."""

    source: Source
    documents: Sequence[Document]
    failures: Sequence[Failure]
    duplicate_of: str = ""
    seconds: float = 0.0


def _read_all(sources: Sequence[Source], progress: Progress) -> Iterator[_Batch]:
    """Read file after file; the content of an earlier file and ids that are taken are left out."""
    owners: dict[str, str] = {}
    contents: dict[str, str] = {}
    for number, source in enumerate(sources, start=1):
        started = time.monotonic()
        results = list(read(source))
        failures = [item for item in results if isinstance(item, Failure)]
        documents: list[Document] = []
        duplicate_of = ""
        for document in (item for item in results if isinstance(item, Document)):
            content = hashlib.sha256(document.text.encode()).hexdigest() if document.file else ""
            if content and content in contents:
                duplicate_of = contents[content]
            elif document.id in owners:
                reason = Unreadable("id_taken", id=document.id, file=owners[document.id])
                failures.append(Failure(file=source.name, reason=str(reason)))
            else:
                owners[document.id] = contents[content or document.id] = source.name
                documents.append(document)
        for failure in failures:
            log.warning("%s: %s", failure.file, failure.reason)
        seconds = _since(started)
        yield _Batch(source=source, documents=documents, failures=failures, duplicate_of=duplicate_of, seconds=seconds)
        progress("read", number, len(sources))


def _add(add: Callable[[Document, Sequence[Passage]], None], document: Document) -> int:
    """Hand ``document`` to the index; how many passages it has."""
    passages = cut(document)
    add(document, passages)
    return len(passages)


def _reports(batch: _Batch, passages: Sequence[int]) -> Iterator[FileReport]:
    """One entry for what was read, one for each failure."""
    name, documents = batch.source.name, batch.documents
    if documents:
        single = documents[0] if len(documents) == 1 else None
        yield FileReport(
            file=name,
            status=FileStatus.READ,
            document=single.id if single else "",
            kind=single.kind if single else "",
            stand=single.stand if single else "",
            documents=len(documents),
            pages=sum(len(document.pages) for document in documents),
            passages=sum(passages),
            sentences=sum(len(document.sentences) for document in documents),
            rows=sum(item.kind is SentenceKind.ROW for document in documents for item in document.sentences),
            without_text=_noted(documents, "needs_ocr"),
            unreadable=_noted(documents, "unreadable"),
            seconds=batch.seconds,
        )
    if batch.duplicate_of:
        reason = str(Unreadable("duplicate", file=batch.duplicate_of))
        yield FileReport(file=name, status=FileStatus.DUPLICATE, reason=reason, seconds=batch.seconds)
    for failure in batch.failures:
        yield FileReport(file=name, status=FileStatus.FAILED, reason=failure.reason, line=failure.line)


def _noted(documents: Sequence[Document], note: str) -> tuple[int, ...]:
    return tuple(page.number for document in documents for page in document.pages if page.note == note)


def _refused(item: Refused) -> FileReport:
    status = FileStatus.FAILED if item.failed else FileStatus.SKIPPED
    return FileReport(file=item.name, status=status, reason=item.reason)


def _report(files: Sequence[FileReport], started: float) -> IngestReport:
    return IngestReport(
        documents=sum(file.documents for file in files),
        pages=sum(file.pages for file in files),
        passages=sum(file.passages for file in files),
        sentences=sum(file.sentences for file in files),
        seconds=_since(started),
        unchanged=False,
        files=tuple(files),
    )


def _record(folder: Path) -> BuildRecord | None:
    """The record of the build that serves; None when there is none or it is damaged, so that a new one is built."""
    build = current_build(folder)
    if build is None:
        return None
    try:
        return read_record(build)
    except IndexDamagedError:
        log.warning("the index in %s is damaged and will be built anew", folder)
        return None


def _matches(record: BuildRecord, sources: Sequence[Path], corpus: str, model: str) -> bool:
    return (
        record.chunker == CHUNKER
        and record.corpus_digest == corpus
        and record.sources == _absolute(sources)
        and (not model or record.model == model)
    )


def _absolute(sources: Sequence[Path]) -> tuple[str, ...]:
    return tuple(str(source.resolve()) for source in sources)


def _since(started: float) -> float:
    """Seconds, to the millisecond."""
    return round(time.monotonic() - started, 3)
