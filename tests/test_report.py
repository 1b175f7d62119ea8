"""What an ingest says about its files: in the terminal, as JSON, and later by ``doctor``."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fpdf import FPDF
from ingest_support import WordHashes

from ingest.pdf import read_pdf
from ingest.pipeline import ingest
from ingest.report import FileReport, FileStatus, IngestReport
from ui.cli import run
from ui.report import MOST_ROWS, age_in_words, table_text

TODAY = date(2026, 7, 15)
ENGLISH = "The council adopts the concept. It is then published and will be reviewed after five years."


@pytest.mark.parametrize(
    ("stand", "age"),
    [
        ("2024", "2 J."),
        ("2024-07", "2 J."),
        ("2024-08", "1 J."),
        ("2024-07-15", "2 J."),
        ("2024-07-16", "1 J."),
        ("2026-01-01", "< 1 J."),
        ("2027", "< 1 J."),
        ("März 2024", ""),
        ("", ""),
    ],
)
def test_the_age_is_counted_in_full_years(stand: str, age: str) -> None:
    assert age_in_words(stand, TODAY) == age


def test_a_long_table_is_cut_and_says_so() -> None:
    files = tuple(FileReport(file=f"{n}.md", status=FileStatus.READ) for n in range(MOST_ROWS + 5))
    report = IngestReport(documents=45, pages=0, passages=0, sentences=0, seconds=1, unchanged=False, files=files)
    shown = table_text(report, TODAY)

    assert f"{MOST_ROWS - 1}.md" in shown
    assert f"{MOST_ROWS}.md" not in shown
    assert "und 5 weitere Dateien" in shown


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    front = "---\ntitle: Satzung\nstand: 2024-03-01\n---\n\n"
    (folder / "satzung.md").write_text(f"{front}Die Satzung gilt für die Gemeinde und ist zu beachten.\n")
    (folder / "english.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "falsch.pdf").write_bytes(b"<html></html>")
    return folder


def test_every_file_has_its_language_and_date(corpus: Path, tmp_path: Path) -> None:
    report = ingest([corpus], folder=tmp_path / "index", open_embedder=WordHashes)
    read = {file.file: file for file in report.files if file.status is FileStatus.READ}

    assert {name: file.language for name, file in read.items()} == {"satzung.md": "de", "english.txt": "en"}
    assert read["satzung.md"].stand == "2024-03-01"
    assert IngestReport.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_a_pdf_says_when_it_was_made(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.set_creation_date(datetime(2021, 5, 4, tzinfo=UTC))
    pdf.add_page()
    pdf.set_font("helvetica")
    pdf.cell(text="Die Satzung gilt in der Gemeinde.")
    pdf.output(str(tmp_path / "a.pdf"))
    document = read_pdf(tmp_path / "a.pdf", "a")

    assert document.dated == "2021-05-04"
    assert document.stand == ""


def test_the_report_is_a_table_and_stays_with_the_index(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = str(tmp_path / "index")
    assert run(["ingest", str(corpus), "--index", index]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Datei Seiten Textstellen Sätze Tabellen Sprache Stand Alter s" in shown
    assert "satzung.md 1 1 de 01.03.2024" in shown
    assert "english.txt: offenbar auf Englisch" in shown

    assert run(["doctor", "--index", index]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Eingelesenes: Hinweis – 2 Dateien gelesen" in shown
    assert "falsch.pdf: keine PDF-Datei" in shown
    assert "english.txt: offenbar auf Englisch" in shown


def test_doctor_has_nothing_to_say_of_a_good_index(small_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--index", str(small_index)]) == 0

    assert "Eingelesenes: in Ordnung – 3 Dateien gelesen" in capsys.readouterr().out


def test_a_file_with_nearly_the_text_of_another_is_named(corpus: Path, tmp_path: Path) -> None:
    sentences = [f"Die Gemeinde fördert im Jahr {year} den Umbau von Gebäuden." for year in range(2001, 2011)]
    (corpus / "alt.txt").write_text(" ".join(sentences), encoding="utf-8")
    (corpus / "neu.txt").write_text(
        " ".join([*sentences[:9], "Neu ist dieser letzte Satz der Satzung."]), encoding="utf-8"
    )
    report = ingest([corpus], folder=tmp_path / "index", open_embedder=WordHashes)

    assert [file.similar_to for file in report.files if file.file == "neu.txt"] == ["alt.txt"]
