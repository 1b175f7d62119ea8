"""Files that have not changed are taken from the build that serves, and come out as if they had been read."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from ingest_support import WordHashes, typeset

from assistant.domain import Document
from assistant.library import Library
from assistant.record import current_build
from ingest.pipeline import ingest, read_documents
from ingest.report import FileReport, FileStatus, IngestReport


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    typeset(
        folder / "satzung.pdf", "= Satzung\n\nDie Satzung gilt. Sie tritt morgen in Kraft.\n\n#pagebreak()\nSeite 2."
    )
    (folder / "faq.md").write_text("---\nkind: faq\n---\n\n## Was kostet das?\n\nEs kostet nichts.\n", encoding="utf-8")
    (folder / "viele.jsonl").write_text('{"id": "x", "text": "Ein Satz."}\n{"id": "y", "text": "Zwei."}\n')
    return folder


def run(corpus: Path, **options: bool) -> IngestReport:
    return ingest([corpus], folder=corpus.parent / "index", open_embedder=WordHashes, **options)


def stored(corpus: Path) -> list[Document]:
    build = current_build(corpus.parent / "index")
    assert build is not None
    library = Library.open(build / "library.sqlite")
    try:
        return [library.document(summary.id) for summary in library.summaries()]
    finally:
        library.close()


def test_an_unchanged_file_is_not_read_again(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(corpus)
    monkeypatch.setattr("ingest.pdf.SECONDS", 0)  # no PDF can be read in no time
    (corpus / "neu.md").write_text("Seit heute.", encoding="utf-8")
    second = run(corpus)

    assert not second.failed
    assert second.documents == first.documents + 1
    assert [without_time(file) for file in second.files if file.file != "neu.md"] == list(
        map(without_time, first.files)
    )


def without_time(file: FileReport) -> FileReport:
    return replace(file, seconds=0)


def test_what_is_taken_is_what_reading_gives(corpus: Path) -> None:
    run(corpus)
    (corpus / "neu.md").write_text("Seit heute.", encoding="utf-8")
    run(corpus)

    assert stored(corpus) == sorted(read_documents(corpus).documents, key=lambda document: document.id)


@pytest.mark.parametrize("change", ["content", "manifest", "rebuild", "chunker"])
def test_a_file_is_read_again_when_it_could_come_out_otherwise(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    run(corpus)
    match change:
        case "content":
            typeset(corpus / "satzung.pdf", "Die Satzung gilt nicht mehr.")
        case "manifest":
            (corpus / "manifest.toml").write_text('[[document]]\nfile = "satzung.pdf"\ntitle = "Neu"\n')
        case "chunker":
            monkeypatch.setattr("ingest.pipeline.CHUNKER", "next")
    monkeypatch.setattr("ingest.pdf.SECONDS", 0)
    report = run(corpus, rebuild=change == "rebuild")

    assert [file.file for file in report.failed] == ["satzung.pdf"]


def test_a_failure_is_tried_again(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("ingest.pdf.SECONDS", 0)
        assert run(corpus).failed
    (corpus / "neu.md").write_text("Seit heute.", encoding="utf-8")

    assert not run(corpus).failed


def test_a_moved_corpus_names_its_files_where_they_are_now(corpus: Path, tmp_path: Path) -> None:
    run(corpus)
    moved = shutil.move(corpus, tmp_path / "woanders")
    run(moved)

    assert {document.file for document in stored(moved)} == {"", str(moved / "satzung.pdf"), str(moved / "faq.md")}


def test_a_damaged_build_costs_nothing_but_time(corpus: Path, caplog: pytest.LogCaptureFixture) -> None:
    run(corpus)
    build = current_build(corpus.parent / "index")
    assert build is not None
    (build / "library.sqlite").write_bytes(b"kaputt" * 1000)
    (corpus / "neu.md").write_text("Seit heute.", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        report = run(corpus)

    assert (report.documents, report.failed) == (5, ())
    assert "read again" in caplog.text


def test_a_file_with_a_bad_line_is_read_again(corpus: Path) -> None:
    (corpus / "viele.jsonl").write_text('{"id": "x", "text": "Ein Satz."}\n{kaputt\n')
    run(corpus)
    (corpus / "neu.md").write_text("Seit heute.", encoding="utf-8")
    report = run(corpus)

    assert [file.status for file in report.files if file.file == "viele.jsonl"] == [FileStatus.READ, FileStatus.FAILED]
