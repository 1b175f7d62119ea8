"""The guideline PDF is what its sources give, and it is a real document."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from scripts.build_corpus import build
from scripts.corpus.document import chapter, column_widths, legal_references, order
from scripts.corpus.facts import Fact, Source
from scripts.corpus.markdown import front_matter, read_faqs, read_sections

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
PDF = CORPUS / "leitfaden.pdf"

FACTS = {
    "F1.01": Fact(
        id="F1.01",
        chapter=1,
        confidence="hoch",
        values=(),
        source=Source(title="Amt #1", url="https://www.a.de/b//c", stand="01.03.2024"),
    )
}


@pytest.fixture(scope="module")
def reader() -> PdfReader:
    return PdfReader(PDF)


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return tomllib.loads((CORPUS / "manifest.toml").read_text(encoding="utf-8"))


def test_the_pdf_is_what_its_sources_give() -> None:
    assert build() == PDF.read_bytes(), "run python -m scripts.build_corpus"


def test_the_pdf_is_small_tagged_and_accessible(reader: PdfReader) -> None:
    root: Any = reader.trailer["/Root"]
    assert PDF.stat().st_size < 5_000_000
    assert root["/Lang"] == "de-DE"
    assert root["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert "kein amtliches Dokument" in (reader.metadata.title or "")


def test_front_matter_has_roman_labels_and_the_body_starts_at_1(reader: PdfReader) -> None:
    labels = reader.page_labels
    front = labels.index("1")
    assert labels[:front] == ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][:front]
    assert labels[front:] == [str(number) for number in range(1, len(labels) - front + 1)]


def test_every_page_carries_the_label_of_the_edition(reader: PdfReader) -> None:
    for number, page in enumerate(reader.pages, start=1):
        assert "Praxisausgabe – kein amtliches Dokument" in page.extract_text(), f"page {number}"


def test_every_numbered_heading_is_in_the_outline(reader: PdfReader) -> None:
    def titles(entries: list[Any]) -> list[str]:
        return [title for entry in entries for title in (titles(entry) if isinstance(entry, list) else [entry.title])]

    outline = " ".join(titles(reader.outline)).replace("\u00a0", " ")
    for section in read_sections(CORPUS / "guideline"):
        if section.file[:2] not in ("00", "90"):
            assert " ".join(section.title.split()) in outline


def test_the_manifest_names_every_document(manifest: dict[str, Any]) -> None:
    documents = {document["file"]: document for document in manifest["document"]}
    files = sorted(f"faq/{path.name}" for path in (CORPUS / "faq").glob("*.md"))
    assert sorted(documents) == [*files, "leitfaden.pdf"]
    for file in files:
        head = front_matter((CORPUS / file).read_text(encoding="utf-8"))
        entry = documents[file]
        assert (entry["id"], entry["kind"]) == (file.removesuffix(".md"), "faq")
        assert (entry["title"], entry["stand"]) == (head["title"], head["stand"]), file
    settings = tomllib.loads((CORPUS / "guideline" / "guideline.toml").read_text(encoding="utf-8"))
    guideline = documents["leitfaden.pdf"]
    assert (guideline["title"], guideline["stand"]) == (settings["title"], str(settings["stand"]))
    assert {document["notice"] for document in documents.values()} == {settings["label"]}


def test_official_documents_say_why_an_operator_should_add_them() -> None:
    for document in tomllib.loads((CORPUS / "official.toml").read_text(encoding="utf-8"))["document"]:
        assert set(document) == {"title", "publisher", "year", "address", "rights", "why"}
        assert all(document[key] for key in ("title", "publisher", "year", "rights", "why"))


def test_there_are_enough_faqs_tables_and_figures() -> None:
    chapters = "".join(path.read_text(encoding="utf-8") for path in (CORPUS / "guideline").glob("*.md"))
    assert len(read_faqs(CORPUS / "faq")) >= 150
    assert chapters.count("{#tbl-") >= 10
    assert chapters.count("{#fig-") >= 5


def test_a_section_is_followed_by_its_sources() -> None:
    typst = chapter('# A {#a}\n\n## B {#b facts="F1.01"}\n\nText.\n\n## C {#c}\n\nMehr.\n', FACTS)
    note = r'#quellen([Amt \#1, 01.03.2024, #link("https://www.a.de/b//c")[a.de\/b\/\/c]])'
    assert typst.index("Text.") < typst.index(note) < typst.index("== C")


def test_boxes_figures_and_tables_are_set_by_the_template() -> None:
    typst = chapter(
        '# A {#a}\n\n::: {.box title="Merke"}\nText\n:::\n\n![Bild](figures/x.svg){#fig-x alt="Ein „Bild“"}\n\n'
        "| A | B |\n|---|---|\n| kurz | ein langer Text mit vielen Wörtern |\n\n: Titel {#tbl-x}\n",
        {},
    )
    assert '#kasten("Merke")[' in typst
    assert '#figure(image("figures/x.svg", width: 100%, alt: "Ein „Bild“"), caption: [Bild]) <fig-x>' in typst
    assert "<tbl-x>" in typst


def test_lines_do_not_break_within_references_and_quantities() -> None:
    typst = chapter("Nach § 1 Abs. 6 am 1. März gelten 10 %.\n", {})
    assert "§~1 Abs.~6 am 1.~März gelten 10~%" in typst.replace("\u00a0", "~")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nach § 1 Abs. 6 Nr. 11 BauGB gilt das.", ["§ 1 Abs. 6 Nr. 11 BauGB"]),
        ("Die §§ 27, 28 SächsGemO", ["§ 27 SächsGemO", "§ 28 SächsGemO"]),
        ("§ 171b BauGB verlangt es, siehe § 137.", ["§ 171b BauGB", "§ 137 BauGB"]),
        ("Art. 104b des Grundgesetzes", ["Art. 104b GG"]),
        ("§ 5 ohne Gesetz", []),
    ],
)
def test_legal_references_are_found(text: str, expected: list[str]) -> None:
    assert [place for _, place in legal_references(text)[0]] == expected


def test_legal_references_are_sorted_as_lawyers_expect() -> None:
    places = ["§ 171b", "§ 9 Abs. 2a", "§ 10", "§ 171", "§ 1 Abs. 6 Nr. 11", "§ 1 Abs. 6 Nr. 2", "§ 1"]
    assert sorted(places, key=order) == [
        "§ 1", "§ 1 Abs. 6 Nr. 2", "§ 1 Abs. 6 Nr. 11", "§ 9 Abs. 2a", "§ 10", "§ 171", "§ 171b",
    ]  # fmt: skip


def test_columns_share_the_line() -> None:
    widths = column_widths([["Jahr", "Ereignis"], ["2024", "ein sehr langer Text über viele Zeilen " * 3]])
    assert sum(widths) == pytest.approx(1, abs=0.001)
    assert widths[0] < widths[1]
