"""Questions are told apart by what they ask for."""

from __future__ import annotations

import pytest

from assistant.question_kinds import KINDS, ask_alike, kinds_of


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Wer beschließt das INSEK?", {"person"}),
        ("wann muss der antrag da sein", {"time"}),
        ("Bis zu welchem Datum gilt das?", {"time", "choice"}),
        ("Wo sitzt die Fachstelle?", {"place"}),
        ("Wie hoch ist der Fördersatz?", {"quantity", "manner"}),
        ("Wieviele Gemeinden gibt es?", {"quantity"}),
        ("Wie lange dauert das?", {"duration", "manner"}),
        ("Warum brauchen wir ein Konzept?", {"reason"}),
        ("Welche Unterlagen gehören dazu?", {"choice"}),
        ("Was ist ein INSEK?", {"thing"}),
        ("Müssen wir die Bürger beteiligen?", {"decision"}),
        ("Städtebauförderung Antrag Unterlagen", set()),
        ("Antwort der Verwaltung", set()),
    ],
)
def test_a_question_is_of_the_kinds_its_wording_tells(question: str, kinds: set[str]) -> None:
    assert {kind for kind, there in zip(KINDS, kinds_of(question), strict=True) if there} == kinds


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Wie lange gilt ein INSEK?", "Was ist ein INSEK?", False),
        ("Wie lange gilt ein INSEK?", "Wie lange dauert ein INSEK?", True),
        ("Wie lange gilt ein INSEK?", "INSEK Geltung", True),
        ("insek", "Wer beschließt das INSEK?", True),
    ],
)
def test_keywords_may_ask_anything_but_two_questions_only_the_same(one: str, other: str, alike: bool) -> None:
    assert ask_alike(one, other) is ask_alike(other, one) is alike
