"""CSV and XLSX with columns ``question``, ``expected``, ``document``, ``page``, ``answerable`` (and ``id``, ``tags``).

The German headings ``Frage``, ``Erwartet``, ``Dokument``, ``Seite``, ``Beantwortbar``, ``Kennung`` and ``Schlagworte``
do as well.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import BadZipFile

from assistant.domain import Document, Page
from eval.cases import EvalCase, Fact, Place
from eval.errors import MissingExtraError, RunError
from eval.imports.imported import Imported, document_json, problem, trimmed

_HEADINGS = {
    "frage": "question", "erwartet": "expected", "dokument": "document", "seite": "page",
    "beantwortbar": "answerable", "kennung": "id", "schlagworte": "tags",
}  # fmt: skip
_YES = frozenset({"ja", "j", "yes", "y", "true", "wahr", "1", "x"})
_NO = frozenset({"nein", "n", "no", "false", "falsch", "0"})

_TOO_MANY = "…"
"""The key that tells of cells beyond the last heading."""

Row = Mapping[str, str]


class _Unfit(Exception):
    """A row that cannot become a case: the text of ``problems`` and its details."""

    def __init__(self, key: str, **details: str) -> None:
        super().__init__(key)
        self.key = key
        self.details = details


def read_table(path: Path, documents: Sequence[Document]) -> Imported:
    """The questions of a table about ``documents``.

    Words in ``expected`` that stand in the named document (on the named page) become the gold place. All of
    ``expected`` becomes a fact that the answer must state. Where the words are not found, the named page is the gold.

    Raises:
        RunError: if the table cannot be read or has no column ``question``.
    """
    cases: dict[str, EvalCase] = {}
    problems: list[str] = []
    for line, row in _rows(path):
        where = f"{path}:{line}"
        try:
            case = _case(row, line, documents)
        except _Unfit as unfit:
            problems.append(problem(where, unfit.key, **unfit.details))
            continue
        if case.id in cases:
            problems.append(problem(where, "duplicate_query", id=case.id))
            continue
        cases[case.id] = case
        if case.facts and not any(place.text == case.facts[0].text for place in case.gold):
            problems.append(problem(where, "words_not_found", text=case.facts[0].text))
    lines = [document_json(d.id, d.text, d.title, kind=d.kind, url=d.url, stand=d.stand) for d in documents]
    return Imported(documents=lines, cases=list(cases.values()), problems=problems)


def _case(row: Row, line: int, documents: Sequence[Document]) -> EvalCase:
    if _TOO_MANY in row:
        raise _Unfit("too_many_cells")
    if not row["question"]:
        raise _Unfit("blank_question", id=row.get("id") or str(line))
    expected = row.get("expected", "")
    case = EvalCase(
        id=row.get("id") or str(line),
        question=row["question"],
        answerable=_answerable(row),
        tags=tuple(tag.strip() for tag in row.get("tags", "").split(",") if tag.strip()),
    )
    if not case.answerable:
        return case
    named = _document(row, documents)
    page = _page(row, named)
    facts = (Fact(text=expected),) if expected else ()
    return replace(case, facts=facts, gold=_gold(expected, [named] if named else documents, page))


def _gold(expected: str, documents: Sequence[Document], page: Page | None) -> tuple[Place, ...]:
    """The one place where the words stand; else the page; else nothing."""
    found = [place for document in documents for place in [_locate(document, expected, page)] if place]
    if len(found) == 1:
        return (found[0],)
    whole = trimmed(documents[0].id, documents[0].text, page.span.start, page.span.end) if page else None
    return (whole,) if whole else ()


def _answerable(row: Row) -> bool:
    given = row.get("answerable", "").casefold()
    if given and given not in _YES | _NO:
        raise _Unfit("not_yes_no", name="answerable", value=row["answerable"])
    return given in _YES if given else bool(row.get("expected") or row.get("document"))


def _document(row: Row, documents: Sequence[Document]) -> Document | None:
    """The document that the row names by id, file name or title."""
    name = row.get("document", "")
    for document in documents:
        if name and name in (document.id, Path(document.id).name, Path(document.file).name, document.title):
            return document
    if name:
        raise _Unfit("document_missing", document=name)
    return None


def _page(row: Row, document: Document | None) -> Page | None:
    """The page that the row names: as printed on it, or counted from 1."""
    name = row.get("page", "")
    if not name or document is None:
        return None
    for page in document.pages:
        if page.label == name:
            return page
    for page in document.pages:
        if str(page.number) == name:
            return page
    raise _Unfit("page_missing", document=document.id, page=name)


def _locate(document: Document, words: str, page: Page | None) -> Place | None:
    """Where ``words`` stand first as whole words, whatever their blanks and case."""
    if not words:
        return None
    wanted = r"\s+".join(map(re.escape, words.split()))
    pattern = re.compile(rf"(?<!\w){wanted}(?!\w)", re.IGNORECASE)
    start, end = (page.span.start, page.span.end) if page else (0, len(document.text))
    found = pattern.search(document.text, start, end)
    return trimmed(document.id, document.text, *found.span()) if found else None


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """The rows that are not blank and the line each ends at (1-based, headings included); ``question`` may be empty."""
    table = _sheet(path) if path.suffix.casefold() == ".xlsx" else _csv(path)
    found = next(table, (0, []))[1]
    headings = [_HEADINGS.get(cell.casefold(), cell.casefold()) for cell in found]
    if "question" not in headings:
        raise RunError("column_missing", path=path, found=", ".join(filter(None, found)) or "–")
    for line, cells in table:
        if any(cells):
            beyond = {_TOO_MANY: "…"} if any(cells[len(headings) :]) else {}
            yield line, {"question": "", **dict(zip(headings, cells, strict=False)), **beyond}


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RunError("file_unreadable", file=path, reason=error) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # what German Excel writes
    heading = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=heading.count), strict=True)
    try:
        for row in reader:
            yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        reason = f"{path}:{reader.line_num}: {error}"
        raise RunError("import_invalid", path=path, format="csv", reason=reason) from error


def _sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError("openpyxl") from error
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))
    except (OSError, ValueError, KeyError, IndexError, TypeError, SyntaxError, BadZipFile) as error:
        # A SyntaxError is what XML that cannot be read ends in.
        raise RunError("import_invalid", path=path, format="xlsx", reason=error) from error
    yield from enumerate(([_written(cell) for cell in row] for row in rows), start=1)


def _written(cell: object) -> str:
    """A cell as a German reader would write it."""
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, float):
        return f"{cell:.15g}".replace(".", ",")
    return "" if cell is None else str(cell).strip()
