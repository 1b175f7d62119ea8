"""The judge: its verdicts are read strictly, and it is judged itself."""

from __future__ import annotations

import pytest
from eval_support import synthetic
from langchain_core.language_models import FakeListChatModel

from eval.judge import Grade, agreement, gradable, grade, judgement, read_grade


def test_only_a_whole_verdict_counts() -> None:
    verdict = '{"richtig": true, "belegt": false, "grund": "Zahl fehlt."}'
    assert read_grade(verdict) == Grade(correct=True, faithful=False, reason="Zahl fehlt.")
    assert read_grade(f"Gern:\n```json\n{verdict}\n```") == read_grade(verdict)
    for unreadable in ("", "Ja.", "{}", '{"richtig": "ja", "belegt": true}', '{"richtig": true}', "[1]", "}{"):
        assert read_grade(unreadable) is None


def test_agreement_is_corrected_for_chance() -> None:
    found = agreement([(True, True)] * 4 + [(False, False)] * 4 + [(True, False)] * 2)
    assert found is not None
    assert found.share == pytest.approx(0.8)
    # yes: 6/10 and 4/10; by chance .6*.4 + .4*.6 = .48
    assert found.kappa == pytest.approx((0.8 - 0.48) / 0.52)
    assert agreement([]) is None


def test_a_chat_model_grades_what_can_be_graded() -> None:
    results = synthetic(40, 0.8, "product").results
    model = FakeListChatModel(responses=['{"richtig": true, "belegt": true, "grund": "passt"}', "unlesbar"])
    seen: list[tuple[int, int]] = []

    found = judgement(results, lambda prompt: str(model.invoke(prompt).content), "fake", lambda *at: seen.append(at))

    cases = sum(gradable(result) for result in results)
    assert seen[-1] == (cases, cases)
    assert found["graded"] + found["unreadable"] == cases
    assert found["correct"] == 1
    assert found["agreement_with_right_place"]["n"] == found["graded"]
    assert len(found["prompt_sha256"]) == 64


def test_the_prompt_holds_question_gold_answer_and_citations() -> None:
    result = next(result for result in synthetic(20, 1.0, "product").results if gradable(result))
    prompts: list[str] = []

    def ask(prompt: str) -> str:
        prompts.append(prompt)
        return ""

    assert grade(result, ask) is None
    assert result.asked in prompts[0]
    assert "- <b>Gold</b> & mehr" in prompts[0]
    assert "Ein Satz. [1]" in prompts[0]
