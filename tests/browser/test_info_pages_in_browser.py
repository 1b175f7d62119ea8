"""Help, privacy and accessibility statement: linked from every page, and true."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from browser_support import LOOKS, Open, Visit
from playwright.sync_api import expect
from ui_support import Server

PAGES = {"Hilfe": "hilfe", "Datenschutz": "datenschutz", "Barrierefreiheit": "barrierefreiheit"}


@pytest.mark.parametrize("name", PAGES)
def test_the_foot_of_every_page_leads_there(name: str, open_page: Open, server: Server) -> None:
    visit = open_page()
    for address in ("/dokumente/leitfaden.md", "/hilfe", "/einbetten"):
        visit.page.goto(server.url + address)
        visit.page.get_by_role("navigation", name="Über dieses Angebot").get_by_role("link", name=name).click()
        expect(visit.page).to_have_url(f"{server.url}/{PAGES[name]}")
        expect(visit.page.locator(".fs-footer")).to_contain_text("kein amtliches Dokument")


@pytest.mark.parametrize("name", PAGES)
def test_the_foot_of_the_chat_leads_there_beside_the_conversation(name: str, open_page: Open) -> None:
    visit = open_page()
    visit.page.locator("#fs-box textarea").fill("Wer besch")
    visit.page.get_by_role("navigation", name="Über dieses Angebot").get_by_role("link", name=name).click()

    expect(visit.page.get_by_role("complementary", name=name)).to_be_visible()
    expect(visit.page.get_by_role("button", name="Schließen")).to_be_focused()
    expect(visit.beside.get_by_role("heading", level=1)).to_be_visible()
    expect(visit.beside.locator(".fs-footer")).to_be_hidden()
    expect(visit.page.locator("#fs-box textarea")).to_have_value("Wer besch")
    assert visit.faults(f"chat {name} beside") == []


def test_without_room_the_foot_of_the_chat_leads_into_a_tab(open_page: Open) -> None:
    visit = open_page(**LOOKS["phone"])
    visit.ask("Was kostet die Beratung durch die Musterstelle?")
    visit.page.locator("#fs-box textarea").fill("Und wo")
    for _ in range(2):
        with visit.page.context.expect_page() as opened:
            visit.page.get_by_role("link", name="Hilfe").click()
        expect(opened.value.get_by_role("heading", level=1)).to_have_text("Hilfe")

        opened.value.get_by_role("link", name="Fundstelle: zum Gespräch").click()
        expect(visit.page).to_have_url(re.compile("#fs-box$"))
        expect(visit.page.locator(".fs-exchange")).to_have_count(1)
        expect(visit.page.locator("#fs-box textarea")).to_have_value("Und wo")
        assert len(visit.page.context.pages) == 2
        opened.value.close()


def test_the_operator_is_named_and_what_is_missing_is_said(
    open_page: Open, server: Server, feedback_server: Server
) -> None:
    page = open_page().page
    for path in PAGES.values():
        page.goto(f"{feedback_server.url}/{path}")
        expect(page.get_by_role("main")).to_contain_text("Stadt Musterstadt")
        expect(page.get_by_role("main")).to_contain_text("amt@stadt.example")
        page.goto(f"{server.url}/{path}")
        expect(page.get_by_role("main")).to_contain_text("noch nicht eingetragen – Einstellung operator.name")


def test_the_privacy_text_says_whether_feedback_is_kept(
    open_page: Open, server: Server, feedback_server: Server
) -> None:
    page = open_page().page
    page.goto(f"{server.url}/datenschutz")
    expect(page.get_by_role("main")).to_contain_text(
        "Rückmeldungen zu Antworten werden auf diesem Server nicht erhoben"
    )
    page.goto(f"{feedback_server.url}/datenschutz")
    expect(page.get_by_role("main")).to_contain_text("Ihre Frage wird nur gespeichert, wenn Sie das ankreuzen")


def test_the_privacy_text_is_true_of_cookies_storage_and_requests(open_page: Open, feedback_server: Server) -> None:
    visit: Visit = open_page(feedback_server.url)
    visit.ask("Was kostet die Beratung durch die Musterstelle?")
    visit.page.get_by_role("button", name="Ja").click()
    expect(visit.page.locator(".fs-told")).to_have_text("Danke für Ihre Rückmeldung.")
    state = visit.page.context.storage_state(indexed_db=True)
    for path in PAGES.values():
        visit.page.goto(f"{feedback_server.url}/{path}")

    assert state == {"cookies": [], "origins": []}
    assert visit.page.context.storage_state(indexed_db=True) == {"cookies": [], "origins": []}
    assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(feedback_server.url).netloc}
    assert "Beratung" not in feedback_server.log.read_text(encoding="utf-8")
