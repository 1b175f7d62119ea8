"""Documents, passages and sentences of one build, in a single SQLite file that is never changed once written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from assistant.domain import (
    Box,
    Document,
    DocumentSummary,
    Faq,
    Page,
    Passage,
    Section,
    Sentence,
    SentenceKind,
    Span,
)
from assistant.errors import UnknownDocumentError

_SCHEMA = """
CREATE TABLE documents (id TEXT PRIMARY KEY, title TEXT, kind TEXT, url TEXT, stand TEXT, notice TEXT, sha256 TEXT,
                        file TEXT, pages INTEGER, characters INTEGER, text TEXT, structure TEXT);
CREATE TABLE passages (row INTEGER PRIMARY KEY, id TEXT, document TEXT, start INTEGER, "end" INTEGER,
                       headings TEXT, pages TEXT);
CREATE TABLE sentences (row INTEGER PRIMARY KEY, start INTEGER, "end" INTEGER, question INTEGER, passages TEXT);
CREATE TABLE questions (row INTEGER PRIMARY KEY, question TEXT, sentences TEXT, alone INTEGER);
"""
_SUMMARY = "id, title, kind, url, stand, sha256, pages, characters"


class SearchedSentence(NamedTuple):
    """A text embedded beside the passages: a sentence at ``start``..``end`` of its document's text.

    For a FAQ, each way to ask it is such a text too: ``question`` is then true and the place is that of the answer.
    ``owners`` are the rows of the passages it belongs to.
    """

    start: int
    end: int
    question: bool
    owners: tuple[int, ...]


class PlacedQuestion(NamedTuple):
    """A known question with the rows of the searched sentences that answer it; none if nothing does.

    ``alone`` is false for a follow-up.
    """

    question: str
    sentences: tuple[int, ...]
    alone: bool = True


class Library:
    """Read access to a build's texts. Thread-safe; documents are parsed once and kept while they are in use."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._documents = lru_cache(maxsize=256)(self._read_document)

    @classmethod
    def open(cls, file: Path) -> Library:
        """Open what :func:`write_library` wrote."""
        return cls(sqlite3.connect(f"file:{file}?mode=ro", uri=True, check_same_thread=False))

    def document(self, id: str) -> Document:
        """The document ``id``.

        Raises:
            UnknownDocumentError: if there is none.
        """
        return self._documents(id)

    def summaries(self) -> list[DocumentSummary]:
        """All documents without their texts, by id."""
        rows = self._connection.execute(f"SELECT {_SUMMARY} FROM documents ORDER BY id").fetchall()
        names = _SUMMARY.split(", ")
        return [DocumentSummary(**dict(zip(names, row, strict=True))) for row in rows]

    def passages(self) -> list[Passage]:
        """All passages, in row order."""
        rows = self._connection.execute(
            'SELECT id, document, start, "end", headings, pages FROM passages ORDER BY row'
        ).fetchall()
        return [
            Passage(
                id=id,
                document=document,
                span=Span(start=start, end=end),
                headings=tuple(json.loads(headings)),
                pages=tuple(json.loads(pages)),
            )
            for id, document, start, end, headings, pages in rows
        ]

    def sentences(self) -> list[SearchedSentence]:
        """All searched sentences, in row order."""
        rows = self._connection.execute(
            'SELECT start, "end", question, passages FROM sentences ORDER BY row'
        ).fetchall()
        return [
            SearchedSentence(start, end, bool(question), tuple(json.loads(owners)))
            for start, end, question, owners in rows
        ]

    def questions(self) -> list[PlacedQuestion]:
        """All known questions, in row order."""
        found = self._connection.execute("SELECT question, sentences, alone FROM questions ORDER BY row").fetchall()
        return [PlacedQuestion(question, tuple(json.loads(rows)), bool(alone)) for question, rows, alone in found]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _read_document(self, id: str) -> Document:
        row = self._connection.execute(
            "SELECT title, kind, url, stand, notice, sha256, file, text, structure FROM documents WHERE id = ?", (id,)
        ).fetchone()
        if row is None:
            raise UnknownDocumentError("document_unknown", document=id)
        title, kind, url, stand, notice, sha256, file, text, structure = row
        return Document(
            id=id, title=title, kind=kind, url=url, stand=stand, notice=notice, sha256=sha256, file=file, text=text,
            **_parsed_structure(json.loads(structure)),
        )  # fmt: skip


def write_library(
    file: Path,
    documents: Iterable[Document],
    passages: Sequence[Passage],
    sentences: Sequence[SearchedSentence],
    questions: Sequence[PlacedQuestion] = (),
) -> None:
    """Write a build's texts; list positions become row numbers."""
    connection = sqlite3.connect(file)
    with connection:
        connection.executescript(_SCHEMA)
        connection.executemany(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_document_row, documents)
        )
        connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (row, p.id, p.document, p.span.start, p.span.end, json.dumps(p.headings), json.dumps(p.pages))
                for row, p in enumerate(passages)
            ),
        )
        connection.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?, ?, ?)",
            ((row, s.start, s.end, int(s.question), json.dumps(s.owners)) for row, s in enumerate(sentences)),
        )
        connection.executemany(
            "INSERT INTO questions VALUES (?, ?, ?, ?)",
            ((row, q.question, json.dumps(q.sentences), int(q.alone)) for row, q in enumerate(questions)),
        )
    connection.close()


def _document_row(d: Document) -> tuple[Any, ...]:
    structure = json.dumps(_structure(d), separators=(",", ":"), ensure_ascii=False)
    return (
        d.id, d.title, d.kind, d.url, d.stand, d.notice, d.sha256, d.file, len(d.pages), len(d.text), d.text, structure,
    )  # fmt: skip


def _structure(document: Document) -> dict[str, Any]:
    return {
        "dated": document.dated,
        "pages": [[p.number, p.label, p.span.start, p.span.end, p.width, p.height, p.note] for p in document.pages],
        "sections": [[s.path, s.span.start, s.span.end] for s in document.sections],
        "sentences": [
            [s.span.start, s.span.end, s.kind, {n: [[b.x0, b.y0, b.x1, b.y1] for b in bs] for n, bs in s.boxes.items()}]
            for s in document.sentences
        ],
        "faqs": [
            [f.id, f.question, f.wordings, f.answer.start, f.answer.end, f.stand, f.source] for f in document.faqs
        ],
    }


def _parsed_structure(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "dated": values["dated"],
        "pages": tuple(
            Page(number=number, label=label, span=Span(start=start, end=end), width=width, height=height, note=note)
            for number, label, start, end, width, height, note in values["pages"]
        ),
        "sections": tuple(
            Section(path=tuple(path), span=Span(start=start, end=end)) for path, start, end in values["sections"]
        ),
        "sentences": tuple(
            Sentence(span=Span(start=start, end=end), kind=SentenceKind(kind), boxes=_parsed_boxes(boxes))
            for start, end, kind, boxes in values["sentences"]
        ),
        "faqs": tuple(
            Faq(
                id=id, question=question, wordings=tuple(wordings), answer=Span(start=start, end=end),
                stand=stand, source=source,
            )
            for id, question, wordings, start, end, stand, source in values["faqs"]
        ),
    }  # fmt: skip


def _parsed_boxes(boxes: dict[str, list[list[float]]]) -> dict[int, tuple[Box, ...]]:
    return {
        int(number): tuple(Box(x0=x0, y0=y0, x1=x1, y1=y1) for x0, y0, x1, y1 in rectangles)
        for number, rectangles in boxes.items()
    }
