"""The chat page when its server goes away."""

from __future__ import annotations

from pathlib import Path

from browser_support import Open
from playwright.sync_api import Route, expect
from ui_support import running_server

QUESTION = "Was kostet die Beratung durch die Musterstelle?"


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


def test_a_slow_connection_is_told(open_page: Open) -> None:
    visit = open_page()
    waiting: list[Route] = []
    visit.page.route("**/queue/join*", lambda route: waiting.append(route))
    visit.page.locator("#fs-box textarea").fill(QUESTION)
    visit.page.keyboard.press("Enter")
    told = visit.page.get_by_text("Die Frage wird gesendet.")
    expect(told).to_be_visible()
    assert visit.faults("chat slow") == []

    waiting[0].continue_()
    visit.wait_for_answer()
    expect(told).to_have_count(0)


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
