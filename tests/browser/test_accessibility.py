"""What people need who do not see, point or read small print: checked by axe, by the keyboard and by the names that
Chromium gives to screen readers (axe passes buttons that have none).
"""

from __future__ import annotations

import pytest
from browser_support import LOOKS, Open, Visit
from playwright.sync_api import expect
from ui_support import Server

from assistant.domain import AnswerSentence, SentenceKind, Support
from ui.sentences_html import marks_and_verdict, sentences_html

QUESTION = "Was kostet die Beratung durch die Musterstelle?"
PAGES = {
    "viewer section": "/dokumente/leitfaden.md?start=0&end=20",
    "viewer place outside": "/dokumente/leitfaden.md?start=9000&end=9999",
    "viewer document gone": "/dokumente/gibt-es-nicht",
    "help": "/hilfe",
    "privacy": "/datenschutz",
    "accessibility": "/barrierefreiheit",
}


def focused(visit: Visit) -> str:
    """The text or id of what has the focus."""
    return str(visit.page.evaluate("document.activeElement.closest('[id]')?.id || document.activeElement.textContent"))


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(look: str, open_page: Open, feedback_server: Server) -> None:
    """All states of a conversation on one page, as loading it takes longer than looking at it."""
    visit = open_page(feedback_server.url, **LOOKS[look])
    page = visit.page
    page.locator(".fs-scope summary").click()
    page.get_by_role("checkbox", name="Musterleitfaden").check()
    assert visit.faults("chat start", look) == []
    page.get_by_role("button", name="Auswahl aufheben").click()
    page.locator(".fs-scope summary").click()

    visit.ask(QUESTION)
    visit.ask("Wer beschließt das Entwicklungskonzept, und wie backe ich ein Brot?")
    visit.ask("Wie backe ich ein Brot aus Roggenmehl?")
    visit.ask("Welche Temperatur herrscht in der Musterstelle & im Konzept?")
    page.get_by_text("E-Mail mit Ihrer Frage vorbereiten").last.click()
    page.get_by_role("button", name="Nein").last.click()
    page.locator("#fs-end summary").click()
    assert visit.faults("chat answers", look) == []

    page.get_by_role("button", name="Rückmeldung senden").click()
    expect(page.locator(".fs-told").last).to_have_text("Danke für Ihre Rückmeldung.")
    assert visit.faults("chat feedback sent", look) == []


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_the_pages_beside_the_chat(look: str, open_page: Open, server: Server) -> None:
    visit = open_page(**LOOKS[look])
    for state, path in PAGES.items():
        visit.page.goto(server.url + path)
        assert visit.faults(state, look) == []


def test_everything_can_be_done_by_keyboard_alone(open_page: Open) -> None:
    visit = open_page()
    keyboard = visit.page.keyboard
    while focused(visit) != "fs-box":
        keyboard.press("Tab")
    keyboard.type(QUESTION)
    keyboard.press("Enter")
    visit.wait_for_answer()
    assert focused(visit) == "fs-box"

    keyboard.press("Shift+Tab")
    assert visit.page.evaluate("document.activeElement.className") == "fs-reply"
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.tagName") == "BLOCKQUOTE"


def test_every_control_has_a_german_name(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)

    session = visit.page.context.new_cdp_session(visit.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "textbox", "link", "DisclosureTriangle", "checkbox", "combobox"}
    names = [
        node.get("name", {}).get("value", "")
        for node in nodes
        if not node.get("ignored") and node.get("role", {}).get("value") in roles
    ]
    assert {"Ihre Frage", "Fragen", "Neues Gespräch", "Quelle 1 zeigen", "Antwort mit Quellen kopieren"} <= set(names)
    assert "" not in names
    assert not {"Submit", "Stop", "Copy", "Clear", "Share"} & set(names)


def test_the_finished_answer_is_announced_once(open_page: Open) -> None:
    visit = open_page()
    visit.page.evaluate(
        """() => {
            window.said = [];
            const live = document.querySelector('.fs-live');
            new MutationObserver(() => window.said.push(live.textContent)).observe(live, {childList: true});
        }"""
    )
    visit.ask(QUESTION)
    expect(visit.page.locator(".fs-live")).to_contain_text("für Gemeinden kostenlos.")

    said = visit.page.evaluate("window.said")
    assert said[0] == "Die Antwort wird gesucht …"
    assert len(said) == 2


def test_the_box_stays_in_sight(open_page: Open) -> None:
    visit = open_page(viewport={"width": 640, "height": 400})
    visit.ask(QUESTION)

    expect(visit.page.locator("#fs-box textarea")).to_be_in_viewport(ratio=1)
    expect(visit.page.locator(".fs-question")).to_be_in_viewport()


def test_the_focus_can_be_seen(open_page: Open) -> None:
    visit = open_page()
    outline = (
        "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])(getComputedStyle(document.activeElement))"
    )
    visit.page.keyboard.press("Tab")
    while focused(visit) != "fs-end":
        assert visit.page.evaluate(outline) == ["solid", "3px"]
        visit.page.keyboard.press("Tab")


def test_a_table_wider_than_the_screen_says_so_and_scrolls_by_keyboard(open_page: Open) -> None:
    visit = open_page(viewport={"width": 320, "height": 640})
    rows = [f"Programm: Erneuerung; Satz: zwei Drittel; Ab: {year}; Bis: {year + 3}" for year in (2024, 2025)]
    sentences = [AnswerSentence(text=r, citations=(), support=Support.VERBATIM, kind=SentenceKind.ROW) for r in rows]
    show = """async (html) => {
        document.getElementById("fs-log").innerHTML = html;
        (await import("/fundstelle/tables.js")).watchTables(document);
    }"""
    visit.page.evaluate(show, sentences_html(marks_and_verdict("k"), sentences, ()))
    table, hint = visit.page.locator(".fs-table"), visit.page.get_by_text("Tabelle breiter als der Bildschirm")
    expect(hint).to_be_visible()
    assert visit.faults("chat wide table", "small phone") == []

    table.focus()
    visit.page.keyboard.press("ArrowRight")
    visit.page.wait_for_function("element => element.scrollLeft > 0", arg=table.element_handle())
    visit.page.set_viewport_size({"width": 900, "height": 640})
    expect(hint).to_have_count(0)


def test_nothing_that_has_the_focus_is_hidden_by_the_form(open_page: Open, feedback_server: Server) -> None:
    visit = open_page(feedback_server.url)
    visit.ask(QUESTION)
    visit.page.get_by_role("button", name="Nein").click()
    visible = """() => {
        const {left, top, width, height} = document.activeElement.getBoundingClientRect();
        const seen = document.elementFromPoint(left + width / 2, top + height / 2);
        return !!seen && (seen.contains(document.activeElement) || document.activeElement.contains(seen));
    }"""

    while focused(visit) != "fs-box":
        assert visit.page.evaluate(visible), visit.page.evaluate("document.activeElement.outerHTML")
        visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Shift+Tab")
    while not visit.page.evaluate("document.activeElement === document.body"):
        assert visit.page.evaluate(visible), visit.page.evaluate("document.activeElement.outerHTML")
        visit.page.keyboard.press("Shift+Tab")
