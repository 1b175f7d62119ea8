"""PDFs, read by a worker process with limits: its death is the failure of that file and of nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from assistant.domain import Box, Document, SentenceKind
from ingest.blocks import Block, Place
from ingest.discovery import LARGEST
from ingest.documents import Facts, PageFacts, from_blocks
from ingest.failures import Unreadable
from ingest.worker_limits import ran_out_of_time

MEMORY = 1_500_000_000
"""Bytes of address space the worker may use; the libraries alone take a third."""

SECONDS = 120
"""Time the worker may take for the text of a file, and as much processor time."""

OCR_SECONDS = 1800
"""Time for recognising the pages of a file that hold no text; what is not begun by then is left to the next ingest."""

_LONGEST = 2 * SECONDS + OCR_SECONDS


def read_pdf(path: Path, id: str, kept: Path | None = None) -> Document:
    """The document in a PDF. Pages that hold no readable text are named in their ``note``.

    The folder ``kept`` keeps what is recognised of scans, for the time when reading is interrupted.

    Raises:
        Unreadable: if it is no PDF, damaged, encrypted, too large, or no page of it holds readable text.
    """
    _check(path)
    answer = _ask_worker(path, kept)
    if "failure" in answer:
        raise Unreadable("quoted", reason=answer["failure"])
    pages = [PageFacts(number=n, label=label, width=w, height=h, note=note) for n, label, w, h, note in answer["pages"]]
    blocks = [_block(*values) for values in answer["blocks"]]
    if not blocks:
        raise Unreadable(_why_empty(pages))
    facts = Facts(title=_title(answer["title"], blocks, path), dated=answer["dated"])
    return from_blocks(id, blocks, facts, pages)


def _check(path: Path) -> None:
    if path.stat().st_size > LARGEST:
        raise Unreadable("too_large", megabytes=LARGEST // 1_000_000)
    with path.open("rb") as file:
        # Some programs put a line or a byte order mark in front.
        head = file.read(1024)
    if b"%PDF-" not in head:
        raise Unreadable("no_pdf" if head else "empty")


def _ask_worker(path: Path, kept: Path | None) -> dict[str, Any]:
    # Found wherever the program was started, and nothing lying in that folder is imported instead.
    folder = str(kept.absolute()) if kept else ""
    limits = map(str, (MEMORY, SECONDS, OCR_SECONDS))
    command = [sys.executable, "-P", "-m", "ingest.pdf_worker", str(path.absolute()), *limits, folder, str(os.getpid())]
    paths = [str(Path(__file__).resolve().parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=_LONGEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise Unreadable("worker_time", seconds=_LONGEST) from error
    if done.returncode == 0:
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer
    if ran_out_of_time(done.returncode):
        raise Unreadable("worker_time", seconds=SECONDS)
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    reason = lines[-1] if lines else f"Signal {-done.returncode}"
    if "MemoryError" in reason or "bad_alloc" in reason:
        raise Unreadable("worker_memory")
    raise Unreadable("worker_died", reason=reason[:200])


def _block(kind: str, text: str, level: int, places: list[list[Any]]) -> Block:
    return Block(
        kind=SentenceKind(kind),
        text=text,
        level=level,
        places=tuple(
            Place(start=start, end=end, page=page, line=line, box=Box(x0=x0, y0=y0, x1=x1, y1=y1))
            for start, end, page, line, x0, y0, x1, y1 in places
        ),
    )


def _why_empty(pages: list[PageFacts]) -> str:
    notes = {page.note for page in pages}
    reasons = {
        "postponed": "postponed",
        "unreadable": "unreadable_font",
        "needs_ocr": "needs_ocr",
        "damaged": "no_page",
    }
    return next((reason for note, reason in reasons.items() if note in notes), "no_text")


def _title(said: str, blocks: list[Block], path: Path) -> str:
    """The title the file gives itself if it reads like one, else the first heading, else the file's name."""
    if " " in said and not said.lower().endswith((".doc", ".docx", ".indd", ".pdf", ".odt")):
        return said.removeprefix("Microsoft Word - ")
    headings = (block.text for block in blocks if block.kind is SentenceKind.HEADING and block.level)
    return next(headings, path.stem)
