from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from assistant.domain import Document
from ingest.markdown import read_markdown
from ingest.passages import LONGEST, cut

LONG = " ".join(f"Die Gemeinde {number} prüft in jedem Jahr den Stand ihrer Vorhaben." for number in range(60))


def document(folder: Path, text: str) -> Document:
    path = folder / "text.md"
    path.write_text(text, encoding="utf-8")
    return read_markdown(path, "text.md")


def texts(read: Document) -> list[str]:
    return [passage.span.of(read.text) for passage in cut(read)]


def test_a_passage_holds_one_section_and_begins_with_its_heading(tmp_path: Path) -> None:
    read = document(tmp_path, "# Kosten\n\nNichts.\n\n## Fahrt\n\nAuch die Fahrt ist frei.\n\n# Ort\n\nLeipzig.\n")

    assert texts(read) == ["Kosten\nNichts.", "Fahrt\nAuch die Fahrt ist frei.", "Ort\nLeipzig."]
    assert [passage.headings for passage in cut(read)] == [("Kosten",), ("Kosten", "Fahrt"), ("Ort",)]


def test_headings_without_text_open_the_first_subsection(tmp_path: Path) -> None:
    read = document(tmp_path, "# Teil\n\n## Kapitel\n\n### Abschnitt\n\nDer Text.\n\n# Leer\n\n# Ende\n\nSchluss.\n")

    assert texts(read) == ["Teil\nKapitel\nAbschnitt\nDer Text.", "Leer", "Ende\nSchluss."]


def test_a_long_section_is_cut_between_sentences_that_overlap_by_one(tmp_path: Path) -> None:
    read = document(tmp_path, f"# Lang\n\n{LONG}\n")
    passages = cut(read)

    assert len(passages) > 2
    for passage, after in pairwise(passages):
        assert 100 <= len(passage.span.of(read.text).split()) <= LONGEST
        shared = read.text[after.span.start : passage.span.end]
        assert shared in {sentence.span.of(read.text) for sentence in read.sentences}


def test_unchanged_sections_keep_their_ids(tmp_path: Path) -> None:
    before = cut(document(tmp_path, f"# Eins\n\nErster Text.\n\n# Zwei\n\n{LONG}\n"))
    after = cut(document(tmp_path, f"# Eins\n\nErster Text, geändert.\n\n# Neu\n\nNeues.\n\n# Zwei\n\n{LONG}\n"))

    assert {passage.id for passage in before[1:]} <= {passage.id for passage in after}
    assert before[0].id not in {passage.id for passage in after}


def test_equal_sections_and_equal_documents_have_different_ids(tmp_path: Path) -> None:
    read = document(tmp_path, "# Ja\n\nDas gilt.\n\n# Ja\n\nDas gilt.\n")
    other = replace(read, id="anders.md")
    ids = [passage.id for passage in (*cut(read), *cut(other))]

    assert len(set(ids)) == len(ids) == 4
