from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import LONGEST, split

LABELLED = Path(__file__).parent / "data" / "sentences_de.txt"


def paragraphs() -> list[list[str]]:
    """The labelled sentences, paragraph by paragraph."""
    lines = [line for line in LABELLED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [part.split("\n") for part in "\n".join(lines).strip().split("\n\n")]


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in split(text)]


def test_there_are_at_least_300_labelled_sentences() -> None:
    assert sum(map(len, paragraphs())) >= 300


def test_labelled_sentences_come_out_as_they_went_in() -> None:
    wrong = [part for part in paragraphs() if sentences(" ".join(part)) != part]

    assert len(wrong) <= 0.02 * len(paragraphs()), wrong


@pytest.mark.parametrize(
    "text",
    [
        "Die Frist wird gem. § 5 Abs. 2 Nr. 3 verlängert.",
        "Das gilt z. B. für Gemeinden i. V. m. Art. 28 GG.",
        "Dr. Weber kommt am 3. März um 9.30 Uhr.",
        "Im 19. Jahrhundert entstand der 2. Bauabschnitt.",
        "Das Gesetz (BGBl. I S. 3634) gilt.",
        "Wir gehen zu Fuß.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert sentences(text) == [text]


def test_numbers_of_running_enumerations_open_their_item() -> None:
    text = "Der Satz endet. 1.2 Rechtsgrundlagen Es gilt: a) das Gesetz; b) die Verordnung. (2) Das Land zahlt."

    assert sentences(text) == [
        "Der Satz endet.",
        "1.2 Rechtsgrundlagen Es gilt: a) das Gesetz;",
        "b) die Verordnung.",
        "(2) Das Land zahlt.",
    ]


def test_a_line_break_does_not_end_a_sentence() -> None:
    assert sentences("Die Gemeinde\nzahlt. Das Land\nauch.") == ["Die Gemeinde\nzahlt.", "Das Land\nauch."]


def test_an_endless_sentence_is_cut_at_a_semicolon() -> None:
    parts = sentences("; ".join(f"die Aufgabe {number} des langen Verzeichnisses" for number in range(100)) + ".")

    assert max(map(len, parts)) <= LONGEST
    assert all(part.endswith((";", ".")) for part in parts)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_sentences_cover_any_text_in_order(text: str) -> None:
    end = 0
    for span in split(text):
        assert not text[end : span.start].strip()
        assert span.of(text) == span.of(text).strip()
        assert span.end > span.start >= end
        end = span.end
    assert not text[end:].strip()
