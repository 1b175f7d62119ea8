"""Progress bars with the remaining time, on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.texts import message

_TITLES = {"read": "reading", "embed": "embedding", "ask": "asking", "grade": "grading"}


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A function that is told stage (a key of ``_TITLES``), done and total; one bar for each stage."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bars: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True)) as display:

        def show(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                bars[stage] = display.add_task(message("run", _TITLES[stage], package="eval"), total=total)
            display.update(bars[stage], completed=done, total=total)

        yield show
