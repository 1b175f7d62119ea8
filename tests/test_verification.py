"""Statements against the sentences they cite: single facts by hand, and the share of minimal pairs told apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.drafts import Draft, drafts
from assistant.embedding import Embedder
from assistant.german_values import Kind, values
from assistant.likeness import likeness_by
from assistant.proof import Line, prove
from assistant.verification import verify

DATA = Path(__file__).parent / "data"


def supported(statement: str, *cited: str, question: str = "") -> bool:
    return verify(statement, cited, question).supported


class TestValues:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("12.500 €", "12 500 Euro"),
            ("12.500,00 €", "EUR 12.500"),
            ("1,5 Mio. EUR", "1.500.000 Euro"),
            ("1. März 2024", "01.03.2024"),
            ("2024-03-01", "1. 3. 2024"),
            ("zwei Drittel", "2/3"),
            ("die Hälfte", "50 Prozent"),
            ("5 v. H.", "5 %"),
            ("zwölf Monate", "ein Jahr"),
            ("14 Tage", "zwei Wochen"),
            ("anderthalb Jahre", "18 Monate"),
            ("5 ha", "50.000 m²"),
            ("14:30 Uhr", "14 Uhr 30"),
            ("0351 564-50000", "+49 351 56450000"),
            ("§ 5 Abs. 2 Satz 1", "§ 5 Absatz 2 Satz 1"),
            ("dreihundertfünfzig", "350"),
            ("zweijährig", "zwei Jahre"),
        ],
    )
    def test_one_value_in_two_notations_has_one_normal_form(self, one: str, other: str) -> None:
        assert [(v.kind, v.key, v.unit) for v in values(one)] == [(v.kind, v.key, v.unit) for v in values(other)]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("12.500 €", "12,5 €"),
            ("§ 5 Abs. 2", "§ 2 Abs. 5"),
            ("5,50 %", "50,5 %"),
            ("drei Monate", "drei Wochen"),
            ("1. März", "3. Januar"),
            ("10 Prozent", "10 Prozentpunkte"),
        ],
    )
    def test_different_values_differ(self, one: str, other: str) -> None:
        assert [(v.kind, v.key, v.unit) for v in values(one)] != [(v.kind, v.key, v.unit) for v in values(other)]

    def test_an_article_is_no_number_and_a_paragraph_no_amount(self) -> None:
        assert values("Ein Antrag und eine Anlage") == ()
        assert [v.kind for v in values("nach § 171b Abs. 2 BauGB")] == [Kind.LAW]


class TestVerify:
    @pytest.mark.parametrize(
        ("statement", "cited"),
        [
            ("Die Frist dauert 3 Monate.", "Die Frist beträgt drei Monate."),
            ("Die Gemeinde muss kein Konzept haben.", "Die Gemeinde ist nicht verpflichtet, ein Konzept zu haben."),
            ("Es ist nicht zulässig, den Baum zu fällen.", "Der Baum darf nicht gefällt werden."),
            ("Das Büro hat nicht geöffnet.", "Das Büro bleibt geschlossen."),
            ("Der Zuschuss beträgt höchstens 500 Euro.", "Der Zuschuss beträgt bis zu 500 Euro."),
            ("Der Rat beruft die Mitglieder.", "Die Mitglieder werden vom Rat berufen."),
        ],
    )
    def test_the_same_in_other_words_is_supported(self, statement: str, cited: str) -> None:
        assert supported(statement, cited)

    @pytest.mark.parametrize(
        ("statement", "cited"),
        [
            ("Die Stelle sitzt in Dresden.", "Die Stelle sitzt in Leipzig."),
            ("Das SMIL bewilligt die Mittel.", "Das SMR bewilligt die Mittel."),
            ("Das Konzept muss geprüft werden.", "Das Konzept soll geprüft werden."),
            ("Das Konzept muss nicht geprüft werden.", "Das Konzept darf nicht geprüft werden."),
            ("Der Antrag ist ab dem 31. März zu stellen.", "Der Antrag ist bis zum 31. März zu stellen."),
            ("Die Anlage ist öffentlich.", "Die Anlage ist nicht öffentlich."),
            ("Nach § 5 Abs. 2 gilt die Frist.", "Nach § 2 Abs. 5 gilt die Frist."),
            ("Die Gebühr beträgt 12 Euro im Monat.", "Die Gebühr beträgt 12 Euro im Jahr."),
        ],
    )
    def test_one_changed_word_is_found(self, statement: str, cited: str) -> None:
        assert not supported(statement, cited)

    def test_common_words_of_the_question_may_be_repeated(self) -> None:
        cited = "Der Bürgermeister wird unmittelbar für sieben Jahre gewählt."
        statement = "Gewählt wird der Bürgermeister unmittelbar in der Kommunalwahl für sieben Jahre."

        assert not supported(statement, cited)
        assert supported(statement, cited, question="Wer wird in der Kommunalwahl gewählt?")

    def test_names_of_the_question_prove_nothing(self) -> None:
        cited = "Die Stelle hat ihren Sitz in Leipzig."

        assert not supported("Die Stelle hat ihren Sitz in Dresden.", cited, question="Warum sitzt sie in Dresden?")

    def test_reasons_name_what_was_not_found(self) -> None:
        verdict = verify("Die Frist beträgt vier Monate.", ["Die Frist beträgt drei Monate."])

        assert verdict.reasons == ("value: vier Monate",)

    def test_nothing_is_supported_by_nothing(self) -> None:
        assert not supported("Die Frist beträgt vier Monate.")


class TestProve:
    LINES = (Line(text="Die Beratung ist kostenlos."), Line(text="Die Stelle sitzt in Leipzig."))

    def test_marks_that_do_not_carry_a_sentence_are_replaced(self, embedder: Embedder) -> None:
        proof = prove(Draft(text="Die Stelle sitzt in Leipzig.", marks=(1,)), self.LINES, "", likeness_by(embedder))

        assert proof is not None
        assert proof.places == (1,)

    def test_marks_that_are_not_needed_are_left_out(self, embedder: Embedder) -> None:
        proof = prove(Draft(text="Die Stelle sitzt in Leipzig.", marks=(1, 2)), self.LINES, "", likeness_by(embedder))

        assert proof is not None
        assert proof.places == (1,)

    def test_a_false_sentence_is_replaced_by_the_quote(self, embedder: Embedder) -> None:
        proof = prove(Draft(text="Die Stelle sitzt in Dresden.", marks=(2,)), self.LINES, "", likeness_by(embedder))

        assert proof is not None
        assert proof.replaced
        assert proof.text == self.LINES[1].text

    @pytest.mark.parametrize(
        ("written", "cited"),
        [
            (
                "Die Beratung ist kostenlos.",
                "Ein leerer Laden hängt oft mit anderem zusammen; die Beratung kann helfen, das zu erkennen.",
            ),
            (
                "Das Dachkonzept ist ein zentraler Teil des INSEKs.",
                "„Dachkonzept“ nennt die Stadt ihr INSEK, weil es als Richtschnur über den Fachkonzepten steht.",
            ),
            (
                "Der Klimaschutz im INSEK ist ein wichtiger Bestandteil des Bauleitplans.",
                "Ein INSEK, das Bauleitpläne vorbereitet, nimmt diese Grundsätze sinnvollerweise als Ziele auf.",
            ),
            (
                "Die Umsetzung wird überwacht durch die Kosten- und Finanzierungsübersicht.",
                "Schritte sind: Beteiligung, Mittelbündelung, Kosten- und Finanzierungsübersicht, Umsetzung.",
            ),
            (
                "Die Rechtsgrundlage des INSEK ist die Bauleitplanung.",
                "Rechtlich bedeutsam wird das INSEK mittelbar, nämlich in der Bauleitplanung und bei der Förderung.",
            ),
            ("169 Städte und Gemeinden.", "Sachsen hatte am 1. Januar 2023 insgesamt 418 Gemeinden, davon 169 Städte."),
            (
                "Leerstand (in der Gemeinde)",
                "Hinzu kommen nach allgemeinem Fachwissen eigene Daten der Gemeinde, etwa aus Planung oder Leerstand.",
            ),
        ],
    )
    def test_words_of_the_evidence_put_together_to_something_else_are_not_shown(
        self, written: str, cited: str, embedder: Embedder
    ) -> None:
        """A small model wrote these; every word of most of them stands in the cited sentence."""
        proof = prove(
            Draft(text=written, marks=(1,)),
            [Line(text=cited)],
            "Wie wird das überwacht? Welche Rechtsgrundlage hat es?",
            likeness_by(embedder),
        )

        assert proof is None or proof.replaced

    @pytest.mark.parametrize(
        ("written", "cited"),
        [
            ("Der Gemeinderat beschließt das Konzept.", "Das Konzept wird vom Gemeinderat beschlossen."),
            (
                "Die Stelle sitzt in Leipzig.",
                "Die Stelle arbeitet seit dem 1. März 2024 und hat ihren Sitz in Leipzig.",
            ),
            (
                "Überprüft werden soll das Konzept nach spätestens 5 Jahren.",
                "Das Konzept soll spätestens nach fünf Jahren überprüft werden.",
            ),
            (
                "Für Gemeinden kostet die Beratung nichts.",
                "Die Beratung durch die Musterstelle ist für Gemeinden kostenlos.",
            ),
        ],
    )
    def test_the_same_in_other_words_is_shown(self, written: str, cited: str, embedder: Embedder) -> None:
        proof = prove(Draft(text=written, marks=(1,)), [Line(text=cited)], "", likeness_by(embedder))

        assert proof is not None
        assert not proof.replaced


class TestDrafts:
    @pytest.mark.parametrize("size", [1, 3, 1000])
    def test_sentences_are_the_same_however_the_text_is_cut(self, size: int) -> None:
        text = (
            "<think>Hm. [1]</think>Die Frist gem. § 5 Abs. 2 endet am 3. März 2024. [1] "
            "Danach gilt z. B. Nr. 4. [2][3]\n"
            "- **Drittens** gilt nichts [4, 5]."
        )
        pieces = [text[at : at + size] for at in range(0, len(text), size)]

        assert list(drafts(pieces)) == [
            Draft(text="Die Frist gem. § 5 Abs. 2 endet am 3. März 2024.", marks=(1,)),
            Draft(text="Danach gilt z. B. Nr. 4.", marks=(2, 3)),
            Draft(text="Drittens gilt nichts.", marks=(4, 5)),
        ]

    @pytest.mark.parametrize("text", ["(Was ist ein INSEK?)", "Und wer zahlt das?", "Dazu gehören:"])
    def test_questions_and_announcements_are_told_from_statements(self, text: str) -> None:
        assert [draft.asks for draft in drafts([f"{text} [1]\nDie Beratung ist kostenlos. [1]"])] == [True, False]

    def test_half_a_sentence_is_told_from_whole_ones(self) -> None:
        assert list(drafts(["Die Beratung ist kostenlos. [1]\nDie Stelle sitzt in"])) == [
            Draft(text="Die Beratung ist kostenlos.", marks=(1,)),
            Draft(text="Die Stelle sitzt in", whole=False),
        ]


def pairs(half: str) -> Iterator[dict[str, Any]]:
    for line in (DATA / f"verification_{half}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def shares(half: str) -> tuple[float, float]:
    """Share of changed statements caught, and share of faithful ones refused."""
    told = [(pair["supported"], supported(pair["statement"], pair["source"])) for pair in pairs(half)]
    changed, faithful = [found for true, found in told if not true], [found for true, found in told if true]
    return 1 - sum(changed) / len(changed), 1 - sum(faithful) / len(faithful)


class TestMinimalPairs:
    """The floors are what was reached, a little lowered; see the figures in the benchmark notes."""

    def test_pairs_used_for_development(self) -> None:
        caught, refused = shares("dev")

        assert caught >= 0.98
        assert refused <= 0.035

    def test_pairs_kept_back(self) -> None:
        caught, refused = shares("test")

        assert caught >= 0.94
        assert refused <= 0.15

    def test_the_halves_share_no_source(self) -> None:
        assert {pair["source"] for pair in pairs("dev")}.isdisjoint(pair["source"] for pair in pairs("test"))
