"""Adding files to a corpus folder: what is taken, what is refused, and that a refusal leaves no trace."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
import zipfile
from pathlib import Path

import pytest
from corpus_support import LIMITS, PAGE, TEXT, added, everything
from ingest_support import handmade, line

from assistant.errors import BusyError, CorpusError
from ingest.corpus.errors import CorpusRefusal
from ingest.corpus.folder import changing
from ingest.corpus.limits import Limits
from ingest.manifest import Entry, read_manifest
from ingest.pipeline import read_documents

MANIFEST = """# Kopf der Datei

[corpus]
title = "Eigene Dokumente"  # nur für uns
ignore = ["entwurf/**", "*.csv"]

# Der Leitfaden
[[document]]
id = "leitfaden"
file = "leitfaden.md"   # Datei
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "manifest.toml").write_text(MANIFEST, encoding="utf-8")
    (folder / "leitfaden.md").write_text("# Leitfaden\n\nEin Konzept hat ein Leitbild.\n", encoding="utf-8")
    return folder


@pytest.fixture
def satzung(tmp_path: Path) -> Path:
    path = tmp_path / "Satzung über Gebühren.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_file_is_copied_described_and_read(corpus: Path, satzung: Path) -> None:
    entry = added(satzung, corpus, stand="2025-01-01", url="https://www.example.org/satzung")

    assert entry == Entry(
        id="satzung-ueber-gebuehren",
        file="satzung-ueber-gebuehren.md",
        title="Satzung",
        kind="document",
        stand="2025-01-01",
        url="https://www.example.org/satzung",
        sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
        retrieved="2026-03-01",
    )
    assert read_manifest(corpus).listed[1] == entry
    read = {document.id: document for document in read_documents(corpus).documents}
    assert read[entry.id].title == "Satzung"
    assert read[entry.id].url == "https://www.example.org/satzung"
    assert satzung.exists()


def test_what_stood_in_the_manifest_stands_there_still(corpus: Path, satzung: Path) -> None:
    added(satzung, corpus)

    assert (corpus / "manifest.toml").read_text(encoding="utf-8").startswith(MANIFEST + "\n[[document]]\n")


def test_the_title_is_that_of_the_pdf_unless_one_is_given(corpus: Path, tmp_path: Path) -> None:
    pdf = handmade(tmp_path / "a.pdf", line("Die Beratung ist kostenlos und offen fuer alle Gemeinden.", size=11))

    assert added(pdf, corpus).title == "a"
    assert (
        added(handmade(tmp_path / "b.pdf", line("Anderer Text.")), corpus, title="  Mein\n Titel ").title
        == "Mein Titel"
    )


def test_a_new_folder_is_made_with_a_manifest(tmp_path: Path, satzung: Path) -> None:
    added(satzung, tmp_path / "neu" / "corpus", id="satzung/2025")

    entry = read_manifest(tmp_path / "neu" / "corpus").listed[0]
    assert (entry.id, entry.file) == ("satzung/2025", "satzung-2025.md")


def test_windows_line_ends_are_kept(corpus: Path, satzung: Path) -> None:
    (corpus / "manifest.toml").write_bytes(MANIFEST.replace("\n", "\r\n").encode())

    added(satzung, corpus)

    text = (corpus / "manifest.toml").read_bytes()
    assert text.count(b"\n") == text.count(b"\r\n") > 10


def test_a_file_of_the_folder_is_described_where_it_lies(corpus: Path) -> None:
    (corpus / "recht").mkdir()
    (corpus / "recht" / "baugb.txt").write_text("§ 1 Aufgabe\n\nDie Bauleitplanung ordnet.\n", encoding="utf-8")

    entry = added(corpus / "recht" / "baugb.txt", corpus, title="Baugesetzbuch")

    assert (entry.id, entry.file, entry.title) == ("recht/baugb.txt", "recht/baugb.txt", "Baugesetzbuch")
    assert entry.retrieved == ""
    with pytest.raises(CorpusRefusal, match="ist schon beschrieben"):
        added(corpus / "recht" / "baugb.txt", corpus, id="anders")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("leitfaden.pdf", PAGE.encode(), "leitfaden.pdf endet auf „.pdf“, ist aber eine HTML-Seite"),
        ("leitfaden.pdf", b"\xef\xbb\xbf <!-- x --><HTML><!-- %PDF-1.7 -->", "ist aber eine HTML-Seite"),
        ("a.pdf", b"MZ\x90\x00\x03", "ist aber eine unbekannte Bin"),
        ("a.docx", b"%PDF-1.7\n", "ist aber eine PDF-Datei"),
        ("a.docx", b"PK\x03\x04kaputt", "ist aber ein ZIP-Archiv"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "verschlüsseltes oder älteres Office"),
        ("a.md", PAGE.encode(), "ist aber eine HTML-Seite"),
        ("a.html", b"nur ein Satz", "ist aber eine Textdatei"),
        ("a.txt", b"\x7fELF\x00\x00", "ist aber eine unbekannte Bin"),
        ("a.md", b" \n", "a.md ist leer"),
        ("a.exe", b"MZ", "a.exe hat kein unterstütztes Format"),
        ("ohne", b"Text", "ohne hat kein unterstütztes Format"),
        ("a.pdf", b"%PDF-1.7\nsonst nichts", "a.pdf kann nicht eingelesen werden: beschädigt"),
        ("groß.txt", b"x" * 1_000_001, "größer als 1 MB. Die Grenze setzt die Einstellung „document_limit“"),
        ("a.csv", b"Frage;Antwort\nWas?;Das.\n", "Das Manifest übergeht solche Dateien"),
        ("leitfaden.md", b"# Anders\n\nText.\n", "„leitfaden“ ist schon vergeben"),
        ("kopie.md", b"# Leitfaden\n\nEin Konzept hat ein Leitbild.\n", "liegt schon im Korpus: leitfaden.md"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_document_is_refused_and_nothing_changes(
    name: str, content: bytes, message: str, corpus: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    before = everything(corpus)

    with pytest.raises(CorpusRefusal) as refused:
        added(tmp_path / name, corpus)

    assert message in str(refused.value)
    assert everything(corpus) == before
    assert not (corpus / ".adding").exists()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"id": " rand"}, "Kennung ist nicht möglich"),
        ({"id": "a\x1b[2J"}, "Kennung ist nicht möglich"),
        ({"id": "kaputt\udc80"}, "Kennung ist nicht möglich"),
        ({"id": "x" * 201}, "höchstens 200"),
        ({"kind": "Leit Faden"}, "Diese Art ist nicht möglich"),
        ({"stand": "März 2024"}, "Stand ist kein Datum"),
        ({"stand": "2024-02-31"}, "Stand ist kein Datum"),
        ({"url": "javascript:alert(1)"}, "Adressen mit „javascript:“"),
        ({"url": "https://ich:geheim@example.org/"}, "enthält Zugangsdaten"),
        ({"id": "leitfaden"}, "schon vergeben (leitfaden.md)"),
    ],
)
def test_what_is_said_of_a_document_must_be_possible(
    said: dict[str, str], message: str, corpus: Path, satzung: Path
) -> None:
    before = everything(corpus)

    with pytest.raises(CorpusRefusal) as refused:
        added(satzung, corpus, **said)

    assert message in str(refused.value)
    assert "geheim" not in str(refused.value)
    assert everything(corpus) == before


def test_an_id_never_leads_out_of_the_folder(corpus: Path, satzung: Path) -> None:
    entry = added(satzung, corpus, id="../../§ 1", title='Zu „"]]\\" Ende')

    assert entry.file == "1.md"
    assert (corpus / "1.md").exists()
    assert read_manifest(corpus).listed[1] == entry


def test_office_files_are_known_by_their_parts(corpus: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("content.xml", "<x/>")

    with pytest.raises(CorpusRefusal, match="ist aber ein OpenDocument-Text"):
        added(tmp_path / "a.docx", corpus)


def test_a_missing_file_and_a_folder_are_refused(corpus: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "fehlt.pdf", tmp_path):
        with pytest.raises(CorpusError, match="gibt es nicht"):
            added(path, corpus)


def test_a_device_without_end_is_no_file(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("/dev/zero")

    with pytest.raises(CorpusError, match="gibt es nicht"):
        added(tmp_path / "a.txt", corpus)


def test_a_corpus_that_was_installed_along_is_left_alone(tmp_path: Path, satzung: Path) -> None:
    shipped = tmp_path / "site-packages" / "corpus"
    shutil.copytree(Path(__file__).parents[1] / "assistant", shipped.parent / "assistant")
    shipped.mkdir()

    with pytest.raises(CorpusRefusal, match="FUNDSTELLE_CORPUS=mein-korpus"):
        added(satzung, shipped)

    assert everything(shipped) == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_named(tmp_path: Path, satzung: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir(mode=0o555)

    with pytest.raises(CorpusRefusal, match="FUNDSTELLE_CORPUS"):
        added(satzung, folder)


def test_a_corpus_that_is_a_file_is_refused(tmp_path: Path, satzung: Path) -> None:
    with pytest.raises(CorpusRefusal, match="ist kein Ordner"):
        added(satzung, satzung)


def test_only_one_process_changes_the_folder(corpus: Path, satzung: Path) -> None:
    entered, left = threading.Event(), threading.Event()

    def hold() -> None:
        with changing(corpus):
            entered.set()
            left.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait()
    try:
        with pytest.raises(BusyError, match="ändert gerade den Korpus"):
            added(satzung, corpus)
    finally:
        left.set()
        holder.join()


def test_what_a_killed_add_left_does_not_matter(corpus: Path, satzung: Path) -> None:
    (corpus / ".adding").mkdir()
    (corpus / ".adding" / satzung.name).write_text("halb", encoding="utf-8")

    assert added(satzung, corpus).title == "Satzung"
    assert not (corpus / ".adding").exists()


@pytest.mark.parametrize("manifest", ["document = []\n", 'document = [{file = "leitfaden.md"}]\n'])
def test_a_manifest_written_another_way_is_not_touched(manifest: str, corpus: Path, satzung: Path) -> None:
    (corpus / "manifest.toml").write_text(manifest, encoding="utf-8")
    before = everything(corpus)

    with pytest.raises(CorpusRefusal, match="von Hand"):
        added(satzung, corpus)

    assert everything(corpus) == before


def test_limits_are_those_of_the_caller(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ein Satz. " * 150_000, encoding="utf-8")

    with pytest.raises(CorpusRefusal):
        added(tmp_path / "a.txt", corpus, limits=LIMITS)
    assert added(tmp_path / "a.txt", corpus, limits=Limits(megabytes=2, seconds=1)).id == "a"
