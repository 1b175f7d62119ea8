"""Measures on examples worked out by hand, and against ir-measures."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from assistant.domain import Span, Status, Support
from eval.cases import EvalCase, Fact, Place
from eval.measures import answers, citations, ranking, refusal
from eval.measures.catalogue import all_measures, case_values
from eval.results import CaseResult, Cited, Found, GivenAnswer, Said, Units


def place(document: str, start: int, end: int, text: str = "", pages: tuple[int, ...] = ()) -> Place:
    return Place(document=document, span=Span(start=start, end=end), text=text, pages=pages)


def case(*gold: Place, answerable: bool = True, facts: tuple[Fact, ...] = ()) -> EvalCase:
    return EvalCase(id="1", question="?", answerable=answerable, gold=gold, facts=facts)


def answer(
    *cited: Place, text: str = "", status: Status = Status.ANSWERED, confidence: float = 0.8, units: Units | None = None
) -> GivenAnswer:
    return GivenAnswer(
        status=status,
        mode="extractive",
        text=text,
        confidence=confidence,
        sentences=tuple(Said(text=text, markers=(1,), support=Support.VERBATIM) for _ in cited),
        citations=tuple(Cited(marker=at, place=p, verbatim=True) for at, p in enumerate(cited, start=1)),
        units=units,
    )


def result(of: EvalCase, given: GivenAnswer | None = None, *hits: Place) -> CaseResult:
    return CaseResult(case=of, asked="?", hits=tuple(Found(place=p, score=1.0) for p in hits), answer=given)


GOLD = [place("a", 10, 20), place("b", 0, 5)]
HITS = [place("c", 0, 99), place("a", 0, 15), place("a", 15, 30), place("b", 5, 9), place("b", 4, 6)]


def test_a_hit_is_relevant_when_it_is_the_first_to_find_a_gold_place() -> None:
    # a 15..30 finds the first gold place again; b 5..9 touches the second without sharing a character.
    assert ranking.verdicts(HITS, GOLD) == ([False, True, False, False, True], 0)
    assert ranking.verdicts(HITS[:4], GOLD) == ([False, True, False, False], 1)


def test_documents_rank_where_their_first_hit_stands() -> None:
    assert ranking.document_verdicts(HITS, [*GOLD, place("z", 0, 1)]) == ([False, True, True], 1)


def test_ranking_measures_by_hand() -> None:
    relevant, missed = ranking.verdicts(HITS, GOLD)

    assert ranking.recall(HITS, GOLD, 1) == 0
    assert ranking.recall(HITS, GOLD, 3) == 0.5
    assert ranking.recall(HITS, GOLD, 5) == 1
    assert ranking.reciprocal_rank(relevant, 10) == 1 / 2
    assert ranking.reciprocal_rank(relevant, 1) == 0
    assert ranking.average_precision(relevant, missed) == pytest.approx((1 / 2 + 2 / 5) / 2)
    ideal = 1 + 1 / math.log2(3)
    assert ranking.ndcg(relevant, missed, 10) == pytest.approx((1 / math.log2(3) + 1 / math.log2(6)) / ideal)
    assert ranking.ndcg(relevant[:4], 1, 10) == pytest.approx((1 / math.log2(3)) / ideal)


def test_ranking_measures_agree_with_ir_measures() -> None:
    ir_measures = pytest.importorskip("ir_measures", reason="the test extra brings ir-measures")
    chance = random.Random(7)
    for _ in range(50):
        gold = [place("d", at * 10, at * 10 + 5) for at in range(chance.randint(1, 4))]
        hits = [place(chance.choice("de"), at, at + 3) for at in chance.sample(range(60), 20)]
        relevant, missed = ranking.verdicts(hits, gold)
        qrels = [ir_measures.Qrel("q", f"h{at}", int(hit)) for at, hit in enumerate(relevant)]
        qrels += [ir_measures.Qrel("q", f"missed{at}", 1) for at in range(missed)]
        listed = [ir_measures.ScoredDoc("q", f"h{at}", -float(at)) for at in range(len(hits))]
        names = ["nDCG@10", "RR@10", "AP"]
        theirs = ir_measures.calc_aggregate([ir_measures.parse_measure(name) for name in names], qrels, listed)

        ours = {
            "nDCG@10": ranking.ndcg(relevant, missed, 10),
            "RR@10": ranking.reciprocal_rank(relevant, 10),
            "AP": ranking.average_precision(relevant, missed),
        }
        assert ours == pytest.approx({str(measure): value for measure, value in theirs.items()}, abs=1e-6)


def test_a_measure_deeper_than_the_hit_lists_is_left_out() -> None:
    found = case_values(replace(result(case(*GOLD), None, *HITS), depth=5))

    assert {"recall@5", "found@5", "map", "document_recall@5"} <= set(found)
    assert not {"recall@10", "recall@20", "mrr@10", "ndcg@10", "document_ndcg@10"} & set(found)


def test_gold_is_found_in_the_answer_and_in_the_first_citations() -> None:
    gold = [place("a", 10, 20, "der Stadtrat"), place("a", 30, 35, "2024")]
    given = answer(place("a", 0, 15), place("a", 15, 22), text="„Der  Stadtrat“ beschließt. [1]")
    of = result(case(*gold), given)

    assert answers.gold_in_answer(of) == 0.5
    assert answers.gold_in_citations(of, 1) == 0
    assert answers.gold_in_citations(of, 3) == 0.5


def test_a_blank_between_two_cited_sentences_may_stay_uncited() -> None:
    gold = place("a", 0, 9, "Ja. Nein.")
    given = answer(place("a", 0, 3), place("a", 4, 9))

    assert answers.gold_in_citations(result(case(gold), given), 3) == 1
    assert answers.gold_in_citations(result(case(place("a", 0, 9, "JaX.Nein.")), given), 3) == 0


def test_answer_sentences_follow_omos_qa() -> None:
    gold = case(place("a", 0, 1))

    def pair(units: Units) -> tuple[float, float] | None:
        return answers.sentence_precision_recall(result(gold, answer(units=units)))

    assert pair(Units(gold=4, cited=2, both=1)) == (0.5, 0.25)
    assert pair(Units(gold=4, cited=0, both=0)) == (1.0, 0.0)
    assert pair(Units(gold=0, cited=2, both=0)) is None


def test_the_f_of_answer_sentences_is_taken_from_the_mean_precision_and_recall() -> None:
    results = [
        result(case(place("a", 0, 1)), answer(units=Units(gold=2, cited=2, both=2))),
        result(case(place("a", 0, 1)), answer(units=Units(gold=2, cited=2, both=0))),
        result(case(answerable=False), answer(units=Units(gold=0, cited=2, both=0))),
    ]
    measure = all_measures()["sentence_f"]

    assert measure.value(results) == pytest.approx(0.5)
    assert measure.defined(results) == 2


def test_facts_and_words() -> None:
    gold = case(place("a", 0, 1, "Die Förderung beträgt 12.500 €"), facts=(Fact(text="12500 Euro"), Fact(text="7")))
    of = result(gold, answer(place("a", 0, 1), text="12.500 Euro [1]"))

    assert answers.fact_recall(of) == 0.5
    # said: 12500 euro; wanted: förderung beträgt 12500 euro
    assert answers.answer_token_f1(of) == pytest.approx(2 * 2 / (2 + 4))


def test_citations_are_held_against_gold_and_pages() -> None:
    gold = [place("a", 10, 20, pages=(3,)), place("b", 0, 5, pages=(7,))]
    of = result(case(*gold), answer(place("a", 19, 25, pages=(3, 4)), place("c", 0, 5, pages=(7,))))

    assert citations.citation_precision(of) == 0.5
    assert citations.citation_recall(of) == 0.5
    assert citations.right_page(of) == 1
    assert citations.verbatim_quotes(of) == 1
    assert citations.cited_sentences(of) == 1
    assert citations.unsupported_sentences(of) == 0


def test_proofs_of_a_refusal_are_undefined_but_its_recall_is_nothing() -> None:
    of = result(case(place("a", 0, 5, pages=(1,))), answer(status=Status.DECLINED))

    assert citations.citation_precision(of) is None
    assert citations.right_page(of) is None
    assert citations.citation_recall(of) == 0


def test_status_without_and_with_an_expectation() -> None:
    declined, answered = answer(status=Status.DECLINED), answer(status=Status.PARTIAL)

    assert refusal.status_right(result(case(), answered)) == 1
    assert refusal.status_right(result(case(), declined)) == 0
    assert refusal.status_right(result(case(answerable=False), declined)) == 1
    assert refusal.status_right(result(case(answerable=False), answered)) == 0
    expected = EvalCase(id="1", question="?", answerable=True, expected=Status.ANSWERED)
    assert refusal.status_right(result(expected, answered)) == 0


def test_refusal_measures_by_hand() -> None:
    declined = answer(status=Status.DECLINED, confidence=0.2)
    results = [
        result(case(), answer(confidence=0.9)),
        result(case(), declined),
        result(case(), answer(confidence=0.6)),
        result(case(answerable=False), declined),
        result(case(answerable=False), answer(confidence=0.7)),
    ]
    values = {name: measure.value(results) for name, measure in all_measures().items()}

    assert values["status_right"] == pytest.approx(3 / 5)
    assert values["no_answer_precision"] == pytest.approx(1 / 2)
    assert values["no_answer_recall"] == pytest.approx(1 / 2)
    assert values["no_answer_f"] == pytest.approx(1 / 2)
    assert values["error_rate"] == pytest.approx(1 / 3)
    assert values["hallucination_rate"] == pytest.approx(1 / 2)
    assert values["balanced_accuracy"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    # pairs: .9>.2 .9>.7 .2=.2 .2<.7 .6>.2 .6<.7
    assert values["auroc"] == pytest.approx((1 + 1 + 0.5 + 0 + 1 + 0) / 6)


def test_rightness_of_a_declined_case_is_read_from_its_first_hits() -> None:
    gold, declined = place("a", 0, 5), answer(status=Status.DECLINED, confidence=0.3)

    assert refusal.confidence_and_right(result(case(gold), declined, place("a", 0, 9))) == (0.3, 1.0)
    far = [place("x", at, at + 1) for at in range(3)]
    assert refusal.confidence_and_right(result(case(gold), declined, *far, place("a", 0, 9))) == (0.3, 0.0)
    assert refusal.confidence_and_right(result(case(answerable=False), declined)) == (0.3, 0.0)


def test_a_crashed_case_is_left_out_everywhere() -> None:
    crashed = CaseResult(case=case(place("a", 0, 1)), asked="?", error="RuntimeError: no")

    assert case_values(crashed) == {}
    assert all(measure.defined([crashed]) == 0 for measure in all_measures().values())
