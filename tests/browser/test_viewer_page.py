"""From an answer to its place in the document, in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser_support import LOOKS, Open, Visit
from fpdf import FPDF
from playwright.sync_api import Page, expect
from ui_support import Server, running_server

from assistant.embedding import Embedder
from ingest.pipeline import ingest

QUESTION = "Wer beschließt das Entwicklungskonzept?"
CITED = "Der Ausschuss tagt im Keller des alten Rathauses."


@pytest.fixture(scope="module")
def pdf_server(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a PDF of one page with ``CITED`` at its foot."""
    folder = tmp_path_factory.mktemp("pdf")
    (folder / "corpus").mkdir()
    pdf = FPDF(format="A4")
    pdf.set_font("Helvetica", size=12)
    pdf.add_page()
    pdf.multi_cell(0, 8, "Hier steht ein Satz der Einleitung, den niemand sucht. " * 45 + CITED)
    pdf.output(str(folder / "corpus" / "satzung.pdf"))
    ingest([folder / "corpus"], folder=folder / "index", open_embedder=lambda: embedder)
    with running_server(folder / "index", folder) as server:
        yield server


def place(page: Page, server: Server) -> str:
    """The address of ``CITED`` in the viewer."""
    text = page.request.get(f"{server.url}/api/documents/satzung.pdf").json()["text"]
    start = text.index(CITED)
    return f"{server.url}/dokumente/satzung.pdf?seite=1&start={start}&end={start + len(CITED)}"


def test_a_source_opens_its_place_beside_the_chat(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    link = visit.page.get_by_role("link", name="Stelle im Dokument zeigen").first
    link.click()

    expect(visit.beside.locator("mark").first).to_contain_text("vom Gemeinderat beschlossen")
    expect(visit.beside.locator("mark").first).to_be_in_viewport()
    expect(visit.beside.get_by_role("link", name="Fundstelle: zum Gespräch")).to_be_hidden()
    expect(visit.page.get_by_role("button", name="Schließen")).to_be_focused()
    assert visit.complaints == []
    assert visit.faults("chat viewer beside") == []

    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#fs-beside")).to_be_hidden()
    expect(link).to_be_focused()


def test_escape_closes_an_open_choice_before_the_page_and_from_a_closed_one_the_page(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    visit.page.get_by_role("link", name="Stelle im Dokument zeigen").first.click()
    choice = visit.page.locator(".fs-scope summary")
    choice.press("Enter")
    choice.press("Escape")
    expect(visit.page.locator(".fs-scope")).not_to_have_attribute("open", "")
    expect(visit.page.locator("#fs-beside")).to_be_visible()

    choice.press("Escape")
    expect(visit.page.locator("#fs-beside")).to_be_hidden()


def test_a_mark_shows_its_quote_and_beside_it_exactly_its_sentence(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    visit.page.locator(".fs-mark").first.click()

    quote = visit.page.locator(".fs-sources blockquote").first
    expect(quote).to_be_focused()
    expect(visit.beside.locator("mark")).to_have_text(quote.inner_text().split("„")[1].rstrip("“"))

    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#fs-beside")).to_be_hidden()
    expect(quote).to_be_focused()


def test_without_room_a_source_opens_its_place_in_a_tab(open_page: Open) -> None:
    visit = open_page(**LOOKS["phone"])
    visit.ask(QUESTION)
    with visit.page.context.expect_page() as opened:
        visit.page.get_by_role("link", name="Stelle im Dokument zeigen").first.click()

    page = opened.value
    expect(page.locator("mark").first).to_contain_text("vom Gemeinderat beschlossen")
    expect(page).to_have_title("Musterleitfaden · Fundstelle")
    assert Visit(page=page).violations() == []


@pytest.mark.parametrize("zoom", [100, 200])
def test_the_mark_on_the_picture_is_in_sight(zoom: int, open_page: Open, pdf_server: Server) -> None:
    visit = open_page(pdf_server.url)
    page = visit.page
    for look in ("light", "phone", "zoom 400 %"):
        page.set_viewport_size(LOOKS[look].get("viewport", {"width": 1280, "height": 720}))
        page.goto(f"{place(page, pdf_server)}&zoom={zoom}")
        expect(page.locator(".fs-picture img")).to_have_js_property("complete", True)
        expect(page.locator(".fs-place-on")).to_be_in_viewport()
        assert visit.faults(f"viewer page zoom {zoom}", look) == []
