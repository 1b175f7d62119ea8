"""The chat page when its server goes away."""

from __future__ import annotations

from pathlib import Path

from browser_support import Open, Visit
from playwright.sync_api import Route, expect
from ui_support import running_server

QUESTION = "Was kostet die Beratung durch die Musterstelle?"
SENDING = "Die Frage wird gesendet."


def test_a_lost_server_is_told_in_german_and_the_conversation_stays(
    open_page: Open, small_index: Path, tmp_path: Path
) -> None:
    with running_server(small_index, tmp_path) as server:
        visit = open_page(server.url)
        visit.ask(QUESTION)
        server.stop()
        assert server.process.returncode is not None
        assert "Traceback" not in server.log.read_text(encoding="utf-8")

    visit.page.locator("#fs-box textarea").fill("Und danach?")
    visit.page.keyboard.press("Enter")

    expect(visit.page.get_by_role("alert").filter(visible=True)).to_contain_text(
        "Der Server ist gerade nicht erreichbar"
    )
    expect(visit.page.locator(".fs-exchange")).to_contain_text("für Gemeinden kostenlos")
    assert visit.faults("chat server lost") == []
    assert "Connection" not in visit.page.locator("body").inner_text()


def send_slowly(visit: Visit) -> list[Route]:
    """Send a question that does not reach the server before the test lets it, and wait until the page says so."""
    waiting: list[Route] = []
    visit.page.route("**/queue/join*", lambda route: waiting.append(route))
    visit.page.locator("#fs-box textarea").fill(QUESTION)
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#fs-form").get_by_text(SENDING)).to_be_visible()
    return waiting


def test_a_slow_connection_is_told(open_page: Open) -> None:
    visit = open_page()
    waiting = send_slowly(visit)
    assert visit.faults("chat slow") == []

    waiting[0].continue_()
    visit.wait_for_answer()
    expect(visit.page.get_by_text(SENDING)).to_have_count(0)


def test_a_slow_connection_is_spoken_once_by_a_region_that_was_there_before(open_page: Open) -> None:
    visit = open_page()
    visit.page.evaluate("document.querySelectorAll('[role=status]').forEach((region) => { region.known = true; })")
    send_slowly(visit)

    speaking = visit.page.get_by_role("status").filter(has_text=SENDING)
    expect(speaking).to_have_count(1)
    expect(speaking).to_have_js_property("known", True)


def test_a_new_conversation_forgets_a_question_on_its_way(open_page: Open) -> None:
    visit = open_page()
    visit.ask("Wo sitzt die Musterstelle?")
    send_slowly(visit)
    visit.page.route("**/gradio_api/**", lambda _: None)  # from here on the server says nothing
    visit.page.get_by_role("button", name="Neues Gespräch").click()

    expect(visit.page.get_by_text(SENDING)).to_have_count(0)


def test_a_question_the_server_lost_is_asked_again_when_it_is_back(
    open_page: Open, small_index: Path, tmp_path: Path
) -> None:
    with running_server(small_index, tmp_path) as server:
        visit = open_page(server.url)
        visit.ask(QUESTION)
        server.stop()
    visit.page.locator("#fs-box textarea").fill("Wo sitzt die Musterstelle?")
    visit.page.keyboard.press("Enter")
    visit.page.get_by_role("alert").filter(visible=True).wait_for()

    with running_server(small_index, tmp_path, port=int(server.url.rsplit(":", 1)[1])):
        expect(visit.page.locator("#fs-box textarea")).to_have_value("Wo sitzt die Musterstelle?")
        visit.page.keyboard.press("Enter")
        visit.wait_for_answer(2)

        expect(visit.page.locator(".fs-exchange").first).to_contain_text("für Gemeinden kostenlos")
        expect(visit.page.locator(".fs-exchange").last).to_contain_text("Leipzig")
