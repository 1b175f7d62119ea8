from __future__ import annotations

import json
from pathlib import Path

import pytest
from ingest_support import assert_sound, quotes

from assistant.domain import Document, SentenceKind
from ingest.failures import Unreadable
from ingest.pipeline import read_documents
from ingest.report import IngestReport


def read(path: Path, text: str | bytes) -> Document:
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    result = read_documents(path)
    assert not result.failures
    (document,) = result.documents
    assert_sound(document)
    return document


def failure(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    result = read_documents(path)
    assert not result.documents
    return result.failures[0].reason


def test_markdown_becomes_plain_text_with_sections(tmp_path: Path) -> None:
    document = read(
        tmp_path / "a.md",
        "---\ntitle: Der Leitfaden\nkind: guideline\nstand: 2024-03\nurl: https://example.org\n---\n\n# Kosten\n\n"
        "Das ist **fett** und ein [Link](https://x.de).[^1] Hier\ngeht es weiter.\n\n- ein Punkt\n- noch einer\n\n"
        "1. zuerst\n2. dann\n\n[^1]: Eine Fußnote.\n\n"
        "| Programm | Satz |\n|---|---|\n| Zentren | 66 % |\n| Quartier | |\n",
    )

    assert (document.title, document.kind, document.stand) == ("Der Leitfaden", "guideline", "2024-03")
    assert [(sentence.kind, sentence.span.of(document.text)) for sentence in document.sentences] == [
        (SentenceKind.HEADING, "Kosten"),
        (SentenceKind.PROSE, "Das ist fett und ein Link."),
        (SentenceKind.PROSE, "Hier geht es weiter."),
        (SentenceKind.NOTE, "Eine Fußnote."),
        (SentenceKind.ITEM, "ein Punkt"),
        (SentenceKind.ITEM, "noch einer"),
        (SentenceKind.ITEM, "1. zuerst"),
        (SentenceKind.ITEM, "2. dann"),
        (SentenceKind.ROW, "Programm: Zentren; Satz: 66 %"),
        (SentenceKind.ROW, "Programm: Quartier"),
    ]


def test_pandoc_attributes_and_boxes_leave_no_trace(tmp_path: Path) -> None:
    document = read(
        tmp_path / "a.md",
        '# Ziele {#ziele facts="F1 F2"}\n\n::: {.box title="Merke"}\nDas gilt.\n:::\n\n'
        "| A | B |\n|---|---|\n| c | d |\n\n"
        ": Die Tabelle {#tbl-x}\n",
    )

    assert document.text == "Ziele\nDas gilt.\nA: c; B: d\nDie Tabelle"


FAQ = """---
title: Beratung
kind: faq
stand: 2025-04-29
---

## Was kostet die Beratung? {#kosten facts="F1.07"}

Andere Formulierungen:

- Beratung Kosten
- Müssen wir zahlen?

Die Beratung ist kostenlos. Sie erfolgt vor Ort:

- in der Gemeinde
- im Landratsamt

Quellen: Handelsverband, <https://example.org>

Stand: 2024-03

## Wer berät uns?

Die Fachstelle.
"""


def test_a_faq_keeps_wordings_sources_and_date_out_of_the_answer(tmp_path: Path) -> None:
    document = read(tmp_path / "faq.md", FAQ)
    first, second = document.faqs

    assert document.kind == "faq"
    assert document.text == (
        "Was kostet die Beratung?\nDie Beratung ist kostenlos. Sie erfolgt vor Ort:\nin der Gemeinde\nim Landratsamt\n"
        "Wer berät uns?\nDie Fachstelle."
    )
    assert (first.id, first.wordings) == ("kosten", ("Beratung Kosten", "Müssen wir zahlen?"))
    assert (first.source, first.stand) == ("Handelsverband, https://example.org", "2024-03")
    assert first.answer.of(document.text).startswith("Die Beratung ist")
    assert first.answer.of(document.text).endswith("im Landratsamt")
    assert (second.id, second.answer.of(document.text)) == ("wer-beraet-uns", "Die Fachstelle.")


def test_foreign_faq_markdown_is_understood(tmp_path: Path) -> None:
    document = read(
        tmp_path / "x.md", "# Häufige Fragen\n\n### Wie geht das?\nSo.\n\n### Und wann?\nBald. Sehr bald.\n"
    )

    assert [faq.question for faq in document.faqs] == ["Wie geht das?", "Und wann?"]
    assert document.kind == "faq"


def test_a_guideline_with_a_question_among_its_headings_is_no_faq(tmp_path: Path) -> None:
    document = read(tmp_path / "x.md", "# Ziele\n\nText.\n\n# Was ist das?\n\nText.\n\n# Kosten\n\nText.\n")

    assert (document.kind, document.faqs) == ("document", ())


def test_plain_text_stays_as_it_is_and_wrapped_lines_read_on(tmp_path: Path) -> None:
    text = (
        "§ 1 Zweck\n\nDie Stadt fördert Vereine, die sich für das Zusammenleben in den\nOrtsteilen einsetzen, "
        "mit einem jährlichen Zuschuss aus dem Haushalt\nder Stadt. Mehr nicht.\n\n- Vereine\n- Initiativen\n"
    )
    document = read(tmp_path / "satzung.txt", text)

    assert document.text == text
    assert [(item.kind, item.span.of(text)) for item in document.sentences][:1] == [(SentenceKind.HEADING, "§ 1 Zweck")]
    assert document.sections[0].path == ("§ 1 Zweck",)
    assert [item.kind for item in document.sentences][-2:] == [SentenceKind.ITEM, SentenceKind.ITEM]


def test_hard_wrapped_paragraphs_give_whole_sentences(tmp_path: Path) -> None:
    text = (
        "Die Gemeinde stellt ein Konzept auf, das die Ziele der nächsten Jahre\n"
        "beschreibt und mit den Bürgerinnen und Bürgern beraten wird. Danach\n"
        "beschließt der Gemeinderat.\n"
    )

    assert quotes(read(tmp_path / "a.txt", text)) == [
        text[: text.index(" Danach")],
        "Danach\nbeschließt der Gemeinderat.",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_common_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    assert "Größe" in read(tmp_path / "a.txt", "Die Größe der Gemeinde.".encode(encoding)).text


def test_what_is_no_text_fails_with_a_reason(tmp_path: Path) -> None:
    assert "keine lesbare Textdatei" in failure(tmp_path / "a.txt", b"MZ\x00\x01\x02\x90\x00")
    assert "keinen Text" in failure(tmp_path / "b.md", b"  \n")


def test_jsonl_keeps_ids_and_text_and_names_bad_lines(tmp_path: Path) -> None:
    text = "  Eine Zeile.\nNoch eine  Zeile\r\nund mehr.\n"
    lines = [
        json.dumps({"id": "ä/1 #2", "title": "T", "text": text, "url": "https://x", "stand": "2024", "kind": "gesetz"}),
        "{kaputt",
        json.dumps({"id": "b", "text": "  "}),
        json.dumps({"id": "c", "text": 5}),
        json.dumps(["kein", "Objekt"]),
        "",
        '{"id": "d", "text": "\\ud800"}',
        json.dumps({"id": "ä/1 #2", "text": "Doppelt."}),
    ]
    path = tmp_path / "documents.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    result = read_documents(path)

    (document,) = result.documents
    assert (document.id, document.text, document.kind) == ("ä/1 #2", text, "gesetz")
    assert_sound(document)
    assert [item.line for item in result.failures] == [2, 3, 4, 5, 7, None]


def test_lines_that_are_sentences_stay_whole_in_jsonl(tmp_path: Path) -> None:
    text = "Mittelschule\nDie Schule geht von der 5. bis zur 9. oder 10.\nKlasse.\nnach der 9. Klasse: ja\nUnd dann?"
    path = tmp_path / "d.jsonl"
    path.write_text(json.dumps({"id": "a", "text": text}), encoding="utf-8")

    assert quotes(read_documents(path).documents[0]) == text.split("\n")


def test_a_report_survives_json() -> None:
    report = IngestReport(documents=1, pages=0, passages=2, sentences=3, seconds=0.5, unchanged=False, files=())

    assert IngestReport.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_failures_are_german_sentences_for_people() -> None:
    assert str(Unreadable("encrypted")) == "verschlüsselt: ohne Kennwort nicht lesbar"
