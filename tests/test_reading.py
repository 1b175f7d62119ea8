"""A question is read so that its own words decide: in follow-ups, and in each part of a question that asks several."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain import Answer, Query, Status, Turn
from assistant.followups import FollowUps
from assistant.own_words import names
from assistant.service import Assistant


def after(assistant: Assistant, first: str, question: str) -> Answer:
    """The answer to ``question``, asked after ``first`` was answered."""
    before = assistant.ask(Query(question=first))
    return assistant.ask(Query(question=question, history=(Turn(question=first, answer=before.text),)))


@pytest.mark.parametrize(
    ("first", "question"),
    [
        ("Wo sitzt die Musterstelle?", "Haben die einen Parkplatz?"),
        ("Wo sitzt die Musterstelle?", "Und wie wird morgen dort das Wetter?"),
        ("Was kostet die Beratung durch die Musterstelle?", "Und was kostet dann ein Reisepass?"),
    ],
)
def test_what_a_follow_up_leans_on_does_not_answer_for_it(
    small_assistant: Assistant, first: str, question: str
) -> None:
    assert small_assistant.ask(Query(question=first)).status is Status.ANSWERED
    assert after(small_assistant, first, question).status is Status.DECLINED


@pytest.mark.parametrize("question", ["Und wo bekommt man den?", "Kann das auch der Rat machen?"])
def test_what_goes_on_from_a_question_that_was_declined_is_declined(small_assistant: Assistant, question: str) -> None:
    assert small_assistant.ask(Query(question="Was kostet ein Reisepass?")).status is Status.DECLINED
    assert after(small_assistant, "Was kostet ein Reisepass?", question).status is Status.DECLINED


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Und wo sitzt sie?", "Wo sitzt die Musterstelle?"),
        ("Und wie werden dabei Bürger beteiligt?", "Beteiligung"),
        ("Und nach fünf Jahren?", "Fortschreibung"),
    ],
)
def test_a_long_conversation_does_not_hide_what_a_follow_up_asks(
    small_assistant: Assistant, question: str, found: str
) -> None:
    answer = "Die Beratung durch die Musterstelle ist für Gemeinden kostenlos. Fahrtkosten werden nicht berechnet."
    history = tuple(
        Turn(question=before, answer=answer)
        for before in (
            "Was kostet die Beratung durch die Musterstelle?",
            "Was kostet sie Gemeinden?",
            "Und die Fahrtkosten?",
        )
    )

    hits = small_assistant.search(Query(question=question, history=history)).hits

    assert hits[0].passage.headings[-1] == found


def test_a_follow_up_may_leave_all_but_the_topic_behind(small_assistant: Assistant) -> None:
    answer = after(small_assistant, "Wo sitzt die Musterstelle?", "Was kostet das?")

    assert "kostenlos" in answer.text
    assert answer.question == "Was kostet das?"


def test_a_follow_up_in_other_words_than_the_documents_is_answered(small_assistant: Assistant) -> None:
    answer = after(
        small_assistant, "Wann soll das Entwicklungskonzept überprüft werden?", "Wie werden dabei die Bürger beteiligt?"
    )

    assert answer.status is Status.ANSWERED
    assert "Befragung" in answer.text


@pytest.mark.parametrize("town", ["Niesky", "Großenhain"])
def test_a_town_that_no_document_names_does_not_stand_in_the_way(small_assistant: Assistant, town: str) -> None:
    question = f"Was kostet die Beratung durch die Musterstelle in {town}?"
    history = (Turn(question="Was kostet die Beratung?", answer="Sie ist kostenlos."),)
    completed = Query(question=f"Und in {town}?", history=history, rewritten=question)

    assert "kostenlos" in small_assistant.ask(Query(question=question)).text
    assert "kostenlos" in small_assistant.ask(completed).text
    assert names(f"Was kostet die Beratung in {town}?") == ["Beratung"]


def test_an_answer_tells_how_a_follow_up_was_understood(small_assistant: Assistant) -> None:
    first, question = "Wo sitzt die Musterstelle?", "Und was kostet die Beratung durch sie?"
    history = (Turn(question=first, answer="In Leipzig."),)
    follow_up = Query(question=question, history=history)
    completed = "Was kostet die Beratung durch die Musterstelle?"

    third = Query(question="Und wann?", history=(*history, Turn(question=question, answer="Nichts.")))

    assert small_assistant.ask(follow_up).read_as == f"{first} {question}"
    assert small_assistant.ask(third).read_as == f"{first} … Und wann?"
    assert small_assistant.ask(replace(follow_up, rewritten=completed)).read_as == completed
    assert not small_assistant.ask(replace(follow_up, question=completed)).read_as


def test_what_a_completed_question_names_decides_whether_it_is_about_something_else(small_assistant: Assistant) -> None:
    history = (Turn(question="Was kostet die Beratung?", answer="Sie ist kostenlos."),)
    completed = Query(question="Und der?", history=history, rewritten="Was kostet ein Reisepass?")

    assert small_assistant.ask(completed).status is Status.DECLINED


def test_a_part_that_only_gets_what_another_got_stays_open(small_assistant: Assistant) -> None:
    answer = small_assistant.ask(Query(question="Wo sitzt die Musterstelle und wer leitet sie?"))

    assert answer.status is Status.PARTIAL
    assert "Leipzig" in answer.text
    assert "„wer leitet sie?“" in answer.note


def test_the_suggestions_for_a_part_that_stays_open_are_near_to_that_part(small_assistant: Assistant) -> None:
    near = small_assistant.ask(Query(question="Wo sitzt die Musterstelle und welche Farbe hat das Konzept?"))
    far = small_assistant.ask(Query(question="Wo sitzt die Musterstelle und was kostet ein Reisepass?"))

    assert near.status is far.status is Status.PARTIAL
    assert all(place.startswith("Musterleitfaden") for place in near.suggestions)
    assert near.suggestions
    assert not far.suggestions


def test_one_place_may_answer_both_parts(small_assistant: Assistant) -> None:
    answer = small_assistant.ask(Query(question="Wie hoch ist der Hebesatz und wann tritt die Satzung in Kraft?"))

    assert answer.status is Status.ANSWERED
    assert "420" in answer.text
    assert "1. Januar 2025" in answer.text


@pytest.mark.parametrize("question", ["Ersetzt das unser Konzept?", "Steht das im neuen Leitfaden?", "Dürfen wir das?"])
def test_a_pronoun_is_told_from_an_article_by_what_follows(question: str) -> None:
    assert FollowUps.shipped().leans(question)
