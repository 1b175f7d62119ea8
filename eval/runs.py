"""Runs on disk: ``run.json`` says under which circumstances, ``results.jsonl`` holds one line per case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.texts import message
from eval.errors import RunError
from eval.jsonl import read_lines, read_text, to_line
from eval.measures.catalogue import case_values
from eval.results import CaseResult, result_from_json, result_json

FORMAT = 1
RECORD = "run.json"
RESULTS = "results.jsonl"
JUDGEMENT = "judge.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """The circumstances of a run. Those in :meth:`fixed` must be the same when an interrupted run is taken up again.

    ``settings`` leave out secrets and what cannot change an answer. ``index`` holds model, hashes, chunker and corpus
    digest of the index. ``cases`` holds name, digest and number of the cases, and how many were ``asked``. ``units`` is
    ``line`` or ``sentence``.
    """

    name: str
    system: str
    what: str
    variant: str
    depth: int
    seed: int
    units: str
    cases: Mapping[str, Any]
    settings: Mapping[str, Any]
    index: Mapping[str, Any]
    code: Mapping[str, str]
    versions: Mapping[str, str]
    machine: Mapping[str, str | int]
    started: str
    finished: str = ""
    format: int = FORMAT

    def fixed(self) -> dict[str, Any]:
        """What decides the results, by name."""
        names = ("system", "what", "variant", "depth", "seed", "units", "settings", "index", "versions", "machine")
        values: dict[str, Any] = {name: getattr(self, name) for name in names}
        return {**values, "cases": self.cases["digest"], "code": self.code["digest"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it was read: its record and its results, in the order they were made.

    ``judgement`` is what a chat model made of its answers (:mod:`eval.judge`), None where none was asked.
    """

    record: RunRecord
    results: tuple[CaseResult, ...] = field(repr=False)
    judgement: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """How tables and pictures name it."""
        variant = "" if self.record.variant == "none" else f" · {self.record.variant}"
        return f"{self.record.name}{variant}"


def read_run(folder: Path) -> Run:
    """The run in ``folder``.

    Raises:
        RunError: if there is none, or it cannot be read.
    """
    record = read_record(folder)
    problems: list[str] = []
    results = []
    for line, value in read_lines(folder / RESULTS, problems):
        try:
            results.append(result_from_json(value, record.depth))
        except (KeyError, TypeError, ValueError) as error:
            raise RunError("run_damaged", folder=folder, line=line, reason=repr(error)) from error
    if problems:
        raise RunError("run_damaged", folder=folder, line=len(results) + 1, reason=problems[0])
    return Run(record=record, results=tuple(results), judgement=_judgement(folder / JUDGEMENT))


def finished_run(folder: Path) -> Run:
    """As :func:`read_run`, but refuses a run that was interrupted: its figures would cover the first cases only."""
    run = read_run(folder)
    if not run.record.finished:
        raise RunError("run_incomplete", folder=folder)
    return run


def read_record(folder: Path) -> RunRecord:
    """The record of the run in ``folder``; raises as :func:`read_run`."""
    try:
        values = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError("no_run", folder=folder) from error
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise RunError("no_run", folder=folder)
    try:
        return RunRecord(**values)
    except TypeError as error:
        raise RunError("no_run", folder=folder) from error


def write_record(folder: Path, record: RunRecord) -> None:
    """Write ``record`` into ``folder``; whoever is interrupted leaves the old one."""
    text = json.dumps(asdict(record), ensure_ascii=False, indent=1)
    fresh = folder / f"{RECORD}.new"
    fresh.write_text(text + "\n", encoding="utf-8")
    fresh.replace(folder / RECORD)


def take_up(folder: Path, record: RunRecord) -> tuple[RunRecord, list[CaseResult]]:
    """What an interrupted run with the same circumstances left in ``folder``: when it began, and its results.

    Raises:
        RunError: if ``folder`` holds a run under other circumstances; the message names them.
    """
    if not (folder / RECORD).exists():
        return record, []
    before = read_record(folder)
    old, new = before.fixed(), record.fixed()
    different = [_named(name) for name in new if json.loads(json.dumps(new[name])) != old[name]]
    if different:
        raise RunError("run_differs", folder=folder, names=", ".join(different))
    _cut_torn_line(folder / RESULTS)
    return replace(record, started=before.started), list(read_run(folder).results)


def append_result(folder: Path, result: CaseResult) -> None:
    """Add one line to the results; its measures are there for readers, programs work them out again."""
    with (folder / RESULTS).open("a", encoding="utf-8", newline="\n") as file:
        file.write(to_line({**result_json(result), "measures": case_values(result)}))


def _judgement(file: Path) -> Mapping[str, Any] | None:
    if not file.exists():
        return None
    try:
        found = json.loads(read_text(file))
        return {name: found[name] for name in ("model", "graded", "correct", "faithful", "agreement")}
    except (KeyError, TypeError, ValueError) as error:
        raise RunError("judgement_damaged", file=file, reason=repr(error)) from error


def _named(name: str) -> str:
    return message("circumstances", name, package="eval")


def _cut_torn_line(file: Path) -> None:
    """Drop a last line that an interruption left without its end."""
    if not file.exists():
        file.touch()
        return
    content = file.read_bytes()
    if content and not content.endswith(b"\n"):
        file.write_bytes(content[: content.rfind(b"\n") + 1])
