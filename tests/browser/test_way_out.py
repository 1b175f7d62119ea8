"""What a declined question offers: near places and an e-mail that is shown in full before it is opened."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from browser_support import Open, Visit
from playwright.sync_api import expect

QUESTION = "Welche Temperatur herrscht in der Musterstelle & im Konzept?"


def mail(visit: Visit) -> dict[str, list[str]]:
    """The fields of the e-mail that the link would open."""
    address = visit.page.get_by_role("link", name="Im E-Mail-Programm öffnen").get_attribute("href") or ""
    parts = urlsplit(address)
    return {"to": [parts.path], **parse_qs(parts.query)}


def test_what_is_far_from_the_documents_gets_no_places_and_no_email(open_page: Open) -> None:
    visit = open_page()
    visit.ask("Wie backe ich ein Brot aus Roggenmehl?")

    reply = visit.page.locator(".fs-reply")
    expect(reply).to_contain_text("Der Assistent kennt nur die eingelesenen Dokumente.")
    expect(reply).to_contain_text("info@inge-sachsen.de")
    expect(reply.locator(".fs-nearest")).to_have_count(0)
    expect(reply.locator(".fs-mail")).to_have_count(0)


def test_the_nearest_places_open_in_their_document(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    expect(visit.page.locator(".fs-verdict")).to_contain_text("Nicht beantwortet")

    visit.page.locator(".fs-nearest a").first.click()
    expect(visit.beside.locator("mark").first).to_be_visible()


def test_a_curated_question_near_by_is_asked_with_one_click(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    visit.page.get_by_role("button", name="Diese Frage stellen").first.click()
    visit.wait_for_answer(2)

    expect(visit.page.locator(".fs-verdict").last).to_contain_text("✓ Beantwortet")


def test_the_email_is_shown_in_full_and_opens_as_shown(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    visit.page.get_by_text("E-Mail mit Ihrer Frage vorbereiten").click()

    area = visit.page.get_by_label("Text der E-Mail")
    shown = area.input_value()
    assert QUESTION in shown
    assert "Gesucht wurde in: allen Dokumenten." in shown
    assert area.evaluate("(area) => area.scrollHeight <= area.clientHeight + 1")
    expect(visit.page.locator(".fs-mail")).to_contain_text("info@inge-sachsen.de")
    assert mail(visit) == {
        "to": ["info@inge-sachsen.de"], "subject": ["Frage zum INSEK"], "body": [shown.replace("\n", "\r\n")]
    }  # fmt: skip

    asked: list[str] = []
    visit.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    visit.page.get_by_role("link", name="Im E-Mail-Programm öffnen").click()
    visit.page.wait_for_timeout(300)
    assert asked == []  # the page stays

    area.fill("Guten Tag & auf Wiedersehen\nZeile 2")
    assert mail(visit)["body"] == ["Guten Tag & auf Wiedersehen\r\nZeile 2"]


def test_the_text_of_the_email_can_be_copied(open_page: Open) -> None:
    visit = open_page(permissions=["clipboard-read", "clipboard-write"])
    visit.ask(QUESTION)
    visit.page.get_by_text("E-Mail mit Ihrer Frage vorbereiten").click()
    visit.page.get_by_role("button", name="Text kopieren").click()

    expect(visit.page.get_by_role("button", name="Kopiert.")).to_be_focused()
    assert visit.page.evaluate("navigator.clipboard.readText()").startswith("Guten Tag,")
