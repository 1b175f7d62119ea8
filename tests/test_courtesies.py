"""Greetings and thanks around a question change nothing about its answer."""

from __future__ import annotations

import pytest

from assistant.courtesies import without_courtesies
from assistant.domain import Query, Turn
from assistant.service import Assistant

QUESTION = "Was kostet die Beratung durch die Musterstelle?"


@pytest.mark.parametrize(
    "question",
    [
        f"Hallo, {QUESTION}",
        f"hallo {QUESTION}",
        f"Guten Tag, {QUESTION} Danke und Grüße, Müller",
        f"Guten Morgen Frau Dr. Weber, {QUESTION} LG Jens",
        f"Sehr geehrte Damen und Herren, {QUESTION} Mit freundlichen Grüßen Frau Schmidt",
        f"Sehr geehrte Frau Müller-Lang, {QUESTION} Vielen Dank im Voraus und viele Grüße aus Pirna",
        f"Liebe Kolleginnen und Kollegen, {QUESTION}",
        f"ok danke. {QUESTION}",
        f"Guten Tag – {QUESTION}",
        f"{QUESTION} vg",
    ],
)
def test_greetings_and_thanks_are_taken_off(question: str) -> None:
    assert without_courtesies(question) == QUESTION


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "Vielen Dank!",
        "Danke, das war alles",
        "Moin",
        "Was ist ein Konzept? Danke, und wer beschließt es",
        "Wer hilft uns? Danke. Es geht um Barrierefreiheit.",
        "Wer hilft uns? Viele Grüße aus Pirna. Es geht um Barrierefreiheit.",
        "Wer zahlt, LG Leipzig oder die Stadt",
        "Gut-erreichbare Zentren: was heißt das?",
        "Übersetze „Guten Tag“ ins Tschechische",
        "Was sagt der Leitfaden zu Dank, Grüßen und Ehrungen?",
        "Wie schreibt man liebe Grüße?",
        "Wer darf Gut, Haus und Hof kaufen?",
    ],
)
def test_what_is_asked_itself_and_what_is_nothing_else_stays(question: str) -> None:
    assert without_courtesies(question) == question


def test_a_question_of_small_words_is_one() -> None:
    assert without_courtesies("Ok, und wo?") == "Und wo?"


def test_an_answer_to_a_polite_question_is_the_same_and_repeats_the_question_as_asked(
    small_assistant: Assistant,
) -> None:
    polite = f"Guten Tag, {QUESTION} Danke und Grüße, Müller"
    answer, expected = small_assistant.ask(Query(question=polite)), small_assistant.ask(Query(question=QUESTION))

    assert (answer.text, answer.confidence, answer.status) == (expected.text, expected.confidence, expected.status)
    assert answer.question == polite
    assert not answer.read_as
    assert small_assistant.search(Query(question=polite)).hits == small_assistant.search(Query(question=QUESTION)).hits


def test_a_follow_up_that_begins_with_thanks_still_leans_on_what_was_asked(small_assistant: Assistant) -> None:
    history = (Turn(question=f"Hallo, {QUESTION}", answer="Sie ist kostenlos."),)
    answer = small_assistant.ask(Query(question="Danke, und wo sitzt sie?", history=history))

    assert answer.read_as == f"{QUESTION} Und wo sitzt sie?"
