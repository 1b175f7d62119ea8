"""An ingest report as text for a terminal."""

from __future__ import annotations

import textwrap

from ingest.report import FileReport, FileStatus, IngestReport
from ui.german_typer import say
from ui.terminal import printable


def report_text(report: IngestReport, width: int) -> str:
    """Totals first, then every file with something to say about it."""
    head = say("ingest", "unchanged" if report.unchanged else "done", **_totals(report))
    remarks = [remark for file in report.files for remark in _remarks(file)]
    lines = [textwrap.fill(printable(remark), width, subsequent_indent="    ") for remark in remarks]
    if report.failed:
        lines.append(say("ingest", "failures", count=len(report.failed)))
    return "\n".join((head, *lines))


def _totals(report: IngestReport) -> dict[str, object]:
    return {
        "documents": report.documents,
        "pages": report.pages,
        "passages": report.passages,
        "sentences": report.sentences,
        "seconds": f"{report.seconds:.1f}".replace(".", ","),
    }


def _remarks(file: FileReport) -> list[str]:
    name = say("ingest", "line", file=file.file, line=file.line) if file.line else file.file
    if file.status is FileStatus.READ:
        remarks = []
        if file.without_text:
            remarks.append(say("ingest", "without_text", file=name, pages=_numbers(file.without_text)))
        if file.unreadable:
            remarks.append(say("ingest", "unreadable", file=name, pages=_numbers(file.unreadable)))
        return remarks
    return [say("ingest", file.status, file=name, reason=file.reason)]


def _numbers(pages: tuple[int, ...]) -> str:
    return ", ".join(map(str, pages))
