"""A running assistant when a new build is switched on: who reads the old one finishes, then its files are closed."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from ingest_support import WordHashes

from assistant.domain import Query
from assistant.events import Done
from assistant.record import current_build
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.wiring import open_assistant
from ingest.pipeline import ingest

QUESTION = Query(question="Wann tagt der Rat?")
OPEN_FILES = Path("/proc/self/fd")

pytestmark = pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="only Linux lists a process's open files")


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    build(tmp_path, "Der Rat tagt am Montag.")
    with closing(open_assistant(Settings(index=tmp_path / "index"), embedder=WordHashes())) as opened:
        yield opened


def build(folder: Path, text: str) -> Path:
    (folder / "corpus").mkdir(exist_ok=True)
    (folder / "corpus" / "rat.md").write_text(f"# Rat\n\n{text}\n", encoding="utf-8")
    ingest([folder / "corpus"], folder=folder / "index", open_embedder=WordHashes)
    made = current_build(folder / "index")
    assert made is not None
    return made


def opened_below(folder: Path) -> list[Path]:
    gc.collect()  # memory maps go with their objects, some of which point at each other
    files = (file.readlink() for file in OPEN_FILES.iterdir() if file.is_symlink())
    return [file for file in files if file.is_relative_to(folder)]


def test_files_of_an_old_build_are_closed(assistant: Assistant, tmp_path: Path) -> None:
    builds = tmp_path / "index" / "builds"
    assistant.search(QUESTION)
    for day in ("Dienstag", "Mittwoch", "Freitag"):
        newest = build(tmp_path, f"Der Rat tagt am {day}.")
        assert day in assistant.search(QUESTION).texts[0]

        assert opened_below(newest)
        assert all(file.is_relative_to(newest) for file in opened_below(builds))


def test_who_reads_the_old_build_finishes(assistant: Assistant, tmp_path: Path) -> None:
    with closing(assistant.stream(QUESTION)) as old:
        next(old)
        build(tmp_path, "Der Rat tagt am Dienstag.")
        assert "Dienstag" in assistant.search(QUESTION).texts[0]
        *_, last = old

    assert isinstance(last, Done)


def test_a_closed_assistant_holds_no_files(assistant: Assistant, tmp_path: Path) -> None:
    assistant.search(QUESTION)
    assert opened_below(tmp_path / "index" / "builds")
    assistant.close()

    assert not opened_below(tmp_path / "index" / "builds")
