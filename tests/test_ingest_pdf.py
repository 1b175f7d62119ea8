from __future__ import annotations

from pathlib import Path

import pytest
from ingest_support import assert_sound, quotes, typeset

from assistant.domain import SentenceKind
from ingest.failures import Unreadable
from ingest.pdf import read_pdf

TWO_PAGES = """
#set page(paper: "a5", header: [Satzung der Stadt Musterstadt], numbering: "1", margin: 2cm)
#set heading(numbering: "1.1")
= Zweck
Die Stadt fördert Vereine und Verbände der Kinder- und Jugendhilfe, die sich um Nachbarschaftshilfe kümmern.
== Umfang
#lorem(420) Dieser Satz steht ganz am Ende.
"""


def test_a_pdf_gives_sections_sentences_and_boxes(tmp_path: Path) -> None:
    document = read_pdf(typeset(tmp_path / "a.pdf", TWO_PAGES), "a")

    assert_sound(document)
    assert [section.path for section in document.sections] == [("1 Zweck",), ("1 Zweck", "1.1 Umfang")]
    assert len(document.pages) >= 2
    first = document.sentences[1]
    assert first.span.of(document.text) == (
        "Die Stadt fördert Vereine und Verbände der Kinder- und Jugendhilfe, die sich um Nachbarschaftshilfe kümmern."
    )
    boxes = first.boxes[1]
    assert len(boxes) >= 2
    page = document.pages[0]
    assert all(0 < box.x0 < box.x1 < page.width and 0 < box.y0 < box.y1 < page.height for box in boxes)


def test_running_heads_and_page_numbers_are_no_text(tmp_path: Path) -> None:
    document = read_pdf(typeset(tmp_path / "a.pdf", TWO_PAGES), "a")

    assert "Satzung der Stadt" not in document.text
    assert not any(quote.strip(".").isdigit() for quote in quotes(document))


def test_every_sentence_of_a_pdf_has_a_place(tmp_path: Path) -> None:
    document = read_pdf(typeset(tmp_path / "a.pdf", TWO_PAGES), "a")

    assert all(sentence.boxes for sentence in document.sentences)
    assert any(len(sentence.boxes) == 2 for sentence in document.sentences)
    assert document.sentences[0].kind is SentenceKind.HEADING


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "keinen Text"),
        (b"<!DOCTYPE html><html></html>", "keine PDF-Datei"),
        (b"MZ\x90\x00", "keine PDF-Datei"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<", "beschädigt"),
    ],
)
def test_what_is_no_pdf_fails_with_a_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(data)

    with pytest.raises(Unreadable, match=reason):
        read_pdf(path, "x")
