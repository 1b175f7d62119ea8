"""F31 and F36: an index that is exchanged under those who read it, and an exchange that is killed half-way."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from ingest_support import WordHashes
from ui_support import command, environment, running_server

from assistant.domain import Query
from assistant.record import current_build
from assistant.settings import Settings
from assistant.wiring import open_assistant
from ingest.pipeline import ingest, is_current

TESTS = Path(__file__).parent
QUESTION = {"question": "Wann tagt der Rat der Stadt?"}

KILLED_AT = """
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, {tests!r})
    from ingest.pipeline import ingest
    from ingest_support import WordHashes
    old = {old!r}

    def watch(event, arguments):
        if {moment}:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    ingest([Path({corpus!r})], folder=Path({folder!r}), open_embedder=WordHashes)
"""
"""An ingest whose process is killed right before a step that the interpreter itself tells of."""

STEPS = {
    "before the new name is written": "event == 'open' and str(arguments[0]).endswith('CURRENT.new')",
    "before the new name takes the place of the old one": "event == 'os.rename' and 'CURRENT.new' in str(arguments[0])",
    "before the old build is removed": "event == 'shutil.rmtree' and str(arguments[0]) == old",
    "while the old build is removed": "event == 'os.remove' and arguments[0] == 'library.sqlite'",
}


def council(folder: Path, day: str) -> Path:
    """A corpus that says when the council meets."""
    folder.mkdir(exist_ok=True)
    (folder / "rat.md").write_text(f"# Rat\n\nDer Rat der Stadt tagt am {day}.\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("step", STEPS)
def test_f31_killed_between_the_steps_of_the_exchange_one_whole_index_answers(step: str, tmp_path: Path) -> None:
    corpus, folder = council(tmp_path / "corpus", "Montag"), tmp_path / "index"
    ingest([corpus], folder=folder, open_embedder=WordHashes)
    old = current_build(folder)
    council(corpus, "Dienstag")
    values = {"tests": str(TESTS), "old": str(old), "moment": STEPS[step], "corpus": str(corpus), "folder": str(folder)}
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED_AT.format(**values))], env=environment())
    assert killed.returncode == -signal.SIGKILL

    with closing(open_assistant(Settings(index=folder), embedder=WordHashes())) as assistant:
        day = "Montag" if current_build(folder) == old else "Dienstag"
        assert day in assistant.search(Query(question=QUESTION["question"])).texts[0]

    ingest([corpus], folder=folder, open_embedder=WordHashes)
    assert is_current([corpus], folder)
    assert list((folder / "builds").iterdir()) == [current_build(folder)]
    assert not (folder / "CURRENT.new").exists()


class Interrupted(WordHashes):
    """A model in the middle of whose check, while an index is opened, another ingest exchanges that index."""

    def __init__(self, corpus: Path, folder: Path) -> None:
        self._ingest = (corpus, folder)
        self._done = False

    @property
    def sha256(self) -> str:
        """The hash of the weights, which the check compares."""
        if not self._done:
            self._done = True
            corpus, folder = self._ingest
            ingest([council(corpus, "Dienstag")], folder=folder, open_embedder=WordHashes)
        return WordHashes.sha256


def test_f36_an_index_exchanged_while_it_is_opened_opens_all_the_same(tmp_path: Path) -> None:
    corpus, folder = council(tmp_path / "corpus", "Montag"), tmp_path / "index"
    ingest([corpus], folder=folder, open_embedder=WordHashes)

    with closing(open_assistant(Settings(index=folder), embedder=Interrupted(corpus, folder))) as assistant:
        assert "Dienstag" in assistant.search(Query(question=QUESTION["question"])).texts[0]
    assert list((folder / "builds").iterdir()) == [current_build(folder)]


def test_f36_while_an_ingest_works_a_server_answers_from_the_old_index_and_then_from_the_new(tmp_path: Path) -> None:
    corpus, index = council(tmp_path / "corpus", "Montag"), tmp_path / "index"
    subprocess.run(command("ingest", corpus, "--index", index), check=True, env=environment(), capture_output=True)

    with running_server(index, tmp_path) as server:
        council(corpus, "Dienstag")
        with subprocess.Popen(
            command("ingest", corpus, "--index", index), env=environment(), stdout=subprocess.DEVNULL
        ) as working:
            answers = list(asked_until(working, server.url))
        with httpx.Client(base_url=server.url, timeout=20) as client:
            after = client.post("/api/ask", json=QUESTION)

    assert working.returncode == 0
    assert {answer.status_code for answer in answers} == {200}
    days = [answer.json()["answer"].split()[6].rstrip(".") for answer in [*answers, after]]
    assert days == sorted(days, key=["Montag", "Dienstag"].index)
    assert (days[0], days[-1]) == ("Montag", "Dienstag")


def asked_until(working: subprocess.Popen[bytes], url: str) -> Iterator[httpx.Response]:
    """The answers to questions asked two at a time, over and over while ``working`` works."""
    with httpx.Client(base_url=url, timeout=20) as client, ThreadPoolExecutor(2) as users:
        while working.poll() is None:
            yield from users.map(lambda _: client.post("/api/ask", json=QUESTION), range(2))
