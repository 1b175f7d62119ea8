"""F35: an index that is damaged is told and lived with, and a vector store that breaks or hangs costs no answer."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import httpx
import pytest
from ingest_support import WordHashes
from ui_support import running_server

from assistant.deadlines import Deadlines
from assistant.domain import Query
from assistant.errors import IndexDamagedError
from assistant.index import Index
from assistant.record import current_build, switch_to
from assistant.service import Assistant
from assistant.settings import RetrievalSettings, Settings
from assistant.wiring import open_assistant
from ingest.pipeline import ingest

QUESTION = {"question": "Was kostet die Beratung durch die Musterstelle?"}


def test_f35_a_damaged_index_is_told_until_it_is_whole(small_index: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(small_index, index)
    whole = current_build(index)
    assert whole is not None
    damaged = whole.with_name("damaged")
    shutil.copytree(whole, damaged)
    vectors = damaged / "sentences.npy"
    vectors.write_bytes(vectors.read_bytes()[:200])

    with running_server(index, tmp_path) as server, httpx.Client(base_url=server.url, timeout=20) as client:
        assert client.get("/ready").status_code == 200
        switch_to(index, damaged)

        assert client.get("/ready").status_code == 503
        assert client.get("/health").status_code == 200
        refused = client.post("/api/ask", json=QUESTION)
        assert refused.status_code == 503
        assert str(tmp_path) not in refused.text

        switch_to(index, whole)
        assert client.post("/api/ask", json=QUESTION).json()["status"] == "answered"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    """An assistant over more passages than it looks at without asking Chroma."""
    (tmp_path / "corpus").mkdir()
    sections = (f"## Teil {number}\n\nDer Teil {number} regelt etwas.\n" for number in range(40))
    (tmp_path / "corpus" / "a.md").write_text("\n".join(sections), encoding="utf-8")
    ingest([tmp_path / "corpus"], folder=tmp_path / "index", open_embedder=WordHashes)
    settings = Settings(index=tmp_path / "index", retrieval=RetrievalSettings(candidates=5))
    with closing(open_assistant(settings, embedder=WordHashes())) as opened:
        yield opened


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def overwritten(store: Path) -> Iterator[None]:
    store.write_bytes(b"x" * store.stat().st_size)
    yield


@contextmanager
def held(store: Path) -> Iterator[None]:
    """A store that another process has locked and does not let go, for which Chroma waits a minute."""
    command = [sys.executable, "-c", HOLD, str(store)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        yield


@pytest.mark.parametrize("spoilt", [overwritten, held])
def test_f35_a_store_that_fails_or_hangs_while_it_serves_costs_no_answer_and_is_told(
    spoilt: Callable[[Path], AbstractContextManager[None]], assistant: Assistant, tmp_path: Path
) -> None:
    question = Query(question="Was regelt Teil 7?", documents=("a.md",))
    whole = assistant.search(question)
    build = current_build(tmp_path / "index")
    assert build is not None

    with spoilt(build / "chroma" / "chroma.sqlite3"):
        assert assistant.search(question).texts[0] == whole.texts[0]
        assert "Vektorsuche ist gestört" in assistant.ask(question).note
        with pytest.raises(IndexDamagedError):
            assistant.check()


def test_f35_a_store_that_hangs_for_good_keeps_one_thread_and_not_one_for_each_try(
    assistant: Assistant, tmp_path: Path
) -> None:
    with closing(Index.open(tmp_path / "index", WordHashes())) as index:
        store = index.build / "chroma" / "chroma.sqlite3"
        begun = threading.active_count()
        with held(store):
            for _ in range(3):
                with pytest.raises(IndexDamagedError):
                    index.probe(0.3)
            assert threading.active_count() <= begun + 1


def test_f35_a_call_is_tried_again_once_the_one_that_hung_has_ended() -> None:
    deadlines, released = Deadlines(), threading.Event()
    with pytest.raises(TimeoutError):
        deadlines.within(0.01, lambda: released.wait(30))
    with pytest.raises(TimeoutError, match="still hangs"):
        deadlines.within(30, lambda: None)
    released.set()

    assert eventually(lambda: deadlines.within(30, lambda: "given")) == "given"


def test_f35_a_panic_in_a_library_is_an_error_like_others() -> None:
    class Panic(BaseException):
        pass

    def panic() -> None:
        raise Panic("index out of bounds")

    with pytest.raises(RuntimeError, match="Panic: index out of bounds"):
        Deadlines().within(30, panic)


def eventually(call: Callable[[], str]) -> str:
    """What ``call`` gives as soon as it no longer refuses for the time being."""
    for _ in range(3000):
        try:
            return call()
        except TimeoutError:
            time.sleep(0.01)
    raise AssertionError("it still refuses")


def test_f35_an_index_that_was_closed_under_a_question_still_answers_it(assistant: Assistant, tmp_path: Path) -> None:
    vector = WordHashes().query("Was regelt Teil 7?")
    index = Index.open(tmp_path / "index", WordHashes())
    found = index.nearest("passages", vector, 7)
    index.close()

    assert sorted(index.nearest("passages", vector, 7).values()) == pytest.approx(sorted(found.values()), abs=1e-5)


@pytest.mark.parametrize("name", ["passages", "sentences"])
@pytest.mark.parametrize("documents", [(), ("a.md",)])
def test_f35_without_the_store_the_same_rows_are_found(
    name: str, documents: tuple[str, ...], assistant: Assistant, tmp_path: Path
) -> None:
    vector = WordHashes().query("Was regelt Teil 7?")
    with closing(Index.open(tmp_path / "index", WordHashes())) as index:
        found = index.nearest(name, vector, 7, documents)
        (index.build / "chroma" / "chroma.sqlite3").write_bytes(b"x" * 200_000)
        again = index.nearest(name, vector, 7, documents)

        assert index.impaired
        assert sorted(again.values()) == pytest.approx(sorted(found.values()), abs=1e-5)
