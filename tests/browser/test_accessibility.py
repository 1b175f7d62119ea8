"""What people need who do not see, point or read small print: checked by axe, by the keyboard and by the names that
Chromium gives to screen readers (axe passes buttons that have none).
"""

from __future__ import annotations

from browser_support import Open, Visit
from playwright.sync_api import expect
from ui_support import Server

QUESTION = "Was kostet die Beratung durch die Musterstelle?"


def focused(visit: Visit) -> str:
    """The text or id of what has the focus."""
    return str(visit.page.evaluate("document.activeElement.closest('[id]')?.id || document.activeElement.textContent"))


def test_axe_finds_nothing_in_any_look_and_nothing_scrolls_sideways(open_page: Open) -> None:
    visit = open_page()
    assert visit.faults("chat start") == []

    visit.ask(QUESTION)
    assert visit.faults("chat answer") == []

    visit.ask("Wer beschließt das Entwicklungskonzept, und wie backe ich ein Brot?")
    visit.page.locator("#fs-end summary").click()
    assert visit.faults("chat partial answer") == []

    visit.page.get_by_role("button", name="Neues Gespräch").click()
    visit.ask("Wie backe ich ein Brot aus Roggenmehl?")
    assert visit.faults("chat declined") == []


def test_axe_finds_nothing_in_what_unfolds(open_page: Open, feedback_server: Server) -> None:
    visit = open_page(feedback_server.url)
    page = visit.page
    page.locator(".fs-scope summary").click()
    page.get_by_role("checkbox", name="Musterleitfaden").check()
    assert visit.faults("chat choice of documents") == []
    page.locator(".fs-scope summary").click()

    visit.ask("Wie backe ich ein Brot aus Roggenmehl?")
    page.get_by_text("E-Mail mit Ihrer Frage vorbereiten").click()
    page.get_by_role("button", name="Nein").click()
    assert visit.faults("chat e-mail and feedback") == []

    page.get_by_role("button", name="Rückmeldung senden").click()
    expect(page.locator(".fs-told")).to_have_text("Danke für Ihre Rückmeldung.")
    assert visit.faults("chat feedback sent") == []


def test_axe_finds_nothing_in_the_viewer_even_where_it_cannot_show_the_place(open_page: Open, server: Server) -> None:
    visit = open_page()
    for state, query in {"section": "start=0&end=20", "place outside": "start=9000&end=9999"}.items():
        visit.page.goto(f"{server.url}/dokumente/leitfaden.md?{query}")
        assert visit.faults(f"viewer {state}") == []
    visit.page.goto(f"{server.url}/dokumente/gibt-es-nicht")
    assert visit.faults("viewer document gone") == []


def test_everything_can_be_done_by_keyboard_alone(open_page: Open) -> None:
    visit = open_page()
    keyboard = visit.page.keyboard
    while focused(visit) != "fs-box":
        keyboard.press("Tab")
    keyboard.type(QUESTION)
    keyboard.press("Enter")
    visit.wait_for_answer()
    assert focused(visit) == "fs-box"

    for _ in range(20):
        keyboard.press("Shift+Tab")
        if "fs-mark" in str(visit.page.evaluate("document.activeElement.className")):
            break
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
    for _ in range(25):
        visit.page.keyboard.press("Shift+Tab")
        assert visit.page.evaluate(visible), visit.page.evaluate("document.activeElement.outerHTML")
