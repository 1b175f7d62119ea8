"""``fundstelle eval …``: the harness on the command line. Nothing heavy is imported here, for a quick ``--help``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.texts import message

if TYPE_CHECKING:
    from assistant.domain import Document
    from assistant.settings import ModelSettings, Settings
    from eval.run import Plan
    from eval.runs import Run
    from eval.testsets import TestSet

RUNS = Path("runs")


def _help(key: str) -> str:
    return message("help", key, package="eval")


app = typer.Typer(name="eval", help=_help("app"), no_args_is_help=True, add_completion=False)

Option = typer.Option


@app.command(help=_help("run"))
def run(
    cases: Annotated[Path, typer.Argument(help=_help("cases"), show_default=False)],
    out: Annotated[Path | None, Option(help=_help("out"))] = None,
    index: Annotated[Path | None, Option(help=_help("index"))] = None,
    documents: Annotated[Path | None, Option(help=_help("documents"))] = None,
    what: Annotated[str, Option(help=_help("what"))] = "both",
    system: Annotated[str, Option(help=_help("system"))] = "product",
    variant: Annotated[str, Option(help=_help("variant"))] = "none",
    set_: Annotated[list[str] | None, Option("--set", help=_help("set"))] = None,
    limit: Annotated[int, Option(min=0, help=_help("limit"))] = 0,
    depth: Annotated[int, Option(min=1, max=1000, help=_help("depth"))] = 50,
    seed: Annotated[int, Option(help=_help("seed"))] = 0,
    name: Annotated[str, Option(help=_help("name"))] = "",
    restart: Annotated[bool, Option("--restart", help=_help("restart"))] = False,
) -> None:
    """Ask the cases and measure."""
    from eval.observe import What
    from eval.run import Plan, checked_plan
    from eval.summary import summary
    from eval.systems import SystemName
    from eval.testsets import read_test_set
    from eval.variants import Variant

    plan = checked_plan(
        Plan(
            system=_choice(SystemName, system), what=_choice(What, what), variant=_choice(Variant, variant),
            depth=depth, seed=seed, limit=limit,
        )
    )  # fmt: skip
    settings = _settings(set_ or [], index)
    test_set = read_test_set(cases, documents)
    out = out or RUNS / f"{test_set.name}-{datetime.now():%Y%m%d-%H%M%S}"
    if restart and (out / "run.json").exists():
        shutil.rmtree(out)
    finished = _run(plan, test_set, settings, out, name or _name(plan, set_ or []), build=index is None)
    typer.echo(summary(finished.results))
    typer.echo(message("run", "written", package="eval", folder=out))


@app.command(help=_help("compare"))
def compare(
    a: Annotated[Path, typer.Argument(help=_help("a"), show_default=False)],
    b: Annotated[Path, typer.Argument(help=_help("b"), show_default=False)],
    gate: Annotated[bool, Option("--gate", help=_help("gate"))] = False,
    as_json: Annotated[bool, Option("--json", help=_help("json"))] = False,
    seed: Annotated[int, Option(help=_help("seed"))] = 0,
    samples: Annotated[int, Option(min=100, max=1_000_000, help=_help("samples"))] = 10_000,
) -> None:
    """Hold two runs against each other."""
    from eval.compare import compare as compare_runs
    from eval.comparison_view import comparison_json, comparison_text
    from eval.runs import finished_run

    found = compare_runs(finished_run(a), finished_run(b), seed=seed, samples=samples)
    shown = json.dumps(comparison_json(found), ensure_ascii=False, indent=2) if as_json else comparison_text(found)
    typer.echo(shown)
    if gate and not found.passed:
        raise typer.Exit(1)


@app.command(help=_help("report"))
def report(
    runs: Annotated[list[Path], typer.Argument(help=_help("runs"), show_default=False)],
    out: Annotated[Path, Option(help=_help("report_out"))] = RUNS / "report",
) -> None:
    """Write a report over runs."""
    from eval.report.write import write_report
    from eval.runs import finished_run

    file = write_report([finished_run(folder) for folder in runs], out)
    typer.echo(message("report_words", "written", package="eval", file=file))


@app.command(help=_help("judge"))
def judge(
    folder: Annotated[Path, typer.Argument(help=_help("judged"), show_default=False)],
    set_: Annotated[list[str] | None, Option("--set", help=_help("set"))] = None,
) -> None:
    """Let a chat model grade the answers of a run."""
    from eval.errors import RunError
    from eval.judge import judgement, judgement_text, write_judgement
    from eval.progress import progress
    from eval.runs import finished_run

    settings = _settings(set_ or [], None).model
    if not settings.name:
        raise RunError("judge_missing")
    run = finished_run(folder)
    with progress() as show:
        found = judgement(
            run.results, _chat_model(settings), settings.name, lambda done, total: show("grade", done, total)
        )
    file = write_judgement(folder, found)
    typer.echo(judgement_text(found))
    typer.echo(message("judge", "written", package="eval", file=file))


def _chat_model(settings: ModelSettings) -> Callable[[str], str]:
    from assistant.chain import open_model

    model = open_model(
        settings.name,
        base_url=settings.base_url,
        api_key=settings.api_key.get_secret_value(),
        timeout=settings.timeout,
    )
    return lambda prompt: str(model.invoke(prompt).content)


@app.command("import", help=_help("import"))
def import_(
    format: Annotated[str, typer.Argument(help=_help("format"), show_default=False)],
    path: Annotated[Path, typer.Argument(help=_help("path"), show_default=False)],
    out: Annotated[Path, typer.Argument(help=_help("import_out"), show_default=False)],
    index: Annotated[Path | None, Option(help=_help("index"))] = None,
    documents: Annotated[Path | None, Option(help=_help("documents"))] = None,
) -> None:
    """Make a native test set of a foreign one."""
    from eval.imports.formats import read_foreign
    from eval.imports.imported import write_test_set

    imported = read_foreign(format.casefold(), path, lambda: _documents(index, documents))
    write_test_set(imported, out)
    if imported.problems:
        typer.echo(message("import", "problems", package="eval", n=len(imported.problems)), err=True)
    for found in imported.problems:
        typer.echo(f"  {found}", err=True)
    numbers = {"cases": len(imported.cases), "documents": len(imported.documents)}
    typer.echo(message("import", "done", package="eval", out=out, **numbers))


def _documents(index: Path | None, documents: Path | None) -> Sequence[Document]:
    """The documents of a folder or file, or those of the index."""
    from assistant.wiring import open_assistant
    from ingest.pipeline import read_documents

    if documents is not None:
        return read_documents(documents).documents
    assistant = open_assistant(_settings([], index))
    try:
        return [assistant.document(known.id) for known in assistant.documents()]
    finally:
        assistant.close()


def _run(plan: Plan, test_set: TestSet, settings: Settings, out: Path, name: str, *, build: bool) -> Run:
    from eval.indexes import index_for
    from eval.progress import progress
    from eval.run import run as run_plan
    from eval.systems import open_system

    try:
        if test_set.documents is not None and build:
            with progress() as show:
                folder = index_for(test_set.documents, settings, show)
            settings = settings.model_copy(update={"index": folder})
        system = open_system(plan.system, settings)
        try:
            with progress() as show:
                return run_plan(
                    plan, test_set, system, settings, out, name, lambda done, total: show("ask", done, total)
                )
        finally:
            system.close()
    except KeyboardInterrupt:
        typer.echo(message("run", "interrupted", package="eval", folder=out), err=True)
        raise typer.Exit(130) from None


def _settings(pairs: Sequence[str], index: Path | None) -> Settings:
    from assistant.settings import load_settings
    from eval.errors import RunError

    overrides: dict[str, Any] = {"index": index} if index else {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise RunError("setting_form", value=pair)
        overrides[name.strip()] = value.strip()
    return load_settings(overrides=overrides)


def _choice(kind: Any, value: str) -> Any:
    """A member of an enumeration by its value."""
    try:
        return kind(value)
    except ValueError:
        raise typer.BadParameter(
            message("run", "no_choice", package="eval", value=value, known=", ".join(kind))
        ) from None


def _name(plan: Plan, pairs: Sequence[str]) -> str:
    return " ".join([plan.system.value, *pairs])
