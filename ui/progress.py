"""A progress bar on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ui.german_typer import say

if TYPE_CHECKING:
    from ingest.reading import Progress as Report


@contextmanager
def progress_bar() -> Iterator[Report]:
    """What an ingest reports its progress to: one bar for each stage, drawn only on a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        stages: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int, /) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(say("ingest", stage), total=total)
            bars.update(stages[stage], completed=done, total=total)

        yield report
