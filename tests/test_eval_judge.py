"""The judge: its verdicts are read strictly, and it is judged itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from eval_support import synthetic
from langchain_core.language_models import FakeListChatModel
from model_support import says_whole, serving
from typer.testing import CliRunner

from eval.commands import app
from eval.errors import RunError
from eval.judge import Grade, agreement, gradable, grade, judgement, judgement_text, read_grade
from eval.report.write import write_report
from eval.runs import append_result, finished_run, write_record


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
    assert found["agreement"]["right_place"]["n"] == found["graded"]
    assert found["agreement"]["unsupported_sentences"]["share"] == 1
    assert "fact_recall" not in found["agreement"]  # no case expects a fact
    assert len(found["prompt_sha256"]) == 64


def test_a_call_that_fails_costs_one_verdict_and_not_all() -> None:
    results = synthetic(40, 0.8, "product").results
    calls: list[str] = []

    def ask(prompt: str) -> str:
        calls.append(prompt)
        if len(calls) == 2:
            raise TimeoutError("zu langsam")
        return '{"richtig": true, "belegt": true}'

    found = judgement(results, ask, "fake", lambda *_: None)

    assert list(found["failed"].values()) == ["TimeoutError: zu langsam"]
    assert found["graded"] == len(calls) - 1
    assert "1 Anfragen gescheitert" in judgement_text(found)


def test_a_model_that_never_answers_is_an_error() -> None:
    def ask(prompt: str) -> str:
        raise ConnectionError("niemand da")

    with pytest.raises(RunError, match="keine einzige Antwort beurteilt: ConnectionError: niemand da"):
        judgement(synthetic(10, 0.8, "product").results, ask, "fake", lambda *_: None)


def test_the_command_judges_a_run_with_a_served_model_and_the_report_shows_it(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra eval brings matplotlib")
    run = synthetic(12, 0.8, "product")
    write_record(tmp_path, run.record)
    for result in run.results:
        append_result(tmp_path, result)
    verdict = json.dumps({"richtig": True, "belegt": False, "grund": "kurz"})
    with serving(says_whole(verdict)) as server:
        model = ["--set", "model.name=klein", "--set", f"model.base_url={server.url}"]
        done = CliRunner().invoke(app, ["judge", str(tmp_path), *model])

    assert done.exit_code == 0, done.output
    assert "richtig 1,000, belegt 0,000" in done.output
    assert "κ = " in done.output
    html = write_report([finished_run(tmp_path)], tmp_path / "report").read_text("utf-8")
    assert "Urteil von klein" in html


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
