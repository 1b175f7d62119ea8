"""``corpus verify`` names what is wrong and touches nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from corpus_support import everything

from assistant.errors import CorpusError
from assistant.settings import SHIPPED_CORPUS
from ingest.corpus.verifying import Problem, verify

GOOD = "# Gut\n\nEin Satz.\n"
SHA = hashlib.sha256(GOOD.encode()).hexdigest()


def found(folder: Path) -> list[tuple[str, str]]:
    """Problem and id of every finding; checks that each message names its id and that nothing was touched."""
    before = everything(folder)
    findings = verify(folder).findings
    assert everything(folder) == before
    for finding in findings:
        assert finding.id in finding.message
    return [(finding.problem.value, finding.id) for finding in findings]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "gut.md").write_text(GOOD, encoding="utf-8")
    describe(tmp_path, f'[[document]]\nid = "gut"\nfile = "gut.md"\nsha256 = "{SHA.upper()}"\n')
    return tmp_path


def describe(folder: Path, text: str) -> None:
    with (folder / "manifest.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def test_a_folder_that_is_as_described_is_sound(corpus: Path) -> None:
    assert found(corpus) == []


def test_the_shipped_corpus_is_sound() -> None:
    verification = verify(SHIPPED_CORPUS)

    assert verification.findings == ()
    assert verification.entries > 10


def test_a_changed_file_is_named(corpus: Path) -> None:
    (corpus / "gut.md").write_text(GOOD + "\n", encoding="utf-8")

    assert found(corpus) == [("checksum", "gut")]


def test_a_missing_file_is_named(corpus: Path) -> None:
    (corpus / "gut.md").unlink()

    assert found(corpus) == [("missing", "gut")]


def test_an_id_given_twice_is_named(corpus: Path) -> None:
    (corpus / "zwei.md").write_text("# Zwei\n", encoding="utf-8")
    describe(corpus, '[[document]]\nid = "gut"\nfile = "zwei.md"\n')

    assert found(corpus) == [("duplicate_id", "gut")]
    assert "gut.md, zwei.md" in verify(corpus).findings[0].message


def test_an_id_that_is_another_files_name_is_named(corpus: Path) -> None:
    (corpus / "frei.md").write_text("# Frei\n", encoding="utf-8")
    (corpus / "zwei.md").write_text("# Zwei\n", encoding="utf-8")
    describe(corpus, '[[document]]\nid = "frei.md"\nfile = "zwei.md"\n')

    assert found(corpus) == [("duplicate_id", "frei.md"), ("undescribed", "frei.md")]


@pytest.mark.parametrize(
    "entry",
    [
        'id = "tot"\ntitle = "Ohne Datei"\n',
        'id = "tot"\nfile = "gut.md"\n',
        'id = "tot"\nfile = "bild.png"\n',
        'id = "tot"\nfile = "fremd.md"\n',
        'id = "tot"\nfile = "daten.csv"\n\n[corpus]\nignore = ["*.csv"]\n',
    ],
)
def test_an_entry_that_gives_no_document_is_dead(
    entry: str, corpus: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("fremd") / "fremd.md"
    outside.write_text("# Fremd\n", encoding="utf-8")
    (corpus / "fremd.md").symlink_to(outside)
    (corpus / "bild.png").write_bytes(b"\x89PNG")
    (corpus / "daten.csv").write_text("a;b\n", encoding="utf-8")
    if ".csv" not in entry:
        (corpus / "daten.csv").unlink()
    describe(corpus, f"[[document]]\n{entry}")

    assert found(corpus) == [("dead", "tot")]


def test_a_file_without_entry_is_named_unless_it_describes_itself(corpus: Path) -> None:
    (corpus / "nackt.md").write_text("# Nackt\n", encoding="utf-8")
    (corpus / "documents.jsonl").write_text('{"id": "x", "text": "Ein Satz."}\n', encoding="utf-8")

    assert found(corpus) == [("undescribed", "nackt.md")]


def test_everything_wrong_at_once_is_named(corpus: Path) -> None:
    (corpus / "gut.md").write_text("anders", encoding="utf-8")
    (corpus / "nackt.md").write_text("# Nackt\n", encoding="utf-8")
    describe(corpus, '[[document]]\nid = "weg"\nfile = "weg.md"\n[[document]]\nid = "weg"\n')

    assert {problem for problem, _ in found(corpus)} == {problem.value for problem in Problem}


def test_an_unreadable_manifest_is_an_error(corpus: Path) -> None:
    describe(corpus, "[[document]\n")

    with pytest.raises(CorpusError, match=r"manifest\.toml ist nicht lesbar"):
        verify(corpus)
