"""From an answer to its place in the document, in a browser."""

from __future__ import annotations

from browser_support import Open, Visit
from playwright.sync_api import expect

QUESTION = "Wer beschließt das Entwicklungskonzept?"


def test_a_source_opens_its_place_in_the_document(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    with visit.page.context.expect_page() as opened:
        visit.page.get_by_role("link", name="Stelle im Dokument zeigen").first.click()

    page = opened.value
    expect(page.locator("mark").first).to_contain_text("vom Gemeinderat beschlossen")
    expect(page).to_have_title("Musterleitfaden · Fundstelle")
    assert Visit(page=page).violations() == []
