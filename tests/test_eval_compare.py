"""Comparisons: sure losses are told from noise, and the gate only acts on the former."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from assistant.domain import Span, Status, Support
from eval.bootstrap import difference, holm, interval, resamplings
from eval.cases import EvalCase, Place
from eval.commands import app
from eval.compare import compare
from eval.comparison_view import comparison_json, comparison_text
from eval.errors import RunError
from eval.measures.catalogue import all_measures
from eval.results import CaseResult, Cited, Found, GivenAnswer, Said, Units
from eval.runs import Run, RunRecord, append_result, write_record

GOLD = Place(document="d", span=Span(start=0, end=10), text="Zehn Worte")


def result(number: int, *, right: bool, confidence: float = 0.7) -> CaseResult:
    """A case whose gold place is the first hit and cited, or the third hit and declined."""
    far = Found(place=Place(document="x", span=Span(start=0, end=9)), score=1.0)
    near = Found(place=GOLD, score=2.0)
    return CaseResult(
        case=EvalCase(id=str(number), question=f"Frage {number}?", answerable=True, gold=(GOLD,)),
        asked=f"Frage {number}?",
        hits=(near, far, far) if right else (far, far, near),
        answer=GivenAnswer(
            status=Status.ANSWERED if right else Status.DECLINED,
            mode="extractive",
            text="Zehn Worte [1]" if right else "",
            confidence=confidence,
            sentences=(Said(text="Zehn Worte", markers=(1,), support=Support.VERBATIM),) if right else (),
            citations=(Cited(marker=1, place=GOLD, verbatim=True),) if right else (),
            units=Units(gold=1, cited=int(right), both=int(right)),
        ),
        timings={"search.total": 5.0 + number, "ask.total": 9.0},
    )


def run_of(results: list[CaseResult], name: str = "x") -> Run:
    record = RunRecord(
        name=name, system="product", what="both", variant="none", depth=50, seed=0, units="sentence",
        cases={"name": "t", "digest": "", "number": len(results)}, settings={}, index={},
        code={"commit": "c", "digest": ""}, versions={}, machine={}, started="2026-01-01", finished="2026-01-01",
    )  # fmt: skip
    return Run(record=record, results=tuple(results))


def wrong_at(*wrong: int, n: int = 60) -> Run:
    return run_of([result(at, right=at not in wrong) for at in range(n)])


def written(run: Run, folder: Path) -> Path:
    folder.mkdir()
    write_record(folder, run.record)
    for item in run.results:
        append_result(folder, item)
    return folder


def test_a_run_equals_itself() -> None:
    found = compare(wrong_at(1, 2), wrong_at(1, 2), samples=1000)

    assert found.passed
    assert found.changes == ()
    gap = found.differences["mrr@10"]
    assert (gap.difference.value, gap.p, gap.detectable) == (0, 1, 0)


def test_a_deliberate_loss_fails_the_gate() -> None:
    found = compare(wrong_at(1), wrong_at(*range(20)), samples=2000)

    assert not found.passed
    assert "status_right" in found.losses
    assert "mrr@10" in found.losses
    gap = found.differences["status_right"]
    assert gap.difference.value == pytest.approx(-19 / 60)
    assert gap.difference.low < -19 / 60 < gap.difference.high < 0
    assert gap.p < 0.01
    assert len(found.changes) == 19
    assert not any(change.won for change in found.changes)


def test_a_gain_is_no_loss() -> None:
    found = compare(wrong_at(*range(20)), wrong_at(1), samples=2000)

    assert found.passed
    assert sum(change.won for change in found.changes) == 19


def test_noise_passes_the_gate() -> None:
    rng = np.random.default_rng(11)
    alarms = 0
    for _ in range(30):
        a, b = (wrong_at(*rng.choice(60, 15, replace=False)) for _ in range(2))
        alarms += not compare(a, b, samples=500).passed

    # Five in a hundred are allowed; the measures hang together, so the corrected gate stays below that.
    assert alarms <= 3


def test_the_gate_notices_a_case_that_crashes_only_now() -> None:
    broken = run_of([replace(result(0, right=True), hits=None, answer=None, error="RuntimeError: x"),
                     *(result(at, right=True) for at in range(1, 60))])  # fmt: skip
    found = compare(wrong_at(), broken, samples=500)

    assert found.new_errors == ("0",)
    assert not found.passed
    assert "1 Testfragen enden erst jetzt" in comparison_text(found)


def test_only_common_cases_count() -> None:
    found = compare(wrong_at(n=10), run_of([result(at, right=True) for at in range(5, 12)]), samples=500)

    assert found.n == 5
    assert found.only_a == ("0", "1", "2", "3", "4")
    assert found.only_b == ("10", "11")
    with pytest.raises(RunError, match="keine gemeinsamen"):
        compare(wrong_at(n=3), run_of([result(9, right=True)]))


def test_the_same_id_with_another_question_or_other_gold_is_no_pair() -> None:
    a = [result(at, right=True) for at in range(4)]
    other = replace(a[0], case=replace(a[0].case, question="Etwas anderes?"))
    moved = replace(a[1], case=replace(a[1].case, gold=(replace(GOLD, document="e"),)))

    found = compare(run_of(a), run_of([other, moved, *a[2:]]), samples=500)

    assert (found.n, found.only_a, found.only_b) == (2, ("0", "1"), ("0", "1"))


def test_the_bootstrap_is_repeatable_and_its_interval_is_that_of_a_mean() -> None:
    results = [result(at, right=at % 4 != 0) for at in range(400)]
    measure = all_measures()["status_right"]

    found = interval(measure, results, resamplings(400, seed=1, samples=4000))

    assert found == interval(measure, results, resamplings(400, seed=1, samples=4000))
    error = 1.96 * (0.75 * 0.25 / 400) ** 0.5
    assert found.value == 0.75
    assert found.low == pytest.approx(0.75 - error, abs=0.008)
    assert found.high == pytest.approx(0.75 + error, abs=0.008)


def test_differences_of_totals_that_are_no_means_are_resampled_too() -> None:
    measure = all_measures()["ask_p95_ms"]
    a, b = wrong_at().results, wrong_at(3).results

    assert difference(measure, a, b, resamplings(60, 0, 200)).difference.value == 0


def test_several_questions_at_once_are_corrected_for() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_the_command_gates(tmp_path: Path) -> None:
    good, bad = written(wrong_at(), tmp_path / "a"), written(wrong_at(*range(30)), tmp_path / "b")
    call = ["compare", str(good), str(bad), "--samples", "500"]

    assert CliRunner().invoke(app, call).exit_code == 0
    gated = CliRunner().invoke(app, [*call, "--gate"])
    assert gated.exit_code == 1
    assert "Nicht bestanden" in gated.output
    assert "Frage 3?" in gated.output
    told = json.loads(CliRunner().invoke(app, [*call, "--json"]).output)
    assert told == comparison_json(compare_read(good, bad))
    assert len(told["lost"]) == 30
    assert told["lost"][3] == {
        "id": "3", "question": "Frage 3?", "measure": "status_right", "a": "[answered] Zehn Worte [1]",
        "b": "[declined]",
    }  # fmt: skip
    assert CliRunner().invoke(app, ["compare", str(good), str(good), "--gate", "--samples", "500"]).exit_code == 0


def compare_read(a: Path, b: Path) -> object:
    from eval.runs import read_run

    return compare(read_run(a), read_run(b), samples=500)


def test_unfinished_and_missing_runs_are_refused(tmp_path: Path) -> None:
    run = wrong_at(n=3)
    folder = written(Run(record=replace(run.record, finished=""), results=run.results), tmp_path / "a")

    done = CliRunner().invoke(app, ["compare", str(folder), str(folder)])
    assert "nicht zu Ende geführt" in str(done.exception)
    done = CliRunner().invoke(app, ["compare", str(tmp_path), str(folder)])
    assert "keine Auswertung" in str(done.exception)
