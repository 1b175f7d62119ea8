"""The chat page as people use it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
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
    expect(answer.locator(".fs-support").first).to_have_text("✓ wörtlich")
    expect(answer.get_by_text("Alle Sätze stehen wörtlich in den Quellen")).to_have_count(1)
    expect(answer.locator(".fs-source").first).to_contain_text("Fragen zur Musterstelle")
    expect(answer.locator(".fs-source").first).to_contain_text("Stand 05/2024")
    expect(answer.locator("blockquote").first).to_contain_text("„")
    expect(answer.locator("blockquote").first).to_be_hidden()
    assert visit.complaints == []


def test_a_mark_leads_to_its_quote(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    visit.page.locator(".fs-mark").first.click()

    quote = visit.page.locator(".fs-sources blockquote").first
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


def test_a_conversation_goes_on_and_can_be_begun_anew(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    visit.ask("Und wo sitzt sie?")
    expect(visit.page.locator(".fs-exchange")).to_have_count(2)

    visit.page.get_by_role("button", name="Neues Gespräch").click()

    expect(visit.page.locator(".fs-exchange")).to_have_count(0)
    expect(visit.page.locator("#fs-box textarea")).to_be_focused()
    expect(visit.page.locator(".fs-example").first).to_be_visible()


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("", "Bitte geben Sie eine Frage ein."),
        (" \n ", "Bitte geben Sie eine Frage ein."),
        ("🦜 …", "Bitte geben Sie eine Frage ein."),
        ("Was? " * 700, "Die Frage hat 3500 Zeichen; erlaubt sind höchstens 2000. Bitte kürzen Sie die Frage."),
    ],
    ids=["nothing", "blanks", "no word", "too long"],
)
def test_what_is_no_question_is_told_in_place_and_stays_in_the_box(question: str, told: str, open_page: Open) -> None:
    visit = open_page()
    box = visit.page.locator("#fs-box textarea")
    warning = visit.page.get_by_role("alert").filter(visible=True)
    for send in (lambda: visit.page.locator("#fs-ask").click(), lambda: box.press("Enter")):
        box.fill(question)
        send()
        expect(warning).to_have_text(told)
        expect(box).to_have_value(question)
        expect(box).to_be_focused()
    assert visit.faults(f"chat refused {told[:9]}") == []

    visit.ask(QUESTION)
    expect(warning).to_have_count(0)
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


def test_an_answer_is_copied_with_its_sources_and_its_origin(open_page: Open, server: Server) -> None:
    visit = open_page(permissions=["clipboard-read", "clipboard-write"])
    visit.ask(QUESTION)
    visit.page.get_by_role("button", name="Antwort mit Quellen kopieren").click()

    expect(visit.page.locator(".fs-copy")).to_have_text("Kopiert.")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(QUESTION)
    assert "[1] Fragen zur Musterstelle" in copied
    assert f"\n{server.url}/dokumente/faq.md?" in copied
    assert "KI-System" in copied
    rich = visit.page.evaluate(
        """navigator.clipboard.read().then(([item]) => item.getType("text/html")).then((blob) => blob.text())"""
    )
    assert f'href="{server.url}/dokumente/faq.md?' in rich
    assert "KI-System" in rich


def test_the_page_talks_to_its_own_server_only_and_stores_nothing(open_page: Open, server: Server) -> None:
    visit = open_page()
    visit.ask(QUESTION)

    assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(server.url).netloc}
    assert visit.page.context.cookies() == []
    assert visit.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert visit.page.evaluate("indexedDB.databases()") == []
    assert visit.page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    assert visit.page.evaluate("caches.keys()") == []


def test_what_was_opened_stays_as_it_is_while_the_next_answer_comes(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    visit.page.locator(".fs-sources summary").first.click()
    visit.page.evaluate("document.querySelector('.fs-exchange').marked = true")
    visit.ask("Wo sitzt die Musterstelle?")

    expect(visit.page.locator(".fs-sources details").first).to_have_attribute("open", "")
    assert visit.page.evaluate("document.querySelector('.fs-exchange').marked")


def test_a_conversation_is_not_lost_without_a_question(open_page: Open) -> None:
    page = (visit := open_page()).page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    page.locator("#fs-box textarea").wait_for()
    assert asked == []

    visit.ask(QUESTION)
    page.reload()
    assert asked == ["beforeunload"]


def test_a_question_half_written_is_not_lost_without_a_question(open_page: Open) -> None:
    page = open_page().page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#fs-box textarea").fill("Wer besch")
    page.reload()
    assert asked == ["beforeunload"]


def test_a_related_question_is_asked_with_one_click(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)
    related = visit.page.locator(".fs-related button").first
    question = related.inner_text()
    related.click()
    visit.wait_for_answer(2)

    expect(visit.page.locator(".fs-question").last).to_contain_text(question)
    expect(visit.page.locator("#fs-box textarea")).to_be_focused()


def test_the_list_of_documents_leads_into_them(open_page: Open) -> None:
    visit = open_page()
    visit.page.locator("#fs-end summary").click()
    visit.page.get_by_role("link", name="Musterleitfaden").click()

    expect(visit.beside.get_by_role("heading", level=1)).to_have_text("Musterleitfaden")
