"""Removing documents, and what stays: comments, other people's files, changed files."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from corpus_support import TEXT, added, everything

from assistant.errors import CorpusError
from ingest.corpus.editing import with_entry, without_entry
from ingest.corpus.errors import CorpusRefusal
from ingest.corpus.removing import FileFate, remove
from ingest.manifest import Entry

MANIFEST = """# Kopf

[corpus]
title = "X"   # Titel

# Der Leitfaden
[[document]]
id = "a"
file = "a.md"  # Datei

# Die FAQ
[[document]] # zwei
id = "b"
file = "b.md"

# Ende
"""
TRICKY = 'title = """\n[[document]]\n"""\n\n'


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with one document that was there (``alt``) and one that was added (``neu``)."""
    folder, new = tmp_path / "corpus", tmp_path / "neu.md"
    folder.mkdir()
    (folder / "alt.md").write_text("# Alt\n\nSteht schon lange hier.\n", encoding="utf-8")
    (folder / "manifest.toml").write_text('[[document]]\nid = "alt"\nfile = "alt.md"\n', encoding="utf-8")
    new.write_text(TEXT, encoding="utf-8")
    added(new, folder)
    return folder


def test_adding_and_removing_leaves_the_manifest_as_it_was(corpus: Path) -> None:
    removed = remove("neu", corpus)

    assert removed.file is FileFate.DELETED
    assert set(everything(corpus)) == {"alt.md", "manifest.toml"}
    assert (corpus / "manifest.toml").read_text().rstrip("\n") == '[[document]]\nid = "alt"\nfile = "alt.md"'


def test_a_file_that_was_not_added_stays(corpus: Path) -> None:
    assert remove("alt", corpus).file is FileFate.FOREIGN
    assert (corpus / "alt.md").exists()


def test_a_file_that_was_changed_stays(corpus: Path) -> None:
    (corpus / "neu.md").write_text(TEXT + "Und mehr.\n", encoding="utf-8")

    assert remove("neu", corpus).file is FileFate.CHANGED
    assert (corpus / "neu.md").exists()


def test_a_file_stays_if_asked(corpus: Path) -> None:
    assert remove("neu", corpus, keep_file=True).file is FileFate.KEPT
    assert (corpus / "neu.md").exists()


def test_an_entry_without_file_can_be_removed(corpus: Path) -> None:
    (corpus / "neu.md").unlink()

    assert remove("neu", corpus).file is FileFate.ABSENT


@pytest.mark.parametrize("file", ["../fremd.md", "link.md"])
def test_nothing_outside_the_folder_is_deleted(file: str, corpus: Path) -> None:
    foreign = corpus.parent / "fremd.md"
    foreign.write_bytes((corpus / "neu.md").read_bytes())
    (corpus / "link.md").symlink_to(foreign)
    manifest = corpus / "manifest.toml"
    manifest.write_text(manifest.read_text().replace("neu.md", file), encoding="utf-8")

    assert remove("neu", corpus).file is FileFate.FOREIGN
    assert foreign.exists()


@pytest.mark.parametrize(
    ("id", "message"), [("fehlt", "steht nicht im Manifest"), ("nackt.md", "hat keinen Eintrag"), ("alt", "mehrfach")]
)
def test_what_cannot_be_removed_is_said_and_nothing_changes(id: str, message: str, corpus: Path) -> None:
    (corpus / "nackt.md").write_text("# Nackt\n", encoding="utf-8")
    with (corpus / "manifest.toml").open("a") as file:
        file.write('\n[[document]]\nid = "alt"\nfile = "nichts.md"\n' if id == "alt" else "")
    before = everything(corpus)

    with pytest.raises(CorpusRefusal, match=message):
        remove(id, corpus)

    assert everything(corpus) == before


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="gibt es nicht"):
        remove("a", tmp_path / "fehlt")

    assert not (tmp_path / "fehlt").exists()


def test_comments_stay_when_an_entry_goes() -> None:
    assert without_entry(MANIFEST, 0) == MANIFEST.replace('[[document]]\nid = "a"\nfile = "a.md"  # Datei\n', "")
    assert without_entry(MANIFEST, 1) == MANIFEST.replace('[[document]] # zwei\nid = "b"\nfile = "b.md"\n', "")


def test_lines_that_only_look_like_an_entry_are_not_taken_for_one() -> None:
    with pytest.raises(CorpusRefusal, match="von Hand"):
        without_entry(TRICKY + MANIFEST, 0)


@pytest.mark.parametrize(
    "before", ["", "\n", "# nur ein Kommentar", MANIFEST, MANIFEST.rstrip(), '[corpus]\nignore = ["x"]']
)
def test_an_entry_that_came_last_goes_without_a_trace(before: str) -> None:
    entry = Entry(id='z"\\', file="z.md", title="Ä „z“\u2028")
    documents = tomllib.loads(before).get("document", [])

    text = with_entry(before, entry)

    assert text.startswith(before)
    assert tomllib.loads(text)["document"][-1] == {"id": entry.id, "file": "z.md", "title": entry.title}
    assert without_entry(text, len(documents)).rstrip("\n") == before.rstrip("\n")
