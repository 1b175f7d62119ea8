"""From named sources to an index that holds exactly what they hold."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.domain import Document, Passage
from assistant.embedding import Embedder
from assistant.errors import CorpusError, IndexDamagedError
from assistant.record import FORMAT, BuildRecord, current_build, read_record, remove_other_builds
from ingest import recognised
from ingest.discovery import Found, digest, discover, fingerprint, sha256
from ingest.lock import locked
from ingest.ocr import is_available
from ingest.passages import cut
from ingest.readers import Failure, read
from ingest.reading import Progress, read_all, silent
from ingest.report import IngestReport
from ingest.reporting import file_reports, refused_report, whole_report
from ingest.reuse import reader

CHUNKER = "6"
"""Version of reading and cutting; raised whenever the same file would give other sentences or passages."""

log = logging.getLogger(__name__)


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
    for batch in read_all(found.sources, read, silent):
        documents.extend(batch.documents)
        failures.extend(batch.failures)
    return ReadResult(documents=tuple(documents), failures=tuple(failures))


def is_current(sources: Sequence[Path], folder: Path, *, model: Embedder | None = None) -> bool:
    """Whether the index in ``folder`` was built from exactly what ``sources`` hold now, and with ``model`` if given.

    Reads and hashes files only.
    """
    record = _record(folder)
    return record is not None and _matches(record, _State.of(sources), model)


def ingest(
    sources: Sequence[Path],
    *,
    folder: Path,
    open_embedder: Callable[[], Embedder],
    model: Embedder | None = None,
    rebuild: bool = False,
    progress: Progress = silent,
) -> IngestReport:
    """Let the index in ``folder`` hold what ``sources`` hold, and nothing else. Does nothing if it already does.

    The old index serves until the new one is complete, and stays if anything goes wrong. ``model`` is the embedding
    model that is wanted, if it is open: an index of another model, or of other weights, is then renewed. ``rebuild``
    reads everything again.

    Raises:
        BusyError: if another ingest works on this index.
        CorpusError: if a source is missing, nothing could be read, or ``folder`` cannot be written.
    """
    started = time.monotonic()
    with locked(folder):
        state = _State.of(sources)
        record = None if rebuild else _record(folder)
        build = current_build(folder)
        if build and record and _matches(record, state, model):
            # Whoever switched to it may have been killed before the old one was gone.
            remove_other_builds(folder, build)
            report = IngestReport.from_json(record.report)
            return replace(report, unchanged=True, seconds=_since(started))
        report = _build(state, folder, record, open_embedder, progress, started)
        return replace(report, seconds=_since(started))


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What the sources hold now. ``paths`` are absolute; ``fingerprints`` are in the order of ``found.sources``."""

    paths: tuple[str, ...]
    found: Found
    fingerprints: tuple[str, ...]
    digest: str

    @classmethod
    def of(cls, sources: Sequence[Path]) -> _State:
        found = discover(sources)
        fingerprints = tuple(fingerprint(source) for source in found.sources)
        paths = tuple(str(source.resolve()) for source in sources)
        return cls(paths=paths, found=found, fingerprints=fingerprints, digest=digest(found, fingerprints))


def _build(
    state: _State,
    folder: Path,
    record: BuildRecord | None,
    open_embedder: Callable[[], Embedder],
    progress: Progress,
    started: float,
) -> IngestReport:
    # Brings chromadb (3 s): only where something is built.
    from assistant.index_writer import IndexWriter

    fingerprints = dict(zip(state.found.sources, state.fingerprints, strict=True))
    with (
        IndexWriter.begin(folder, open_embedder()) as writer,
        reader(*_earlier(folder, record), fingerprints, folder / recognised.NAME) as read_or_take,
    ):
        files = [refused_report(item) for item in state.found.refused]
        postponed: set[str] = set()
        for batch in read_all(state.found.sources, read_or_take, progress):
            counts = [_add(writer.add, document) for document in batch.documents]
            reports = list(file_reports(batch, counts, fingerprints[batch.source]))
            files.extend(reports)
            if any(file.postponed for file in reports):
                postponed.add(sha256(batch.source.path))
        report = whole_report(files, _since(started), ocr_available=is_available())
        if not report.documents:
            raise CorpusError("nothing_to_ingest", paths=", ".join(state.paths))
        writer.commit(
            chunker=CHUNKER,
            corpus_digest=state.digest,
            sources=state.paths,
            report=report.to_json(),
            progress=lambda done, total: progress("embed", done, total),
            synonyms=state.found.synonyms,
            known=state.found.known,
        )
        recognised.keep_only(folder / recognised.NAME, postponed)
    return report


def _earlier(folder: Path, record: BuildRecord | None) -> tuple[Path | None, IngestReport | None]:
    """The build that serves, with its report, if its documents are what reading would give today."""
    if record is None or (record.format, record.chunker) != (FORMAT, CHUNKER):
        return None, None
    return current_build(folder), IngestReport.from_json(record.report)


def _add(add: Callable[[Document, Sequence[Passage]], None], document: Document) -> int:
    """Hand ``document`` to the index; how many passages it has."""
    passages = cut(document)
    add(document, passages)
    return len(passages)


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


def _matches(record: BuildRecord, state: _State, model: Embedder | None) -> bool:
    built = (record.format, record.chunker, record.corpus_digest, record.sources)
    same_model = model is None or (record.model, record.model_sha256) == (model.name, model.sha256)
    same = same_model and built == (FORMAT, CHUNKER, state.digest, state.paths)
    return same and not _ocr_would_help(IngestReport.from_json(record.report))


def _ocr_would_help(report: IngestReport) -> bool:
    """Whether pages could be recognised now that could not be, or that time ran out for, when the index was built."""
    waiting = (file.postponed or (file.needs_ocr and not report.ocr_available) for file in report.files)
    return any(waiting) and is_available()


def _since(started: float) -> float:
    """Seconds, to the millisecond."""
    return round(time.monotonic() - started, 3)
