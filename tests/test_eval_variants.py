"""Robustness variants: hard for the product, harmless for the meaning, and the same for the same seed."""

from __future__ import annotations

import random

from eval.variants import Variant, vary, with_typing_errors

QUESTION = "Welche Fördermittel können Gemeinden für städtebauliche Maßnahmen beantragen?"


def test_variants_do_what_their_names_say() -> None:
    assert vary(QUESTION, Variant.NONE, 0) == QUESTION
    assert vary(QUESTION, Variant.LOWERCASE, 0) == QUESTION.lower()
    assert "Foerdermittel" in vary(QUESTION, Variant.UMLAUTS, 0)
    assert "staedtebauliche Massnahmen" in vary(QUESTION, Variant.UMLAUTS, 0)


def test_typing_errors_depend_on_the_seed_and_on_nothing_else() -> None:
    assert vary(QUESTION, Variant.TYPOS, 1) == vary(QUESTION, Variant.TYPOS, 1)
    assert len({vary(QUESTION, Variant.TYPOS, seed) for seed in range(20)}) > 10


def test_every_question_gets_an_error_but_keeps_most_words_and_all_first_letters() -> None:
    for seed in range(200):
        changed = with_typing_errors(QUESTION, random.Random(seed))
        before, after = QUESTION.split(), changed.split()
        assert changed != QUESTION
        assert len(before) == len(after)
        assert [word[0] for word in before] == [word[0] for word in after]
        assert sum(x != y for x, y in zip(before, after, strict=True)) <= 5


def test_a_question_without_long_words_stays() -> None:
    assert with_typing_errors("Wer, wo, wie?", random.Random(0)) == "Wer, wo, wie?"
