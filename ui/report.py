"""An ingest report as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date

from ingest.report import FileReport, FileStatus, IngestReport
from ui.german_typer import say
from ui.places import date_in_words
from ui.terminal import columns, printable

MOST_ROWS = 40
"""Files in the table; thousands would bury what is to be mended."""

COLUMNS = ("file", "pages", "passages", "sentences", "tables", "language", "stand", "age", "seconds")
OUR_LANGUAGE = "de"


def report_text(report: IngestReport, width: int, today: date) -> str:
    """Totals first, then a table of the files, then every file with something to say about it."""
    head = say("ingest", "unchanged" if report.unchanged else "done", **_totals(report))
    lines = [textwrap.fill(printable(remark), width, subsequent_indent="    ") for remark in remarks(report)]
    if report.failed:
        lines.append(say("ingest", "failures", count=len(report.failed)))
    table = () if report.unchanged else ("", table_text(report, today), "")
    return "\n".join((head, *table, *lines)).rstrip()


def table_text(report: IngestReport, today: date) -> str:
    """One line for each file that was read."""
    read = [file for file in report.files if file.status is FileStatus.READ]
    head = tuple(say("report", column) for column in COLUMNS)
    lines = [columns((head, *(_row(file, today) for file in read[:MOST_ROWS])))]
    if len(read) > MOST_ROWS:
        lines.append(say("report", "more", count=len(read) - MOST_ROWS))
    if any(file.dated and not file.stand for file in read[:MOST_ROWS]):
        lines.append(say("report", "dated"))
    return "\n".join(lines)


def remarks(report: IngestReport) -> list[str]:
    """What should be mended or at least known, file by file."""
    return [remark for file in report.files for remark in _remarks(file)]


def age_in_words(stand: str, today: date) -> str:
    """How long ago that date was, in full years; empty if it is none."""
    parts = [int(part) for part in stand.split("-") if part.isdigit()]
    if not parts or not stand.startswith(f"{parts[0]:04}"):
        return ""
    not_yet = tuple(parts[1:]) > (today.month, today.day)[: len(parts) - 1]
    years = today.year - parts[0] - not_yet
    return say("report", "years", years=years) if years > 0 else say("report", "fresh")


def _row(file: FileReport, today: date) -> Sequence[str]:
    day = date_in_words(file.stand or file.dated)
    return (
        file.file,
        str(file.pages or ""),
        str(file.passages),
        str(file.sentences),
        str(file.tables or ""),
        file.language or "?",
        day if file.stand else f"({day})" if day else "",
        age_in_words(file.stand or file.dated, today),
        _decimal(file.seconds),
    )


def _totals(report: IngestReport) -> dict[str, object]:
    return {
        "documents": report.documents,
        "pages": report.pages,
        "passages": report.passages,
        "sentences": report.sentences,
        "seconds": _decimal(report.seconds),
    }


def _remarks(file: FileReport) -> Iterator[str]:
    name = say("ingest", "line", file=file.file, line=file.line) if file.line else file.file
    if file.status is not FileStatus.READ:
        yield say("ingest", file.status, file=name, reason=file.reason)
        return
    for key, pages in (
        ("postponed" if file.postponed else "without_text", file.unsearched),
        ("searched", file.searched),
        ("unreadable", file.unreadable),
        ("ocr", file.ocr),
        ("gaps", file.gaps),
        ("hidden", file.hidden),
        ("damaged", file.damaged),
    ):
        if pages:
            yield say("ingest", key, file=name, pages=_numbers(pages))
    if file.similar_to:
        yield say("ingest", "similar", file=name, other=file.similar_to)
    if file.language not in ("", OUR_LANGUAGE):
        yield say("ingest", "foreign", file=name, language=say("language", file.language))


def _numbers(pages: tuple[int, ...]) -> str:
    return ", ".join(map(str, pages))


def _decimal(seconds: float) -> str:
    return f"{seconds:.1f}".replace(".", ",")
