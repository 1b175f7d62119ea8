"""A question is read so that its own words decide: in follow-ups, and in each part of a question that asks several."""

from __future__ import annotations

import pytest

from assistant.domain import Answer, Query, Status, Turn
from assistant.followups import FollowUps, about_the_topic
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


def test_a_follow_up_may_leave_all_but_the_topic_behind(small_assistant: Assistant) -> None:
    answer = after(small_assistant, "Wo sitzt die Musterstelle?", "Was kostet das?")

    assert "kostenlos" in answer.text
    assert answer.question == "Was kostet das?"


def test_a_follow_up_in_other_words_than_the_documents_is_answered(small_assistant: Assistant) -> None:
    answer = after(small_assistant, "Wann soll das Entwicklungskonzept überprüft werden?", "Und die Bürger?")

    assert answer.status is Status.ANSWERED
    assert "Befragung" in answer.text


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


@pytest.mark.parametrize(
    ("before", "topic"),
    [
        ("Wie lange dauert ein INSEK?", "INSEK"),
        ("Gilt § 47a SächsGemO auch für Landkreise?", "§ 47a SächsGemO Landkreise"),
        ("Was regelt § 5 BauGB?", "§ 5 BauGB"),
        ("Was steht in Anlage B, Teil 3.2?", "Anlage B Teil 3.2"),
        ("was kostet die beratung", "was kostet die beratung"),
    ],
)
def test_the_topic_of_a_question_is_what_it_names(before: str, topic: str) -> None:
    query = Query(question="wer beschließt es?", history=(Turn(question=before, answer="Der Rat. [1]"),))

    assert [turn.question for turn in about_the_topic(query).history] == [topic]


@pytest.mark.parametrize("question", ["Ersetzt das unser Konzept?", "Steht das im neuen Leitfaden?", "Dürfen wir das?"])
def test_a_pronoun_is_told_from_an_article_by_what_follows(question: str) -> None:
    assert FollowUps.shipped().leans(question)
