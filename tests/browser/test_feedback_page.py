"""Feedback on the chat page: asked for only where the operator wants it, sent only by a button."""

from __future__ import annotations

import json
from typing import Any

from browser_support import Open, Visit
from playwright.sync_api import expect
from ui_support import Server

QUESTION = "Was kostet die Beratung durch die Musterstelle?"


def kept(server: Server) -> list[dict[str, Any]]:
    """What the server has written."""
    file = server.log.with_name("feedback.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def answered(open_page: Open, server: Server) -> Visit:
    """A page with an answer."""
    visit = open_page(server.url)
    visit.ask(QUESTION)
    return visit


def test_nobody_is_asked_where_it_is_switched_off(open_page: Open) -> None:
    visit = open_page()
    visit.ask(QUESTION)

    expect(visit.page.get_by_text("War das hilfreich?")).to_have_count(0)


def test_one_click_says_that_it_helped(open_page: Open, feedback_server: Server) -> None:
    visit = answered(open_page, feedback_server)
    before = len(kept(feedback_server))
    visit.page.get_by_role("button", name="Ja").click()

    expect(visit.page.locator(".fs-told")).to_have_text("Danke für Ihre Rückmeldung.")
    expect(visit.page.locator(".fs-told")).to_be_focused()
    expect(visit.page.get_by_role("button", name="Ja")).to_have_count(0)
    (entry,) = kept(feedback_server)[before:]
    assert (entry["helpful"], entry["question"], entry["documents"]) == (True, "", ["faq.md"])


def test_reasons_comment_and_question_are_sent_as_ticked(open_page: Open, feedback_server: Server) -> None:
    visit = answered(open_page, feedback_server)
    before = len(kept(feedback_server))
    visit.page.get_by_role("button", name="Nein").click()
    expect(visit.page.get_by_role("checkbox", name="Die Antwort ist falsch.")).to_be_focused()
    visit.page.get_by_role("checkbox", name="Die Angaben sind veraltet.").check()
    visit.page.get_by_label("Anmerkung").fill("<b>Neu</b> ist es anders.")
    assert len(kept(feedback_server)) == before
    visit.page.get_by_role("button", name="Rückmeldung senden").click()

    expect(visit.page.locator(".fs-told")).to_have_text("Danke für Ihre Rückmeldung.")
    (entry,) = kept(feedback_server)[before:]
    assert entry["helpful"] is False
    assert entry["reasons"] == ["outdated"]
    assert entry["comment"] == "<b>Neu</b> ist es anders."
    assert entry["question"] == ""

    visit.ask("Wo sitzt die Musterstelle?")
    visit.page.get_by_role("button", name="Nein").click()
    visit.page.get_by_role("checkbox", name="Meine Frage mitspeichern").check()
    visit.page.get_by_role("button", name="Rückmeldung senden").click()
    expect(visit.page.locator(".fs-told").last).to_have_text("Danke für Ihre Rückmeldung.")
    assert kept(feedback_server)[-1]["question"] == "Wo sitzt die Musterstelle?"


def test_half_written_feedback_survives_the_next_question(open_page: Open, feedback_server: Server) -> None:
    visit = answered(open_page, feedback_server)
    visit.page.get_by_role("button", name="Nein").click()
    visit.page.get_by_label("Anmerkung").fill("Angefangen")
    visit.ask("Wo sitzt die Musterstelle?")

    expect(visit.page.get_by_label("Anmerkung").first).to_have_value("Angefangen")


def test_it_can_be_taken_back_before_it_is_sent(open_page: Open, feedback_server: Server) -> None:
    visit = answered(open_page, feedback_server)
    visit.page.get_by_role("button", name="Nein").click()
    visit.page.get_by_role("button", name="Abbrechen").click()

    expect(visit.page.locator(".fs-feedback-form")).to_be_hidden()
    expect(visit.page.get_by_role("button", name="Nein")).to_be_focused()


def test_what_went_wrong_is_said_in_german_and_can_be_tried_again(open_page: Open, feedback_server: Server) -> None:
    visit = answered(open_page, feedback_server)
    visit.page.get_by_role("button", name="Nein").click()
    visit.page.get_by_label("Anmerkung").fill("Bleibt stehen")
    visit.page.context.set_offline(True)
    visit.page.get_by_role("button", name="Rückmeldung senden").click()
    expect(visit.page.locator(".fs-told")).to_contain_text("konnte nicht gesendet werden")

    visit.page.context.set_offline(False)
    expect(visit.page.get_by_label("Anmerkung")).to_have_value("Bleibt stehen")
    visit.page.get_by_role("button", name="Rückmeldung senden").click()
    expect(visit.page.locator(".fs-told")).to_have_text("Danke für Ihre Rückmeldung.")
