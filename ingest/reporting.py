"""What became of a file, as entries of the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.domain import Document, SentenceKind
from ingest.discovery import Refused
from ingest.failures import Unreadable
from ingest.language import language
from ingest.reading import Batch
from ingest.report import FileReport, FileStatus, IngestReport


def file_reports(batch: Batch, passages: Sequence[int], fingerprint: str) -> Iterator[FileReport]:
    """One entry for what was read, one for each failure. ``passages`` counts those of each document."""
    name, documents = batch.source.name, batch.documents
    if documents:
        single = documents[0] if len(documents) == 1 else None
        yield FileReport(
            file=name,
            status=FileStatus.READ,
            document=single.id if single else "",
            kind=single.kind if single else "",
            documents=len(documents),
            pages=sum(len(document.pages) for document in documents),
            passages=sum(passages),
            sentences=sum(len(document.sentences) for document in documents),
            tables=sum(map(_tables, documents)),
            rows=sum(item.kind is SentenceKind.ROW for document in documents for item in document.sentences),
            without_text=_noted(documents, "needs_ocr", "no_text", "postponed"),
            searched=_noted(documents, "no_text"),
            unreadable=_noted(documents, "unreadable"),
            ocr=_noted(documents, "ocr"),
            gaps=_noted(documents, "gaps"),
            hidden=_noted(documents, "hidden"),
            damaged=_noted(documents, "damaged"),
            postponed=bool(_noted(documents, "postponed")),
            similar_to=batch.similar_to,
            language=language("\n".join(document.text for document in documents)),
            stand=single.stand if single else "",
            dated=single.dated if single else "",
            fingerprint="" if batch.failures else fingerprint,
            seconds=batch.seconds,
        )
    if batch.duplicate_of:
        reason = str(Unreadable("duplicate", file=batch.duplicate_of))
        yield FileReport(
            file=name,
            status=FileStatus.DUPLICATE,
            reason=reason,
            duplicate_of=batch.duplicate_of,
            seconds=batch.seconds,
        )
    for failure in batch.failures:
        yield FileReport(
            file=name,
            status=FileStatus.FAILED,
            reason=failure.reason,
            line=failure.line,
            postponed=failure.postponed,
        )


def refused_report(item: Refused) -> FileReport:
    """The entry of a file that was not read at all."""
    status = FileStatus.FAILED if item.failed else FileStatus.SKIPPED
    return FileReport(file=item.name, status=status, reason=item.reason)


def whole_report(files: Sequence[FileReport], seconds: float, *, ocr_available: bool) -> IngestReport:
    """All entries with their sums."""
    return IngestReport(
        documents=sum(file.documents for file in files),
        pages=sum(file.pages for file in files),
        passages=sum(file.passages for file in files),
        sentences=sum(file.sentences for file in files),
        seconds=seconds,
        unchanged=False,
        files=tuple(files),
        ocr_available=ocr_available,
    )


def _tables(document: Document) -> int:
    """How many tables there are: rows without anything else between them."""
    return sum(is_row for is_row, _ in groupby(item.kind is SentenceKind.ROW for item in document.sentences))


def _noted(documents: Sequence[Document], *notes: str) -> tuple[int, ...]:
    return tuple(page.number for document in documents for page in document.pages if page.note in notes)
