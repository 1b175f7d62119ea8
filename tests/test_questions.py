"""What becomes of a question before it is searched: follow-ups are completed, typing errors mended."""

from __future__ import annotations

import pytest

from assistant.domain import Query, Turn
from assistant.expansions import expanded
from assistant.followups import answered_before, standing_alone
from assistant.lexical import LexicalIndex
from assistant.parts import parts_of
from assistant.texts import message

TEXTS = [
    "Die Turnhalle wird aus der Städtebauförderung saniert. Die Turnhalle gehört der Stadt.",
    "Die Bücherei erhält Fördermittel der Städtebauförderung. Die Grundsteuer ist hier nicht gemeint.",
    "Für den Bescheid ist die Gemeinde zuständig. Der Bescheid der Gemeinde ergeht schriftlich.",
]


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    return LexicalIndex.build(TEXTS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Turnhale sanieren über Städtebauförderug?", "Turnhalle sanieren über Städtebauförderung?"),
        ("geld fuer die Buecherei", "geld für die Bücherei"),
        ("TURNHALEL", "TURNHALLE"),
        ("Wer stellt den Beshceid aus?", "Wer stellt den Bescheid aus?"),
    ],
)
def test_typing_errors_are_mended(lexical: LexicalIndex, typed: str, meant: str) -> None:
    assert lexical.mended(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Wie hoch ist die Hundesteuer?",  # not the Grundsteuer: another first letter
        "Turnhallen der Gemeinden",  # inflected
        "Gemeindebescheid",  # a compound nobody wrote
        "Wie wird das Wetter?",  # a noun is no stop word ("weiter")
        "Bonn 2026 § 5 x",
        "😀 ???",
        "",
    ],
)
def test_what_may_be_right_stays(lexical: LexicalIndex, question: str) -> None:
    assert lexical.mended(question) == question


def after(*earlier: str) -> tuple[Turn, ...]:
    return tuple(Turn(question=question, answer="Ja.") for question in earlier)


@pytest.mark.parametrize(
    "question",
    [
        "Und telefonisch?",
        "Was kommt direkt danach?",
        "Seit wann gibt es die denn?",
        "wer ist Leiterin dort",
        "Gilt das für den Landkreis auch?",
        "Wohin mit dem Antrag?",
    ],
)
def test_a_question_that_leans_on_the_last_one_is_completed(question: str) -> None:
    query = Query(question=question, history=after("Wer berät zum INSEK?"))
    assert standing_alone(query) == f"Wer berät zum INSEK? {question}"


@pytest.mark.parametrize(
    "question",
    [
        "Welche Unterlagen braucht der Antrag auf Städtebauförderung?",
        "Was ist ein Fördergebietskonzept?",
        "Gibt es Zuschüsse für die Sanierung einer Turnhalle?",
    ],
)
def test_a_change_of_topic_drops_the_conversation(question: str) -> None:
    assert standing_alone(Query(question=question, history=after("Wer berät zum INSEK?"))) == question


def test_a_chain_of_follow_ups_goes_back_to_its_first_question() -> None:
    query = Query(question="Und davor?", history=after("Was ist Hundesteuer?", "Wer berät zum INSEK?", "Seit wann?"))
    assert standing_alone(query) == "Wer berät zum INSEK? Seit wann? Und davor?"


@pytest.mark.parametrize(
    ("answer", "searched"),
    [
        ("Die FS INGE berät Sie. [1] Sie sitzt in Leipzig. [2]", "Die FS INGE berät Sie."),
        ("Ja, das geht.", ""),
        ("", ""),
        (message("answers", "declined"), ""),
        ("Beratung " * 100, ("Beratung " * 100)[:160]),
    ],
)
def test_a_follow_up_is_searched_with_what_the_last_answer_named(answer: str, searched: str) -> None:
    history = (Turn(question="Wer berät zum INSEK?", answer=answer),)

    assert answered_before(Query(question="Seit wann gibt es die denn?", history=history)) == searched
    assert answered_before(Query(question="Was ist ein Fördergebietskonzept?", history=history)) == ""
    assert answered_before(Query(question="Und davor?")) == ""


def test_without_a_conversation_nothing_is_completed() -> None:
    assert standing_alone(Query(question="Und davor?")) == "Und davor?"


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ("Wer berät zum INSEK und was kostet das?", ["Wer berät zum INSEK?", "was kostet das?"]),
        ("Wann gilt § 5 Abs. 2, und seit wann?", ["Wann gilt § 5 Abs. 2?", "seit wann?"]),
        (
            "Wir haben 800 Einwohner. Brauchen wir ein INSEK? Wer zahlt?",
            ["Wir haben 800 Einwohner. Brauchen wir ein INSEK?", "Wir haben 800 Einwohner. Wer zahlt?"],
        ),
        (
            "Wie lange gilt das INSEK und brauchen wir ein Büro?",
            ["Wie lange gilt das INSEK?", "brauchen wir ein Büro?"],
        ),
        ("Wer berät und muss zustimmen?", ["Wer berät und muss zustimmen?"]),
        ("Wann und wo war das Treffen?", ["Wann und wo war das Treffen?"]),
        ("Wer prüft, ob und wie gefördert wird?", ["Wer prüft, ob und wie gefördert wird?"]),
        ("Müssen Rat und Verwaltung zustimmen?", ["Müssen Rat und Verwaltung zustimmen?"]),
        ("Wann? Wo? Wer? Wie? Was?", ["Wann? Wo? Wer? Wie? Was?"]),
        ("insek kosten", ["insek kosten"]),
    ],
)
def test_several_questions_are_taken_apart(asked: str, parts: list[str]) -> None:
    assert [part.question for part in parts_of(Query(question=asked))] == parts


def test_a_later_question_knows_the_ones_before_it() -> None:
    _, second = parts_of(Query(question="Wer berät zum INSEK und was kostet das?"))
    assert standing_alone(second) == "Wer berät zum INSEK? was kostet das?"


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("Muss der Rat zustimmen?", "Pflicht: Muss der Rat zustimmen?"),
        ("Brauchen wir ein Konzept?", "Pflicht: Brauchen wir ein Konzept?"),
        ("Wie lange brauchen wir?", "Dauer: Wie lange brauchen wir?"),
        (
            "Der Rat tagt. Dürfen wir den FNP ändern?",
            "zulässig, Flächennutzungsplan: Der Rat tagt. Dürfen wir den FNP ändern?",
        ),
        ("Was der Rat beschließen muss", "Was der Rat beschließen muss"),
    ],
)
def test_what_documents_would_say_is_searched_too(question: str, searched: str) -> None:
    assert expanded(question) == searched


def test_how_long_something_holds_is_no_question_of_its_making() -> None:
    assert expanded("Wie lange gilt ein INSEK?") == "Wie lange gilt ein INSEK?"
    assert expanded("wie lange dauert ein INSEK") == "Dauer: wie lange dauert ein INSEK"
