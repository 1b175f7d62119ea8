"""The server as its users meet it: how soon it is ready, how much memory it takes, how fast it answers many at once."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

import httpx

PATIENCE = 120
"""Seconds after which a server counts as broken."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """A server that answers. ``seconds`` is what it took to get there."""

    url: str
    pid: int
    seconds: float

    def memory(self) -> float:
        """Megabytes of memory in use; not a number where the system does not tell."""
        return memory_of(self.pid)

    def ask(self, questions: Sequence[str]) -> None:
        """Ask one question after the other."""
        with httpx.Client(base_url=self.url, timeout=PATIENCE) as client:
            for question in questions:
                client.post("/api/ask", json={"question": question}).raise_for_status()

    def first_sentences(self, questions: Sequence[str]) -> list[float]:
        """Ask all at once; seconds until each shows its first sentence, or that there is none."""
        return asyncio.run(self._at_once(questions))

    async def _at_once(self, questions: Sequence[str]) -> list[float]:
        limits = httpx.Limits(max_connections=len(questions))
        async with httpx.AsyncClient(base_url=self.url, timeout=PATIENCE, limits=limits) as client:
            started = perf_counter()
            return await asyncio.gather(*(_first_sentence(client, question, started) for question in questions))


def memory_of(pid: int) -> float:
    """Megabytes of memory that a process has in use; not a number where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@contextmanager
def running(index: Path) -> Iterator[Running]:
    """A server over ``index``, once it answers a question."""
    port = _free_port()
    command = [sys.executable, "-m", "ui.cli", "serve", "--index", str(index), "--port", str(port)]
    started = perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={**os.environ, "FUNDSTELLE_LOG_LEVEL": "ERROR"}
    ) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process)
            yield Running(url=url, pid=process.pid, seconds=perf_counter() - started)
        finally:
            process.terminate()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = perf_counter() + PATIENCE
    while process.poll() is None and perf_counter() < end:
        try:
            if httpx.get(f"{url}/ready", timeout=PATIENCE).is_success:
                return
        except httpx.TransportError:
            sleep(0.05)
    raise RuntimeError(f"the server was not ready within {PATIENCE} s")


async def _first_sentence(client: httpx.AsyncClient, question: str, started: float) -> float:
    async with client.stream("POST", "/api/ask/stream", json={"question": question}) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            if line in ("event: sentence", "event: done"):
                return perf_counter() - started
    raise RuntimeError("a stream ended without an answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
