from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from ingest_support import assert_sound, quotes

from assistant.domain import Document, SentenceKind
from ingest.pipeline import read_documents

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = (
    f'<w:styles {W}><w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="V1"><w:name w:val="toc 1"/></w:style></w:styles>'
)
ODT = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def package(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def docx(path: Path, body: str, **parts: str) -> Path:
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return package(path, {"word/document.xml": document, "word/styles.xml": STYLES, **parts})


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str) -> str:
    return f"<w:tc>{paragraph(text)}</w:tc>"


def read(path: Path) -> Document:
    result = read_documents(path)
    assert not result.failures, result.failures
    (document,) = result.documents
    assert_sound(document)
    return document


def reason(path: Path) -> str:
    result = read_documents(path)
    assert not result.documents
    return result.failures[0].reason


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(str(item.kind), item.span.of(document.text)) for item in document.sentences]


def test_docx_gives_headings_items_rows_and_notes(tmp_path: Path) -> None:
    footnotes = f'<w:footnotes {W}><w:footnote w:id="2">{paragraph("Eine Anmerkung.")}</w:footnote></w:footnotes>'
    body = (
        paragraph("Zweck", '<w:pStyle w:val="H1"/>')
        + paragraph("Zweck 3", '<w:pStyle w:val="V1"/>')
        + '<w:p><w:r><w:t xml:space="preserve">Der Text </w:t></w:r><w:del><w:r><w:t>alt</w:t></w:r></w:del>'
        '<w:r><w:t>gilt.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        + paragraph("ein Punkt", "<w:numPr/>")
        + f"<w:tbl><w:tr>{cell('Programm')}{cell('Satz')}</w:tr><w:tr>{cell('Zentren')}{cell('66 %')}</w:tr></w:tbl>"
    )

    document = read(docx(tmp_path / "a.docx", body, **{"word/footnotes.xml": footnotes}))
    assert kinds(document) == [
        ("heading", "Zweck"),
        ("prose", "Der Text gilt."),
        ("note", "Eine Anmerkung."),
        ("item", "ein Punkt"),
        ("row", "Programm: Zentren; Satz: 66 %"),
    ]
    assert document.title == "Zweck"


def test_odt_gives_headings_items_rows_and_notes(tmp_path: Path) -> None:
    content = (
        f"<office:document-content {ODT}><office:body><office:text>"
        '<text:h text:outline-level="1">Zweck</text:h>'
        "<text:p>Der<text:s/>Text<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>Eine Anmerkung.</text:p></text:note-body></text:note> gilt.</text:p>"
        "<text:list><text:list-item><text:p>ein Punkt</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>A</text:p></table:table-cell></table:table-row>"
        "<table:table-row><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
        "</office:text></office:body></office:document-content>"
    )

    assert kinds(read(package(tmp_path / "a.odt", {"content.xml": content}))) == [
        ("heading", "Zweck"),
        ("prose", "Der Text gilt."),
        ("note", "Eine Anmerkung."),
        ("item", "ein Punkt"),
        ("row", "A: b"),
    ]


def test_html_gives_the_main_content_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><head><title>Wohngeld | Stadt</title><style>p{}</style></head><body><nav><a>Start</a></nav>"
        "<main><h1>Wohngeld</h1><p>Wohngeld ist ein <b>Zuschuss</b> zur Miete.<br>Er wird beantragt.</p>"
        "<script>alert('nein')</script><ul><li>Antrag</li><li>Mietvertrag</li></ul><p style='display: none'>Geheim</p>"
        "<table><tr><th>Stufe</th><th>Betrag</th></tr><tr><td>I</td><td>347 €</td></tr></table>"
        "<div>Loser Text<p>und ein Absatz.</p></div></main><footer>Impressum</footer></body></html>",
        encoding="utf-8",
    )

    document = read(path)
    assert document.title == "Wohngeld | Stadt"
    assert kinds(document) == [
        ("heading", "Wohngeld"),
        ("prose", "Wohngeld ist ein Zuschuss zur Miete."),
        ("prose", "Er wird beantragt."),
        ("item", "Antrag"),
        ("item", "Mietvertrag"),
        ("row", "Stufe: I; Betrag: 347 €"),
        ("prose", "Loser Text"),
        ("prose", "und ein Absatz."),
    ]


def test_a_declared_faq_page_gives_faqs(tmp_path: Path) -> None:
    path = tmp_path / "faq.html"
    path.write_text(
        '<html><body><script type="application/ld+json">{"@type": "FAQPage", "mainEntity": [{"@type": "Question", '
        '"name": "Was kostet das?", "acceptedAnswer": {"@type": "Answer", "text": "<p>Nichts. Gar nichts.</p>"}}]}'
        "</script><p>Anderes</p></body></html>",
        encoding="utf-8",
    )
    document = read(path)

    assert document.kind == "faq"
    assert [(faq.question, faq.answer.of(document.text)) for faq in document.faqs] == [
        ("Was kostet das?", "Nichts. Gar nichts.")
    ]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_csv_with_questions_and_answers_gives_faqs(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "faq.csv"
    lines = (
        ("Frage", "Antwort", "Stand", "Andere Formulierungen"),
        ("Was kostet das?", "Nichts.", "2024", "Preis | Kosten"),
    )
    path.write_text("\n".join(separator.join(line) for line in lines), encoding="cp1252")
    (faq,) = read(path).faqs

    assert (faq.id, faq.stand, faq.wordings) == ("was-kostet-das", "2024", ("Preis", "Kosten"))


def test_an_xlsx_gives_faqs_or_rows(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Programm", "Satz"])
    sheet.append(["Zentren", 66.0])
    book.save(tmp_path / "a.xlsx")

    document = read(tmp_path / "a.xlsx")
    assert quotes(document) == ["Programm: Zentren; Satz: 66"]
    assert document.sentences[0].kind is SentenceKind.ROW


def test_rtf_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1\ansi Die Gr\'f6\'dfe der Gemeinde.\par Ein zweiter Absatz.\par}")

    assert quotes(read(path)) == ["Die Größe der Gemeinde.", "Ein zweiter Absatz."]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = package(tmp_path / "a.docx", {"word/document.xml": b"\0" * 250_000_000})

    assert path.stat().st_size < 1_000_000
    assert "ausgepackt zu groß" in reason(path)


@pytest.mark.parametrize("suffix", ["docx", "odt", "xlsx"])
def test_entities_are_refused(tmp_path: Path, suffix: str) -> None:
    secret = tmp_path / "geheim"
    secret.write_text("GEHEIM", encoding="utf-8")
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    for number, entity in enumerate((f'<!ENTITY x SYSTEM "file://{secret}">', f'<!ENTITY a0 "x">{laughs}')):
        xml = f'<?xml version="1.0"?><!DOCTYPE d [{entity}]><d>&x;&a9;</d>'
        names = ("word/document.xml", "content.xml", "[Content_Types].xml")
        path = package(tmp_path / f"{number}.{suffix}", dict.fromkeys(names, xml))
        assert "keine gültige" in reason(path)


def test_names_that_leave_the_package_write_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    package(folder / "a.docx", {"../../boese.txt": "x", "word/document.xml": f"<w:document {W}/>"})

    assert "keinen Text" in reason(folder / "a.docx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.xlsx", "a.rtf", "a.csv"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04kaputt", bytes(range(256)) * 20])
def test_damaged_office_files_fail_with_a_reason(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)

    assert reason(path)


def test_an_encrypted_office_file_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)

    assert "verschlüsselt" in reason(path)


@pytest.mark.parametrize(
    ("core", "day"),
    [
        ("<dcterms:modified>2024-05-06T07:08:09Z</dcterms:modified>", "2024-05-06"),
        ("<dcterms:modified>gestern</dcterms:modified>", ""),
        ("<dcterms:modified>2024-05-06", ""),
    ],
)
def test_docx_says_when_it_was_changed_if_it_says_so_well(tmp_path: Path, core: str, day: str) -> None:
    properties = f'<p xmlns:dcterms="http://purl.org/dc/terms/">{core}</p>'

    assert read(docx(tmp_path / "a.docx", paragraph("Ein Satz."), **{"docProps/core.xml": properties})).dated == day
    assert read(docx(tmp_path / "b.docx", paragraph("Ein Satz."))).dated == ""


def test_odt_says_when_it_was_changed(tmp_path: Path) -> None:
    content = f"<c {ODT}><office:body><office:text><text:p>Ein Satz.</text:p></office:text></office:body></c>"
    meta = '<m xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:date>2023-01-02T03:04:05.6</dc:date></m>'

    assert read(package(tmp_path / "a.odt", {"content.xml": content, "meta.xml": meta})).dated == "2023-01-02"
