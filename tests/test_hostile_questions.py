"""Questions made to be costly, empty or torn apart: each is answered with bounded work, or is no question at all."""

from __future__ import annotations

import pytest

from assistant import german_words
from assistant.domain import Query, Status, Turn
from assistant.errors import InputError
from assistant.followups import MOST_BEFORE, MOST_OF_AN_ANSWER, answered_before, standing_alone
from assistant.german import Analyzer, words
from assistant.lexical import LexicalIndex
from assistant.parts import parts_of
from assistant.questions import checked
from assistant.retrieval import fuse
from assistant.service import Assistant

TEXTS = ["Stadt und Plan: der Stadtplan. Der Stadtplan zeigt die Stadt nach Plan."] * 2


@pytest.mark.parametrize("front", ["", "qqqqq"])
def test_a_word_as_long_as_a_question_is_no_compound(front: str) -> None:
    """Unbounded, it splits in 2 ** 222 ways, or deeper than Python can recurse."""
    analyzer = Analyzer.learn(TEXTS)
    assert analyzer.parts(front + "stadtplan" * 222) == ()
    assert analyzer.parts("stadtplan") == ("stadt", "plan")


def test_texts_of_stop_words_alone_can_be_searched() -> None:
    lexical = LexicalIndex.build(["Anderes\nHier steht etwas ganz anderes.", "Und so weiter."])

    assert lexical.scores("Wer beschließt das Konzept?").tolist() == [0, 0]


def test_a_compound_of_many_parts_still_splits() -> None:
    analyzer = Analyzer.learn(TEXTS)
    assert analyzer.parts("stadtplan" * 8) == ("stadtplan",) * 8
    assert analyzer.parts("qqqqq" + "stadtplan" * 8) == ()


def test_a_word_as_long_as_a_question_is_not_torn_into_all_its_parts() -> None:
    """Two thousand pairs of a head and a tail take seconds to read, and megabytes to remember."""
    assert german_words.splits("bürgerbeteiligung")
    assert german_words.splits("qrst" * 500) == ()


def test_a_line_of_paragraph_signs_is_read_once() -> None:
    """Tried again from each of its signs, this line takes minutes."""
    assert words("§" * 200_000) == []
    assert words("§§ 5 und § 6a, §7") == ["§§5", "§6a", "§7"]


@pytest.mark.parametrize("earlier", [["Wer zahlt? " * 6000], ["Wer berät zum INSEK?"] + ["Und davor?"] * 1000])
def test_a_long_conversation_leads_a_follow_up_with_its_topic_only(earlier: list[str]) -> None:
    history = tuple(Turn(question=question) for question in earlier)
    complete = standing_alone(Query(question="Und danach?", history=history))
    assert complete.startswith(earlier[0][:MOST_BEFORE].split("?")[0])
    assert complete.endswith(" Und danach?")
    assert len(complete) <= MOST_BEFORE + len(" Und danach?")


@pytest.mark.parametrize("said", ["a" * 100_000, "§" * 100_000, "5." * 50_000, "a" + " " * 100_000 + "b"])
def test_a_conversation_of_one_long_word_is_read_once(said: str) -> None:
    """Tried again from each of its letters, it takes a minute."""
    query = Query(question="Und wer zahlt?", history=(Turn(question=said, answer=said),))
    assert len(answered_before(query)) <= MOST_OF_AN_ANSWER


def test_a_word_of_the_index_is_not_mended_into_its_twin_with_umlaut() -> None:
    lexical = LexicalIndex.build(["Die Masse der Maße. Masse und Maße. Die Bücher."])
    assert lexical.mended("Welche Masse, welche Buecher?") == "Welche Masse, welche Bücher?"


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ("Wer zahlt das? ?", ["Wer zahlt das? ?"]),
        ("Wer zahlt das? 😀?", ["Wer zahlt das? 😀?"]),
        ("Wer zahlt?! Wer prüft?", ["Wer zahlt?!", "Wer prüft?"]),
        ("Wer zahlt?Wer prüft?", ["Wer zahlt?", "Wer prüft?"]),
        ("Was heißt „Wer zahlt?“ im INSEK?", ["Was heißt „Wer zahlt?“ im INSEK?"]),
        ("Was steht auf www.example.org/?x=1 dazu?", ["Was steht auf www.example.org/?x=1 dazu?"]),
        ("Gilt das z. B. in Aue? Und wann?", ["Gilt das z. B. in Aue?", "Und wann?"]),
        ("Wer zahlt? Wer prüft? Es brennt.", ["Es brennt. Wer zahlt?", "Es brennt. Wer prüft?"]),
    ],
)
def test_only_what_asks_something_is_a_part(asked: str, parts: list[str]) -> None:
    assert [part.question for part in parts_of(Query(question=asked))] == parts


def test_a_document_named_twice_counts_once(small_assistant: Assistant) -> None:
    twice = Query(question="Wer beschließt das Konzept?", documents=("leitfaden.md", "leitfaden.md"))
    hits = small_assistant.search(twice).hits
    assert len({hit.passage.id for hit in hits}) == len(hits)
    assert checked(twice, 2000).documents == ("leitfaden.md",)


def test_a_leg_of_equal_scores_counts_nothing() -> None:
    """The mean of equal numbers may differ from them in the last digit."""
    assert fuse([[0.1] * 3, [1.0, 0.0, 0.5]], [1.0, 0.0]) == [0.0] * 3


@pytest.mark.parametrize(
    "question",
    [
        "der die das und oder",
        "12",
        "😀 INSEK 😀",
        "Who decides on the development concept?",
        '"Konzept" AND (Beschluss OR -Rat) title:x* ~2 ^5 {} %s \\',
        "Wer beschließt das Konzept und wann? " * 54,
        "x" * 2000,
    ],
)
def test_an_odd_question_gets_hits_and_an_honest_answer(small_assistant: Assistant, question: str) -> None:
    assert small_assistant.search(Query(question=question), 3).hits
    answer = small_assistant.ask(Query(question=question))
    assert answer.text
    assert (answer.status is Status.DECLINED) == (not answer.citations)


@pytest.mark.parametrize("question", ["😀😀", "§", "?!", ""])
def test_without_a_letter_or_number_there_is_no_question(small_assistant: Assistant, question: str) -> None:
    with pytest.raises(InputError, match="Frage"):
        small_assistant.search(Query(question=question))
