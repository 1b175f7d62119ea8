"""Measure what a user waits for, and print one line per figure."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from assistant.domain import Query
from assistant.settings import Settings
from assistant.wiring import open_assistant, open_embedder
from benchmarks.server import running
from eval.cases import read_cases
from ingest.pipeline import ingest

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "eval" / "cases" / "guideline-dev.jsonl"


def main() -> None:
    """Run every measurement in turn."""
    show("fundstelle --help, s", seconds_of("-m", "ui.cli", "--help"))
    show("import assistant, s", seconds_of("-c", "import assistant") - seconds_of("-c", "pass"))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder))
        started = perf_counter()
        report = ingest([settings.corpus], folder=settings.index, open_embedder=lambda: open_embedder(settings))
        seconds = perf_counter() - started
        show(f"ingest of {report.pages} pages and {report.documents - 1} FAQ files, s", seconds)
        started = perf_counter()
        ingest([settings.corpus], folder=settings.index, open_embedder=lambda: open_embedder(settings))
        show("the same again, s", perf_counter() - started, most=2)
        asked = [case.question for case in read_cases(QUESTIONS)]
        server(settings.index, asked)
        questions(settings, asked)
    show_load()


def server(index: Path, asked: Sequence[str]) -> None:
    """Start it, ask fifty questions in turn, then fifty at once, three times."""
    with running(index) as server:
        show("server ready, s", server.seconds, most=8)
        server.ask(asked[:50])
        show("server after 50 questions, MB", server.memory(), most=500)
        times = [time for _ in range(3) for time in server.first_sentences(asked[50:100])]
        show("first sentence of 50 at once p50, s", float(np.percentile(times, 50)))
        show("first sentence of 50 at once, slowest, s", max(times), most=2)
        show("server after that, MB", server.memory(), most=500)


def questions(settings: Settings, asked: Sequence[str]) -> None:
    """Time search and ask, after a warm-up."""
    assistant = open_assistant(settings)
    queries = [Query(question=question) for question in asked]
    for query in queries[:5]:
        assistant.ask(query)
    for name, call in (("search", assistant.search), ("ask", assistant.ask)):
        times = []
        for query in queries:
            started = perf_counter()
            call(query)
            times.append((perf_counter() - started) * 1000)
        show(f"{name} p50, ms", float(np.percentile(times, 50)))
        show(f"{name} p95, ms (n={len(times)})", float(np.percentile(times, 95)))
    assistant.close()
    show("peak memory of this process, MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def seconds_of(*arguments: str) -> float:
    """Median of five runs of the interpreter."""
    times = []
    for _ in range(5):
        started = perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        times.append(perf_counter() - started)
    return float(np.median(times))


def show_load() -> None:
    """Print how busy the machine is."""
    show("load average at the end", os.getloadavg()[0])


def show(name: str, value: float, *, most: float | None = None) -> None:
    """Print one figure, and the ``most`` that it may be."""
    bound = "" if most is None else f"   at most {most:g}{'' if value <= most else '   MISSED'}"
    sys.stdout.write(f"{name:50s} {value:10.2f}{bound}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
