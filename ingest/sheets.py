"""CSV and XLSX: FAQs, where a column asks and a column answers, else rows that keep their headers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from assistant.domain import Document, Faq, SentenceKind
from assistant.texts import texts
from ingest.blocks import Block, join
from ingest.documents import Facts, from_blocks, from_pieces
from ingest.failures import Unreadable
from ingest.faq import KIND, slug, unique
from ingest.packages import open_package
from ingest.rows import row_text
from ingest.text_files import read_text

MOST_ROWS = 100_000


def read_csv(path: Path, id: str) -> Document:
    """A CSV file, its columns parted by semicolon, comma or tab.

    Raises:
        Unreadable: if it is no text file, or holds no rows below a header.
    """
    text = read_text(path)
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:20_000], delimiters=";,\t")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), dialect))
    except csv.Error as error:
        raise Unreadable("damaged", reason=error) from error
    return _document(path, id, rows)


def read_xlsx(path: Path, id: str) -> Document:
    """The first sheet of an XLSX file that has rows; values as last calculated, no macros, no links.

    Raises:
        Unreadable: if it is no XLSX, encrypted, too large, or holds no rows below a header.
    """
    with open_package(path) as package:
        # Only the limits: openpyxl opens the file itself.
        package.xml("[Content_Types].xml")
    # Heavy, and for spreadsheets alone.
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (ValueError, KeyError, OSError, TypeError) as error:
        raise Unreadable("no_office", suffix="XLSX", reason=error) from error
    try:
        for sheet in book.worksheets:
            rows = [[_shown(value) for value in row] for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS)]
            if sum(any(row) for row in rows) > 1:
                return _document(path, id, rows)
    finally:
        book.close()
    raise Unreadable("empty")


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _document(path: Path, id: str, rows: Sequence[Sequence[str]]) -> Document:
    filled = [[" ".join(cell.split()) for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if len(filled) < 2:
        raise Unreadable("empty")
    columns = _columns(filled[0])
    if "question" in columns and "answer" in columns:
        return _faq(path, id, columns, filled[1:])
    blocks = [Block(kind=SentenceKind.ROW, text=text) for row in filled[1:] if (text := row_text(filled[0], row))]
    return from_blocks(id, blocks, Facts(title=path.stem, kind="table"))


def _columns(header: Sequence[str]) -> Mapping[str, int]:
    """The numbers of the columns that mean something to a FAQ."""
    known: Mapping[str, Sequence[str]] = texts("ingest")["sheet"]
    found = {}
    for name, labels in known.items():
        number = next((number for number, cell in enumerate(header) if cell.strip().lower() in labels), None)
        if number is not None:
            found[name] = number
    return found


def _faq(path: Path, id: str, columns: Mapping[str, int], rows: Iterable[Sequence[str]]) -> Document:
    entries = [{name: row[number] if number < len(row) else "" for name, number in columns.items()} for row in rows]
    answered = [entry for entry in entries if entry["question"] and entry["answer"]]
    if not answered:
        raise Unreadable("empty")
    text, pieces = join(
        [
            Block(kind=kind, text=entry[name], level=1 if kind is SentenceKind.HEADING else 0)
            for entry in answered
            for name, kind in (("question", SentenceKind.HEADING), ("answer", SentenceKind.PROSE))
        ]
    )
    names = unique([entry.get("id") or slug(entry["question"]) for entry in answered])
    faqs = [
        Faq(
            id=name,
            question=entry["question"],
            wordings=tuple(part.strip() for part in entry.get("wordings", "").split("|") if part.strip()),
            answer=piece.span,
            stand=entry.get("stand", ""),
            source=entry.get("source", ""),
        )
        for name, entry, piece in zip(names, answered, pieces[1::2], strict=True)
    ]
    return from_pieces(id, text, pieces, Facts(title=path.stem, kind=KIND), faqs)
