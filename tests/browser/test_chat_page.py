"""The chat page as people use it."""

from __future__ import annotations

from urllib.parse import urlsplit

from browser_support import Open
from playwright.sync_api import expect
from ui_support import Server

QUESTION = "Was kostet die Beratung durch die Musterstelle?"


def test_the_page_says_that_an_ai_answers_before_anything_is_asked(open_page: Open) -> None:
    page = open_page().page

    assert page.locator("html").get_attribute("lang") == "de"
    expect(page).to_have_title("Fundstelle")
    notice = page.get_by_role("complementary", name="Hinweis zum KI-System")
    expect(notice).to_contain_text("Hier antwortet ein KI-System")
    expect(notice).to_contain_text("kein amtliches Dokument")
    expect(notice).to_be_in_viewport()


def test_a_question_gets_an_answer_with_marks_and_sources(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)

    answer = visit.page.locator(".fs-reply")
    expect(answer).to_contain_text("für Gemeinden kostenlos.")
    expect(answer.locator(".fs-mark").first).to_have_text("[1]")
    expect(answer.locator(".fs-sources summary").first).to_contain_text("Fragen zur Musterstelle")
    expect(answer.locator("blockquote").first).to_contain_text("„")
    expect(answer.locator(".fs-small").first).to_contain_text("Stand 05/2024")
    assert visit.complaints == []


def test_a_mark_leads_to_its_quote(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    visit.page.locator(".fs-sources summary").first.click()  # closes it

    visit.page.locator(".fs-mark").first.click()

    quote = visit.page.locator("#fs-1-1")
    expect(quote).to_be_visible()
    expect(quote).to_be_focused()


def test_an_example_is_asked_with_one_click(open_page: Open) -> None:
    visit = open_page()
    example = visit.page.locator(".fs-example").first
    question = example.inner_text()
    example.click()
    visit.wait_for_answer()

    expect(visit.page.locator(".fs-question")).to_contain_text(question)
    expect(visit.page.locator("#fs-box textarea")).to_be_focused()
    expect(visit.page.locator("#fs-examples")).to_be_hidden()


def test_a_declined_question_shows_the_nearest_places_and_a_way_out(open_page: Open) -> None:
    visit = open_page()
    visit.ask("Wie backe ich ein Brot aus Roggenmehl?")

    answer = visit.page.locator(".fs-reply")
    expect(answer.locator(".fs-verdict")).to_contain_text("Nicht beantwortet")
    expect(answer.locator(".fs-nearest li").first).to_be_visible()
    assert (answer.get_by_role("link").get_attribute("href") or "").startswith("mailto:")


def test_a_conversation_goes_on_and_can_be_begun_anew(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    visit.ask("Und wo sitzt sie?")
    expect(visit.page.locator(".fs-exchange")).to_have_count(2)

    visit.page.get_by_role("button", name="Neues Gespräch").click()

    expect(visit.page.locator(".fs-exchange")).to_have_count(0)
    expect(visit.page.locator("#fs-box textarea")).to_be_focused()
    expect(visit.page.locator(".fs-example").first).to_be_visible()


def test_a_blank_question_asks_nothing(open_page: Open) -> None:
    visit = open_page()
    visit.page.locator("#fs-box textarea").fill("   ")
    visit.page.keyboard.press("Enter")
    visit.ask(QUESTION)

    expect(visit.page.locator(".fs-exchange")).to_have_count(1)


def test_a_question_sent_while_an_answer_comes_is_asked_next(open_page: Open) -> None:
    visit = open_page()
    box = visit.page.locator("#fs-box textarea")
    for question in (QUESTION, "Wo sitzt die Musterstelle?"):
        box.fill(question)
        visit.page.keyboard.press("Enter")
        expect(box).to_have_value("")
    visit.wait_for_answer(2)

    expect(visit.page.locator(".fs-question").last).to_contain_text("Wo sitzt die Musterstelle?")


def test_what_is_typed_while_an_answer_comes_is_kept(open_page: Open) -> None:
    visit = open_page()
    box = visit.page.locator("#fs-box textarea")
    box.fill(QUESTION)
    visit.page.keyboard.press("Enter")
    visit.page.locator(".fs-exchange").wait_for()
    box.press_sequentially("Und")
    visit.wait_for_answer()

    expect(box).to_have_value("Und")


def test_an_answer_is_copied_with_its_sources_and_its_origin(open_page: Open) -> None:
    visit = open_page(permissions=["clipboard-read", "clipboard-write"])
    visit.ask(QUESTION)
    visit.page.get_by_role("button", name="Antwort mit Quellen kopieren").click()

    expect(visit.page.locator(".fs-copy")).to_have_text("Kopiert.")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert "[1] Fragen zur Musterstelle" in copied
    assert "KI-System" in copied


def test_the_page_talks_to_its_own_server_only_and_stores_nothing(open_page: Open, server: Server) -> None:
    visit = open_page()
    visit.ask(QUESTION)

    assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(server.url).netloc}
    assert visit.page.context.cookies() == []
    assert visit.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
