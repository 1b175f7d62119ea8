"""Search in a folder of one's own, by one caller and by eight at once.

    python -m benchmarks.scale FOLDER [FILES]

Indexes the first ``FILES`` files of ``FOLDER`` (all by default) and asks the shipped questions. Processor time counts
all threads of this process, and says on a busy machine what wall time would be on a free one.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from assistant.domain import Query
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.wiring import open_assistant, open_embedder
from benchmarks.__main__ import QUESTIONS, show, show_load
from benchmarks.server import memory_of
from eval.cases import read_cases
from ingest.pipeline import ingest

CALLERS = 8


def main(folder: Path, files: int = 0) -> None:
    """Run every measurement in turn."""
    sources = sorted(path for path in folder.iterdir() if path.is_file())[:files] if files else [folder]
    with tempfile.TemporaryDirectory() as index:
        settings = Settings(index=Path(index))
        embedder = open_embedder(settings)
        wall, processor = timed(lambda: ingest(sources, folder=settings.index, open_embedder=lambda: embedder))
        show("ingest, s", wall)
        show("ingest, s of processor time", processor)
        assistant = open_assistant(settings, embedder=embedder)
        before = memory_of(os.getpid())
        wall, processor = timed(assistant.check)
        show("index opened, s", wall)
        show("index opened, s of processor time", processor)
        questions(assistant)
        found = assistant.check()
        for name in ("documents", "passages", "sentences"):
            show(name, float(found[name]))
        show("memory for the index and its questions, MB", memory_of(os.getpid()) - before)
        assistant.close()
    show_load()


def questions(assistant: Assistant) -> None:
    """Search for every shipped question, by one caller and by several."""
    queries = [Query(question=case.question) for case in read_cases(QUESTIONS)]
    for query in queries[:5]:
        assistant.search(query)
    times = np.array([timed(partial(assistant.search, query)) for query in queries]) * 1000
    for column, unit in enumerate(("ms", "ms of processor time")):
        for part in (50, 95):
            show(f"search p{part}, {unit}", float(np.percentile(times[:, column], part)))
    with ThreadPoolExecutor(CALLERS) as pool:
        wall, processor = timed(lambda: list(pool.map(assistant.search, queries)))
    show(f"{CALLERS} callers at once, questions per second", len(queries) / wall)
    show(f"{CALLERS} callers at once, ms of processor time each", processor / len(queries) * 1000)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that ``work`` takes, and seconds of processor time."""
    started, used = perf_counter(), process_time()
    work()
    return perf_counter() - started, process_time() - used


def _arguments(arguments: Sequence[str]) -> tuple[Path, int]:
    return Path(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 0


if __name__ == "__main__":
    main(*_arguments(sys.argv[1:]))
