"""What an index says about how it was built, readable without any heavy library.

Layout of an index folder::

    CURRENT              name of the build that serves, replaced atomically
    embeddings.sqlite    cache of embeddings by model and content, shared by all builds
    ingest.lock          held while an ingest is at work
    recognised/          pages of scans, until all of their file are recognised
    builds/<name>/       one finished build, never changed again
        record.json      this module
        library.sqlite   documents, passages and sentences     (assistant.library)
        lexical/         BM25 index                            (assistant.lexical)
        *.npy, chroma/   vectors of passages, sentences and known questions    (assistant.index)
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import IndexDamagedError

FORMAT = 7
"""Raised whenever a build can no longer be read by older or newer code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRecord:
    """How a build was made.

    ``model`` and ``model_sha256`` name the embedding model and its weights, ``dimension`` its vectors. ``chunker`` is
    the version of reading and cutting. ``corpus_digest`` is the hex SHA-256 over all ingested files and their ids.
    ``sources`` are the absolute paths that were ingested. ``report`` is the ingest report as JSON values.
    """

    model: str
    model_sha256: str
    dimension: int
    chunker: str
    corpus_digest: str
    built_at: str
    sources: tuple[str, ...]
    documents: int
    passages: int
    sentences: int
    report: Mapping[str, Any] = field(default_factory=dict)
    format: int = FORMAT


def current_build(folder: Path) -> Path | None:
    """The folder of the build that serves, or None when nothing was built yet."""
    try:
        name = (folder / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return folder / "builds" / name


def read_record(build: Path) -> BuildRecord:
    """The record of ``build``.

    Raises:
        IndexDamagedError: if it is missing or cannot be read.
    """
    try:
        values = json.loads((build / "record.json").read_text(encoding="utf-8"))
        return BuildRecord(**{**values, "sources": tuple(values["sources"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexDamagedError("index_damaged", folder=build.parent.parent, reason=error) from error


def write_record(build: Path, record: BuildRecord) -> None:
    """Write ``record`` into ``build``."""
    text = json.dumps(asdict(record), ensure_ascii=False, indent=1)
    (build / "record.json").write_text(text, encoding="utf-8")


def switch_to(folder: Path, build: Path) -> None:
    """Let ``build`` serve from now on; readers see either the old name or the new one, never half of it."""
    draft = folder / "CURRENT.new"
    with draft.open("w", encoding="utf-8") as file:
        file.write(build.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / "CURRENT")


def remove_other_builds(folder: Path, keep: Path) -> None:
    """Remove what ``keep`` replaces, so that nothing of a removed document stays behind.

    A server that still reads an old build holds its files open, and opens the new one with its next question.
    """
    for build in (folder / "builds").iterdir():
        if build != keep:
            shutil.rmtree(build, ignore_errors=True)
