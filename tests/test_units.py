"""Numbers, dates and paragraph chains count as units in the lexical leg, however they are written."""

from __future__ import annotations

import pytest

from assistant.german import Analyzer
from assistant.lexical import LexicalIndex
from assistant.units import units

PASSAGES = [
    "Nach § 2 Abs. 5 BauGB gilt das nicht.",
    "Nach § 5 Abs. 2 Satz 1 BauGB gilt das nicht.",
    "Nach § 5 Abs. 3 BauGB gilt das nicht.",
    "Der Zuschuss beträgt 12.500 € im Jahr.",
    "Der Zuschuss beträgt 12,5 € im Jahr.",
    "Der Antrag ist bis zum 3. März 2024 zu stellen.",
    "Der Antrag ist bis zum 2. April 2024 zu stellen.",
    "Das Konzept ist nach fünf Jahren zu prüfen.",
]


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    return LexicalIndex.build(PASSAGES)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Was sagt § 5 Abs. 2 BauGB?", 1),
        ("Was sagt § 5 Abs. 2 S. 1 BauGB?", 1),
        ("Was sagt §5 Absatz 2 BauGB?", 1),
        ("Was sagt § 5 (2) BauGB?", 1),
        ("Was sagt Paragraph 5 Absatz 2 BauGB?", 1),
        ("Was sagt § 2 Abs. 5 BauGB?", 0),
        ("Zuschuss 12 500 Euro", 3),
        ("Zuschuss 12500 EUR", 3),
        ("Zuschuss 12,50 Euro", 4),
        ("Antrag bis 03.03.2024", 5),
        ("Antrag bis 2024-03-03", 5),
        ("Antrag bis März 2024", 5),
        ("Antrag bis 2.4.2024", 6),
        ("Prüfung nach 5 Jahren", 7),
    ],
)
def test_a_value_finds_its_passage_however_it_is_written(lexical: LexicalIndex, question: str, passage: int) -> None:
    scores = lexical.scores(question)

    assert scores.argmax() == passage
    assert (scores == scores.max()).sum() == 1


def test_one_chain_is_never_the_other() -> None:
    assert not set(units("§ 5 Abs. 2")) & set(units("§ 2 Abs. 5"))
    assert not set(units("12.500 €")) & set(units("12,5 €"))
    assert not set(units("5,50 %")) & set(units("50,5 %"))


def test_a_plain_word_is_no_unit() -> None:
    assert units("Die 3 Orte in § 7, S. 12, im Jahr 2024, und zwei Werkstätten") == []


def test_the_words_of_a_text_stay_as_they_are(lexical: LexicalIndex) -> None:
    text = "Nach § 5 Abs. 2 BauGB bis zum 3. März 2024: 12.500 €"

    assert lexical.terms(text) == Analyzer(frozenset()).terms(text)
    assert not set(units(text)) & set(lexical.terms(text))
