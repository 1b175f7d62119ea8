"""German numbers, amounts and dates have one form, and different ones stay different."""

from __future__ import annotations

import pytest

from eval.cases import Fact
from eval.measures.wording import canonical, says, token_f1, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12.500 €", "12 500 Euro"),
        ("12.500 €", "12500 EUR"),
        ("12.500,00 Euro", "12\u202f500 €"),
        ("5,50 %", "5,5 Prozent"),
        ("50 v. H.", "50 %"),
        ("1,5 Mio. Euro", "1.500.000 €"),
        ("2 Milliarden Euro", "2.000.000.000 €"),
        ("250 Tsd. Euro", "250.000 Euro"),
        ("1. März 2024", "01.03.2024"),
        ("am 1.3.2024", "am 1. März 2024"),
        ("§ 5 Abs. 2", "§5 Abs.2"),
        ("12.500 Euro", "EUR 12.500"),
        ("12.500,50 €", "€ 12.500,50"),
        ("„Stadt“ und  Land", "Stadt und Land"),
        ("Für 3 Jahre [2].", "für 3 jahre."),
    ],
)
def test_these_are_the_same(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12.500 €", "12,5 €"),
        ("12.500 €", "12.50 €"),
        ("§ 5 Abs. 2", "§ 2 Abs. 5"),
        ("5,50 %", "50,5 %"),
        ("1.3.2024", "3.1.2024"),
        ("1.500 Euro", "1,500 Euro"),
        ("2024", "2.024,5"),
    ],
)
def test_these_are_not(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_a_fact_must_stand_there_as_whole_words() -> None:
    assert says("Gefördert werden bis zu 75 Prozent der Kosten. [1]", Fact(text="75 %"))
    assert not says("Gefördert werden 175 % der Kosten.", Fact(text="75 %"))
    assert not says("Es sind 5,75 %.", Fact(text="75 %"))
    assert says("Der Antrag ist am 1. März 2024 zu stellen.", Fact(text="01.03.2024"))


def test_a_pattern_is_searched_in_both_forms() -> None:
    assert says("Bis zum 1. März 2024.", Fact(text=r"2024-03-\d\d", pattern=True))
    assert says("Bis zum 1. März 2024.", Fact(text=r"1\. märz", pattern=True))
    assert not says("Im Jahr 2023.", Fact(text="2024", pattern=True))


def test_token_f1_ignores_articles_and_unifies_numbers() -> None:
    assert tokens("Die Stadt zahlt 1.000 €") == ["stadt", "zahlt", "1000", "euro"]
    assert token_f1("Der Stadtrat", ["den Stadtrat"]) == 1
    assert token_f1("", ["Stadtrat"]) == 0
    assert token_f1("Stadtrat und Bürgermeister", ["Stadtrat", "Bürgermeister"]) == pytest.approx(0.8)


def test_a_currency_belongs_to_the_number_before_it() -> None:
    assert canonical("12.500 EUR 300 Personen") == "12500 euro 300 personen"
