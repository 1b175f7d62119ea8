"""The chat page with a language model that is slow, falls silent or fails: stop, ask again, lose the server midway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from browser_support import Open
from model_support import Reply, Script, fails, says, serving
from playwright.sync_api import expect
from ui_support import Server, environment, running_server

QUESTION = "Wer beschließt das Entwicklungskonzept?"
SECOND = "Wann soll das Konzept überprüft werden?"
SENTENCE = "Das Entwicklungskonzept wird vom Gemeinderat beschlossen. [1]"


def hangs(reply: Reply) -> None:
    """Write one sentence, begin another, and say no more."""
    reply.head()
    reply.piece(f"{SENTENCE} Der ")
    reply.hang()


@contextmanager
def writing(index: Path, folder: Path, *scripts: Script, port: int = 0) -> Iterator[Server]:
    """A server with a language model that follows ``scripts``."""
    with serving(*scripts) as model:
        variables = environment(MODEL="m", MODEL_BASE_URL=model.url)
        with running_server(index, folder, variables=variables, port=port) as server:
            yield server


def test_a_written_sentence_shows_that_it_was_checked(open_page: Open, small_index: Path, tmp_path: Path) -> None:
    written = "Beschlossen wird das Entwicklungskonzept vom Gemeinderat. [1]"
    with writing(small_index, tmp_path, says(written)) as server:
        visit = open_page(server.url)
        visit.ask(QUESTION)

        expect(visit.page.locator(".fs-support").first).to_have_text("≈ belegt")
        expect(visit.page.locator(".fs-sources blockquote").first).to_be_visible()
        expect(visit.page.locator(".fs-verdict")).to_contain_text("vom Sprachmodell formuliert und geprüft")


def test_stopping_keeps_what_was_written_and_offers_to_ask_again(
    open_page: Open, small_index: Path, tmp_path: Path
) -> None:
    with writing(small_index, tmp_path, hangs, says(SENTENCE)) as server:
        visit = open_page(server.url)
        visit.page.locator("#fs-box textarea").fill(QUESTION)
        visit.page.keyboard.press("Enter")
        expect(visit.page.locator(".fs-text")).to_contain_text("vom Gemeinderat beschlossen")
        visit.photograph("chat pending")
        visit.page.get_by_role("button", name="Anhalten").click()

        expect(visit.page.locator(".fs-error")).to_contain_text("angehalten und ist unvollständig")
        expect(visit.page.locator(".fs-text")).to_contain_text("vom Gemeinderat beschlossen")
        expect(visit.page.locator("#fs-box textarea")).to_be_focused()

        visit.page.get_by_role("button", name="Noch einmal fragen").click()
        expect(visit.page.locator(".fs-verdict")).to_contain_text("Beantwortet")
        expect(visit.page.locator(".fs-exchange")).to_have_count(1)
        expect(visit.page.locator(".fs-error")).to_have_count(0)


def test_stopping_forgets_a_question_that_waits_to_be_sent(open_page: Open, small_index: Path, tmp_path: Path) -> None:
    with writing(small_index, tmp_path, hangs) as server:
        visit = open_page(server.url)
        for question in (QUESTION, SECOND):
            visit.page.locator("#fs-box textarea").fill(question)
            visit.page.keyboard.press("Enter")
            expect(visit.page.locator(".fs-text")).to_contain_text("vom Gemeinderat beschlossen")
        told = visit.page.get_by_text("Die Frage wird gesendet.")
        expect(told).not_to_have_count(0)
        visit.page.route("**/gradio_api/**", lambda _: None)  # from here on the server says nothing
        visit.page.get_by_role("button", name="Anhalten").click()

        expect(told).to_have_count(0)
        expect(visit.page.locator("#fs-box textarea")).to_have_value(SECOND)


def test_a_full_queue_is_told_in_german_and_one_can_ask_again(
    open_page: Open, small_index: Path, tmp_path: Path
) -> None:
    """One question hangs, as many wait as may wait for one slot, and one more comes."""
    with serving(hangs, says(SENTENCE)) as model:
        variables = environment(MODEL="m", MODEL_BASE_URL=model.url, SERVER_CONCURRENCY="1")
        with running_server(small_index, tmp_path, variables=variables) as server:
            first, *waiting, last = (open_page(server.url) for _ in range(6))
            for visit in (first, *waiting, last):
                visit.page.locator("#fs-box textarea").fill(QUESTION)
                with visit.page.expect_response("**/queue/join*"):
                    visit.page.keyboard.press("Enter")

            expect(last.page.locator("body")).to_contain_text("Gerade fragen zu viele auf einmal.")
            assert "busy" not in last.page.locator("body").inner_text().lower()
            last.photograph("chat busy")
            expect(last.page.locator("#fs-box textarea")).to_have_value(QUESTION)

            for visit in waiting:
                visit.page.close()
            first.page.get_by_role("button", name="Anhalten").click()
            expect(first.page.locator(".fs-error")).to_contain_text("angehalten")
            last.page.locator("#fs-box textarea").press("Enter")
            last.wait_for_answer()


def test_when_the_model_fails_the_quote_comes_and_one_can_ask_again(
    open_page: Open, small_index: Path, tmp_path: Path
) -> None:
    with writing(small_index, tmp_path, fails(401), says(SENTENCE)) as server:
        visit = open_page(server.url)
        visit.ask(QUESTION)
        expect(visit.page.locator(".fs-reply")).to_contain_text("Das Sprachmodell ist gerade nicht erreichbar.")
        expect(visit.page.locator(".fs-support").first).to_have_text("✓ wörtlich")

        visit.page.get_by_role("button", name="Noch einmal fragen").click()
        expect(visit.page.locator(".fs-reply")).not_to_contain_text("nicht erreichbar")
        expect(visit.page.locator(".fs-exchange")).to_have_count(1)


def test_a_server_lost_midway_leaves_the_conversation_and_is_asked_again_when_it_is_back(
    open_page: Open, small_index: Path, tmp_path: Path
) -> None:
    with writing(small_index, tmp_path, says(SENTENCE), hangs) as server:
        visit = open_page(server.url)
        visit.ask(QUESTION)
        visit.page.locator("#fs-box textarea").fill(SECOND)
        visit.page.keyboard.press("Enter")
        visit.page.locator('.fs-exchange[data-state="pending"]').wait_for()
        server.process.kill()

        lost = visit.page.locator('.fs-exchange[data-state="lost"]')
        expect(lost).to_contain_text("Der Server ist gerade nicht erreichbar.")
        expect(visit.page.locator(".fs-exchange").first).to_contain_text("vom Gemeinderat beschlossen")

    with running_server(small_index, tmp_path, port=int(server.url.rsplit(":", 1)[1])):
        lost.get_by_role("button", name="Noch einmal fragen").click()
        visit.wait_for_answer(2)
        expect(visit.page.locator(".fs-exchange")).to_have_count(2)
        expect(visit.page.locator(".fs-exchange").last).to_contain_text("nach fünf Jahren")
        expect(visit.page.get_by_role("alert").filter(visible=True)).to_have_count(0)
