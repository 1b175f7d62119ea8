"""Measure what a user waits for, and print one line per figure."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from assistant.domain import Query
from assistant.settings import Settings
from assistant.wiring import open_assistant, open_embedder
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
        questions(settings)


def questions(settings: Settings) -> None:
    """Time search and ask over the dev questions, after a warm-up."""
    assistant = open_assistant(settings)
    queries = [Query(question=case.question) for case in read_cases(QUESTIONS)]
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


def show(name: str, value: float) -> None:
    """Print one figure."""
    sys.stdout.write(f"{name:50s} {value:10.2f}\n")


if __name__ == "__main__":
    main()
