from __future__ import annotations

import pytest

from ingest.language import language

TEXTS = {
    "de": "Die Gemeinde beschließt das Konzept im Rat. Es wird danach öffentlich bekannt gemacht.",
    "en": "The council adopts the concept. It is then published and will be reviewed after five years.",
    "fr": "La commune adopte le projet. Il est ensuite publié dans le journal et les habitants sont informés.",
    "pl": "Rada przyjmuje koncepcję, która jest publikowana. Nie dotyczy to planów, które są już w toku.",
    "cs": "Rada schvaluje koncepci, která se poté zveřejní. To se týká také plánů, které jsou již připraveny.",
    "hsb": "Rada wobzamknje koncept, kotryž so wozjewi. To płaći tež za plany, kotrež su hač do lěta hotowe.",
}


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_the_language_of_a_text_is_recognised(code: str, text: str) -> None:
    assert language(text) == code


@pytest.mark.parametrize(
    "text", ["", "12 345,00 € 2024", "Chemnitz Dresden Leipzig Zwickau Plauen", "Größe: 5; Höhe: 7"]
)
def test_where_nothing_tells_the_language_it_stays_open(text: str) -> None:
    assert language(text) == ""
