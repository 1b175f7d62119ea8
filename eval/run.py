"""A run: a test set asked of one system under written-down circumstances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.settings import Settings
from eval import circumstances
from eval.cases import EvalCase
from eval.errors import RunError
from eval.indexes import index_facts
from eval.observe import Observer, What
from eval.results import DEPTH
from eval.runs import Run, RunRecord, append_result, read_run, take_up, write_record
from eval.systems import System, SystemName
from eval.testsets import TestSet, check_against, digest_of
from eval.units import gold_is_lines, line_spans, sentence_spans
from eval.variants import Variant, hide_gold, vary, without_scope

Progress = Callable[[int, int], None]
"""Told how many cases are done, of how many."""

# These change no answer, and some name people.
_LEFT_OUT = frozenset(
    {"index", "corpus", "host", "port", "log_level", "server", "operator", "contact", "feedback", "document_limit",
     "download_timeout"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be run. ``limit`` takes only the first cases; 0 takes all."""

    system: SystemName = SystemName.PRODUCT
    what: What = What.BOTH
    variant: Variant = Variant.NONE
    depth: int = DEPTH
    seed: int = 0
    limit: int = 0


def run(
    plan: Plan, test_set: TestSet, system: System, settings: Settings, out: Path, name: str, progress: Progress
) -> Run:
    """Ask every case of ``test_set`` that ``out`` holds no result of yet, and give back all results.

    Raises:
        CasesError: if a case points to a place that the index does not hold.
        RunError: if ``out`` holds a run under other circumstances.
        StoredIndexError: if the index cannot be used.
    """
    texts = _gold_texts(test_set, system)
    check_against(test_set, texts)
    lines = gold_is_lines(test_set.cases, texts)
    cases = _cases(plan, test_set, system)
    out.mkdir(parents=True, exist_ok=True)
    record, results = take_up(out, _record(plan, test_set, settings, name, len(cases), lines=lines))
    done = {result.case.id for result in results}
    write_record(out, record)

    observer = Observer(system=system, what=plan.what, depth=plan.depth, units=line_spans if lines else sentence_spans)
    for number, case in enumerate(cases, start=1):
        if case.id not in done:
            append_result(out, observer.observe(case, vary(case.question, plan.variant, plan.seed)))
        progress(number, len(cases))
    write_record(out, replace(record, finished=_now()))
    return read_run(out)


def checked_plan(plan: Plan) -> Plan:
    """``plan``, where a baseline that only searches is not asked for answers.

    Raises:
        RunError: if answers were asked for explicitly.
    """
    if plan.system.answers:
        return plan
    if plan.what is What.ANSWERS:
        raise RunError("only_searches", system=plan.system.value)
    return replace(plan, what=What.RETRIEVAL)


def _cases(plan: Plan, test_set: TestSet, system: System) -> Sequence[EvalCase]:
    cases = test_set.cases[: plan.limit or None]
    if plan.variant is Variant.WITHOUT_GOLD:
        return hide_gold(cases, [document.id for document in system.documents()])
    return without_scope(cases) if plan.variant is Variant.ALL_DOCUMENTS else cases


def _gold_texts(test_set: TestSet, system: System) -> Mapping[str, str]:
    """The texts of all documents that the cases name and the index holds."""
    held = {document.id for document in system.documents()}
    named = {place.document for case in test_set.cases for place in case.gold}
    named |= {document for case in test_set.cases for document in case.documents}
    return {name: system.document(name).text for name in sorted(named & held)}


def _record(plan: Plan, test_set: TestSet, settings: Settings, name: str, asked: int, *, lines: bool) -> RunRecord:
    return RunRecord(
        name=name,
        system=plan.system.value,
        what=plan.what.value,
        variant=plan.variant.value,
        depth=plan.depth,
        seed=plan.seed,
        units="line" if lines else "sentence",
        cases={"name": test_set.name, "digest": test_set.digest, "number": len(test_set.cases), "asked": asked},
        settings=recorded_settings(settings),
        index=index_facts(settings.index),
        code=circumstances.code(),
        versions=circumstances.versions(),
        machine=circumstances.machine(),
        started=_now(),
    )


def recorded_settings(settings: Settings) -> Mapping[str, Any]:
    """The settings that can change an answer, without secrets and paths."""
    values: dict[str, Any] = settings.model_dump(mode="json", exclude=set(_LEFT_OUT))
    if settings.synonyms:
        values["synonyms"] = f"sha256:{digest_of([settings.synonyms])}"  # its words count, not where it lies
    return {name: _without_secrets(value) for name, value in values.items()}


def _without_secrets(value: Any) -> Any:
    return {key: item for key, item in value.items() if key != "api_key"} if isinstance(value, dict) else value


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
