"""The command ``ingest``, and building the index where another command needs one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import options, terminal
from ui.german_typer import say
from ui.session import read_settings

if TYPE_CHECKING:
    from assistant.settings import Settings
    from ingest.report import IngestReport


def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(help=say("help", "paths"), metavar="PFAD …", show_default=False)
    ] = None,
    index: options.Index = None,
    strict: Annotated[bool, typer.Option("--strict", help=say("help", "strict"))] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help=say("help", "rebuild"))] = False,
    as_json: options.Json = False,
) -> None:
    """Let the index hold what the paths hold."""
    from ui.report import report_text  # brings the readers

    settings = read_settings(index)
    report = build(settings, paths or [settings.corpus], rebuild=rebuild)
    if as_json:
        terminal.out_json(report.to_json())
    else:
        terminal.out(report_text(report, terminal.width(), date.today()))
    if strict and report.failed:
        raise typer.Exit(1)


def build(settings: Settings, paths: Sequence[Path], *, rebuild: bool = False) -> IngestReport:
    """Ingest ``paths``, with a progress bar on standard error.

    Raises:
        CorpusError: if nothing could be read or written; an index that was there still serves.
    """
    from assistant.wiring import open_embedder  # the model is heavy
    from ingest.pipeline import ingest as run_ingest  # so are the readers
    from ui.progress import progress_bar  # and rich is not light

    model = open_embedder(settings)
    with progress_bar() as progress:
        return run_ingest(
            paths,
            folder=settings.index,
            open_embedder=lambda: model,
            model=model,
            rebuild=rebuild,
            progress=progress,
        )


def build_missing_index(settings: Settings) -> None:
    """Build the default index if there is none, so that the first question of a new user is answered."""
    from assistant.record import current_build  # only commands that ask need the core

    if current_build(settings.index) is None:
        terminal.err(say("ingest", "building", folder=settings.index, corpus=settings.corpus))
        build(settings, [settings.corpus])
