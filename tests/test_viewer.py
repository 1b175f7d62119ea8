"""The page viewer and the original files, from a real server over a small PDF."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape

import httpx
import numpy as np
import pytest
from fpdf import FPDF
from PIL import Image
from ui_support import Server, running_server

from assistant.embedding import Embedder
from ingest.pdf_picture import MARK
from ingest.pipeline import ingest

CITED = "Der Rat beschliesst das Konzept im Dezember."
OTHER = "Der Ausschuss tagt im Keller des alten Rathauses."
LONG = "Dieser lange Satz steht an vielen Stellen der Satzung und sagt jedes Mal dasselbe über das Verfahren. " * 60
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def library(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over two PDFs of two pages, one in a folder, and a Markdown file with a hostile title."""
    folder = tmp_path_factory.mktemp("library")
    corpus = folder / "corpus"
    (corpus / "recht").mkdir(parents=True)
    pdf = FPDF(format="A4")
    pdf.set_font("Helvetica", size=12)
    for sentence in (CITED, OTHER):
        pdf.add_page()
        pdf.multi_cell(0, 8, f"Einleitung der Seite mit einem ganzen Satz. {sentence} Danach folgt noch ein Satz.")
    pdf.output(str(corpus / "recht" / "satzung.pdf"))
    broken = FPDF(format="A4")
    broken.set_font("Helvetica", size=12)
    broken.add_page()
    broken.multi_cell(0, 8, LONG)
    broken.output(str(corpus / "umbruch.pdf"))
    (corpus / "merkblatt.md").write_text(
        f"---\ntitle: {HOSTILE}\n---\n# Regel {HOSTILE}\n\n{OTHER}\n", encoding="utf-8"
    )
    ingest([corpus], folder=folder / "index", open_embedder=lambda: embedder)
    with running_server(folder / "index", folder) as server:
        yield server


def place(server: Server, document: str, quote: str) -> dict[str, int]:
    """Where ``quote`` stands in a document."""
    text: str = httpx.get(f"{server.url}/api/documents/{document}").json()["text"]
    start = text.index(quote)
    return {"start": start, "end": start + len(quote)}


def yellow(picture: bytes) -> int:
    """How many pixels have exactly the colour of marks."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), dtype=int)
    return int((abs(pixels - MARK) < 12).all(axis=2).sum())


def test_the_cited_sentence_is_marked_on_its_page_and_nowhere_else(library: Server) -> None:
    address = f"{library.url}/api/documents/recht%2Fsatzung.pdf/pages"
    span = place(library, "recht%2Fsatzung.pdf", CITED)

    first = httpx.get(f"{address}/1.png", params=span, timeout=60)
    second = httpx.get(f"{address}/2.png", params=span, timeout=60)

    assert first.headers["content-type"] == "image/png"
    assert yellow(first.content) > 500
    assert yellow(second.content) == 0


def test_the_viewer_shows_page_place_and_neighbours(library: Server) -> None:
    span = place(library, "recht%2Fsatzung.pdf", CITED)
    shown = httpx.get(f"{library.url}/dokumente/recht%2Fsatzung.pdf", params={"seite": 1, **span})

    assert shown.status_code == 200
    assert f"<mark>{CITED}</mark>" in shown.text
    assert "Nächste Seite" in shown.text
    assert "Vorige Seite" not in shown.text
    assert "/api/documents/recht%2Fsatzung.pdf/file#page=1" in shown.text


def test_a_sentence_over_a_page_break_is_marked_on_both_pages(library: Server) -> None:
    document = httpx.get(f"{library.url}/api/documents/umbruch.pdf").json()
    edge, text = document["pages"][1]["start"], document["text"]
    start, end = text.rindex("Dieser", 0, edge), text.index("Verfahren.", edge) + len("Verfahren.")
    span = {"start": start, "end": end}
    sentence = f"<mark>{text[start:end]}</mark>".replace("\n", "<br>")
    pictures = f"{library.url}/api/documents/umbruch.pdf/pages"

    first = httpx.get(f"{library.url}/dokumente/umbruch.pdf", params={"seite": 1, **span}, timeout=60).text
    second = httpx.get(f"{library.url}/dokumente/umbruch.pdf", params={"seite": 2, **span}, timeout=60).text

    assert sentence in first
    assert "geht auf der nächsten Seite weiter" in first
    assert sentence in second
    assert "beginnt auf der vorigen Seite" in second
    for number in (1, 2):
        assert yellow(httpx.get(f"{pictures}/{number}.png", params=span, timeout=60).content) > 500


def test_a_zoomed_page_is_drawn_sharper(library: Server) -> None:
    shown = httpx.get(f"{library.url}/dokumente/recht%2Fsatzung.pdf", params={"seite": 1, "zoom": 200}, timeout=60).text
    address = unescape(re.search(r'<img src="([^"]+)"', shown)[1])  # type: ignore[index]

    plain = Image.open(io.BytesIO(httpx.get(f"{library.url}{address.split('?')[0]}", timeout=60).content))
    zoomed = Image.open(io.BytesIO(httpx.get(f"{library.url}{address}", timeout=60).content))

    assert zoomed.width == pytest.approx(2 * plain.width, abs=2)


def test_a_document_without_pages_shows_the_section(library: Server) -> None:
    span = place(library, "merkblatt.md", OTHER)
    shown = httpx.get(f"{library.url}/dokumente/merkblatt.md", params=span)

    assert f"<mark>{OTHER}</mark>" in shown.text
    assert "<img" not in shown.text
    assert HOSTILE not in shown.text


def test_without_a_place_the_whole_document_is_shown(library: Server) -> None:
    shown = httpx.get(f"{library.url}/dokumente/merkblatt.md")

    assert "Text des Dokuments" in shown.text
    assert "<strong>Regel" in shown.text
    assert OTHER in shown.text


def test_the_original_file_is_shown_only_if_it_is_a_pdf(library: Server) -> None:
    pdf = httpx.get(f"{library.url}/api/documents/recht%2Fsatzung.pdf/file")
    other = httpx.get(f"{library.url}/api/documents/merkblatt.md/file")

    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-disposition"].startswith("inline")
    assert other.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dokumente/fehlt", 404),
        ("/dokumente/recht%2Fsatzung.pdf?seite=3", 404),
        ("/dokumente/recht%2Fsatzung.pdf?seite=0", 404),
        ("/dokumente/recht%2Fsatzung.pdf?seite=10000", 404),
        ("/dokumente/recht%2Fsatzung.pdf?start=x&end=-1&zoom=9", 200),
        ("/dokumente/merkblatt.md?start=999999999&end=1", 404),
        ("/dokumente/merkblatt.md?start=0&end=999999", 404),
        ("/dokumente/merkblatt.md", 200),
        ("/api/documents/recht%2Fsatzung.pdf/pages/0.png", 404),
        ("/api/documents/recht%2Fsatzung.pdf/pages/10000.png", 404),
        ("/api/documents/recht%2Fsatzung.pdf/pages/x.png", 422),
        ("/api/documents/recht%2Fsatzung.pdf/pages/1.png?start=-1", 422),
        ("/api/documents/recht%2Fsatzung.pdf/pages/1.png?zoom=9999", 422),
        ("/api/documents/merkblatt.md/pages/1.png", 404),
        ("/api/documents/fehlt/file", 404),
    ],
)
def test_what_is_not_there_is_said_in_german(path: str, status: int, library: Server) -> None:
    response = httpx.get(f"{library.url}{path}", timeout=60)

    assert response.status_code == status
    if status != 200:
        assert any(word in response.text for word in ("gibt es", "nicht im Index", "unzulässige Form", "außerhalb"))


def test_a_page_that_is_not_there_shows_the_nearest_instead(library: Server) -> None:
    span = place(library, "recht%2Fsatzung.pdf", OTHER)
    shown = httpx.get(f"{library.url}/dokumente/recht%2Fsatzung.pdf", params={"seite": 10_000, **span}, timeout=60)

    assert "es hat 2 Seiten. Gezeigt wird Seite 2." in shown.text
    assert f"<mark>{OTHER}</mark>" in shown.text
