"""Indexes for evaluation: an existing one, or one built for the documents of a test set and kept for the next run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.errors import IndexMissingError
from assistant.record import current_build, read_record
from assistant.settings import Settings
from assistant.wiring import open_embedder
from eval.errors import RunError
from eval.testsets import digest_of
from ingest.pipeline import ingest
from ingest.reading import Progress

BUILT = Path("runs") / "indexes"
"""Where indexes of test sets are kept, below the working folder."""


def index_for(documents: Path, settings: Settings, progress: Progress, kept: Path = BUILT) -> Path:
    """The folder of an index over ``documents``, built or brought up to date where needed.

    Raises:
        RunError: if a document could not be read, since cases would then be asked of an incomplete index.
        CorpusError: if nothing can be read.
    """
    folder = kept / digest_of([documents])[:16]
    folder.mkdir(parents=True, exist_ok=True)
    embedder = open_embedder(settings)
    report = ingest([documents], folder=folder, open_embedder=lambda: embedder, model=embedder, progress=progress)
    if report.failed:
        first = report.failed[0]
        where = f"{first.file}:{first.line}" if first.line else first.file
        raise RunError("documents_unreadable", n=len(report.failed), first=f"{where}: {first.reason}")
    return folder


def index_facts(folder: Path) -> Mapping[str, Any]:
    """What the index in ``folder`` says about itself, without paths and times.

    Raises:
        IndexMissingError: if there is none.
    """
    build = current_build(folder)
    if build is None:
        raise IndexMissingError("index_missing", folder=folder)
    record = asdict(read_record(build))
    return {name: value for name, value in record.items() if name not in {"sources", "built_at", "report"}}
