"""How many pages of PDFs one worker reads in a second: ``python -m benchmarks.reading FILE…``.

Processor time, best of three, so that other work on the machine disturbs the figures little.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from time import process_time

from ingest.layout.reading import read
from ingest.pdf_text import read_raw


def main(files: Sequence[str]) -> None:
    """Measure every file, then all together."""
    # As in the worker.
    gc.disable()
    pages, text, whole = 0, 0.0, 0.0
    for file in map(Path, files):
        count, seconds, all_seconds = _measured(file)
        pages, text, whole = pages + count, text + seconds, whole + all_seconds
        _show(file.name, count, seconds, all_seconds)
    _show("all", pages, text, whole)


def _measured(file: Path) -> tuple[int, float, float]:
    """Pages, seconds for text and places, and seconds for that and the layout."""
    times = []
    for _ in range(3):
        started = process_time()
        raw = read_raw(file)
        seconds = process_time() - started
        read(raw)
        times.append((len(raw.pages), seconds, process_time() - started))
    return min(times, key=lambda time: time[2])


def _show(name: str, pages: int, text: float, whole: float) -> None:
    sys.stdout.write(
        f"{name}: {pages} pages, {pages / text:.0f} text alone, {pages / whole:.0f} with layout, pages/s\n"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
