"""The real command line and the real server, for tests. Nothing of ours is replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[1]


def environment(**settings: str) -> dict[str, str]:
    """The environment of a child process: settings of the test's own and nothing of the developer's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FUNDSTELLE_")}
    paths = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH", ""))))
    return {**kept, "PYTHONPATH": paths, **{f"FUNDSTELLE_{name}": value for name, value in settings.items()}}


def command(*arguments: str | Path) -> list[str]:
    """The command line as a process."""
    return [sys.executable, "-m", "ui.cli", *map(str, arguments)]


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server. ``log`` is its standard error."""

    url: str
    process: subprocess.Popen[str]
    log: Path

    def stop(self) -> int:
        """End it politely; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


@contextmanager
def running_server(
    index: Path, folder: Path, *, variables: Mapping[str, str] | None = None, port: int = 0
) -> Iterator[Server]:
    """A server over ``index``, ready when this returns, on a free port if none is named.

    ``folder`` takes its log and is its home.
    """
    log = folder / "server.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            command("serve", "--index", index, "--port", str(port)),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            cwd=folder,
            env={**environment(), **(variables or {})},
        )
    with process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://" in line, log.read_text(encoding="utf-8")
        try:
            yield Server(url=line[line.index("http://") :].strip(), process=process, log=log)
        finally:
            process.kill()


@pytest.fixture(scope="session")
def server(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server over the small index for all tests that only ask it."""
    with running_server(small_index, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """An HTTP client for the server."""
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client
