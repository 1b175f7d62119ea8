"""The index is built in a process of its own when the server starts; nothing of it outlives the server."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ui_support import command, environment

from assistant.errors import BusyError, CorpusError
from assistant.record import current_build
from assistant.settings import Settings
from ingest.lock import locked
from ui.building import build_apart

PATIENCE = 60


@pytest.fixture
def long_corpus(tmp_path: Path) -> Path:
    """A folder that takes longer to ingest than any test waits."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(200):
        paragraph = " ".join(f"Die Gemeinde {number} plant im Jahr {year} ein Vorhaben." for year in range(1000, 1100))
        (folder / f"{number}.md").write_text(f"# Gemeinde {number}\n\n{paragraph}\n", encoding="utf-8")
    return folder


@pytest.fixture
def building_server(long_corpus: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A server whose index is just being built."""
    arguments = command("serve", "--index", tmp_path / "index", "--port", "0")
    variables = environment(CORPUS=str(long_corpus))
    with subprocess.Popen(
        arguments,
        env=variables,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        # Tests that run in the background of a shell ignore Ctrl-C, and would pass that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr is not None
        assert "wird jetzt gebaut" in process.stderr.readline()
        wait_until(lambda: is_written(tmp_path / "index" / "ingest.lock"))
        yield process
        process.kill()


def is_written(file: Path) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") != ""


def is_free(index: Path) -> bool:
    """Whether no ingest works on ``index``."""
    try:
        with locked(index):
            return True
    except BusyError:
        return False


def wait_until(condition) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_build_ends_with_the_server(building_server: subprocess.Popen[str], tmp_path: Path, end: int) -> None:
    building_server.send_signal(end)

    assert building_server.wait(PATIENCE) != 0
    wait_until(lambda: is_free(tmp_path / "index"))
    assert current_build(tmp_path / "index") is None
    assert building_server.stderr is not None
    assert "Traceback" not in building_server.stderr.read()


def test_what_cannot_be_ingested_is_said_in_german(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CorpusError, match=r"gibt es nicht\. Bitte prüfen Sie den Pfad"):
        build_apart(Settings(index=tmp_path / "index"), [tmp_path / "nirgends"])
    assert capfd.readouterr().out == ""


def test_a_build_that_dies_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Loaded by Python itself at start: ends the process as the system does when memory runs out.
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\nif 'ui.building' in sys.orig_argv: os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "a.md").write_text("Ein Satz.", encoding="utf-8")

    with pytest.raises(CorpusError, match=r"Code -9.*Bitte „fundstelle ingest“"):
        build_apart(Settings(index=tmp_path / "index"), [tmp_path / "a.md"])


def test_the_server_process_loads_nothing_that_only_ingest_needs(small_index: Path) -> None:
    code = (
        "import sys, ui.server, ui.chat\n"
        "heavy = {'lxml', 'openpyxl', 'pypdf', 'pypdfium2', 'sentencex', 'striprtf'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
