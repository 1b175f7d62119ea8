"""The choice of documents to ask."""

from __future__ import annotations

from browser_support import Open, Visit
from playwright.sync_api import expect

QUESTION = "Was kostet die Beratung durch die Musterstelle?"


def unfold(visit: Visit) -> None:
    """Open the choice."""
    visit.page.locator(".fs-scope summary").click()


def told(visit: Visit) -> str:
    """What the page says will be asked."""
    return visit.page.locator(".fs-scope-told").inner_text()


def test_without_a_choice_everything_is_asked(open_page: Open) -> None:
    visit = open_page()
    assert told(visit) == "alle 3 Dokumente"
    visit.ask(QUESTION)

    expect(visit.page.locator(".fs-verdict")).to_contain_text("Beantwortet")
    expect(visit.page.locator(".fs-scope-of")).to_have_count(0)


def test_only_what_is_picked_is_asked_and_the_answer_says_so(open_page: Open) -> None:
    visit = open_page()
    unfold(visit)
    visit.page.get_by_role("group", name="Leitfaden").get_by_role("checkbox").check()
    assert told(visit) == "nur „Musterleitfaden“"
    visit.ask(QUESTION)
    expect(visit.page.locator(".fs-scope-panel")).to_be_hidden()

    expect(visit.page.locator(".fs-scope-of")).to_have_text("Gesucht in: „Musterleitfaden“")
    expect(visit.page.locator(".fs-verdict")).to_contain_text("Nicht beantwortet")

    visit.page.get_by_role("button", name="In allen Dokumenten fragen").click()
    expect(visit.page.locator(".fs-verdict")).to_contain_text("✓ Beantwortet")
    expect(visit.page.locator(".fs-exchange")).to_have_count(1)
    expect(visit.page.locator(".fs-scope-of")).to_have_count(0)
    assert told(visit) == "nur „Musterleitfaden“"


def test_a_place_near_a_declined_question_is_asked_alone(open_page: Open) -> None:
    visit = open_page()
    visit.ask("Welche Temperatur herrscht in der Musterstelle & im Konzept?")
    visit.page.get_by_role("button", name="Nur in diesem Dokument fragen: Musterleitfaden").first.click()

    expect(visit.page.locator(".fs-scope-of")).to_have_text("Gesucht in: „Musterleitfaden“")
    expect(visit.page.locator(".fs-exchange")).to_have_count(1)


def test_the_choice_can_be_made_and_undone_by_keyboard_alone(open_page: Open) -> None:
    visit = open_page()
    keyboard = visit.page.keyboard
    summary = visit.page.locator(".fs-scope summary")
    while not summary.evaluate("(element) => element === document.activeElement"):
        keyboard.press("Tab")
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.press("Space")
    assert told(visit) == "nur „Musterleitfaden“"
    keyboard.press("Tab")
    keyboard.press("Space")
    assert told(visit) == "2 ausgewählte Dokumente"

    keyboard.press("Escape")
    expect(visit.page.locator(".fs-scope-panel")).to_be_hidden()
    expect(summary).to_be_focused()

    unfold(visit)
    visit.page.get_by_role("button", name="Auswahl aufheben").click()
    assert told(visit) == "alle 3 Dokumente"


def test_a_new_conversation_keeps_the_choice(open_page: Open) -> None:
    visit = open_page()
    unfold(visit)
    visit.page.get_by_role("checkbox", name="Musterleitfaden").check()
    visit.ask(QUESTION)
    visit.page.get_by_role("button", name="Neues Gespräch").click()

    assert told(visit) == "nur „Musterleitfaden“"
    unfold(visit)
    expect(visit.page.get_by_role("checkbox", name="Musterleitfaden")).to_be_checked()
