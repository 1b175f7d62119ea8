"""Shared by all tests: no network beyond this machine, no settings from outside, and one small real index."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from small_texts import DOCUMENTS, FAQ, GUIDE

from assistant.embedding import Embedder
from assistant.service import Assistant
from assistant.settings import Settings

pytest_plugins = ("ui_support", "widget_support")

# Read when the library is imported, and inherited by every process a test starts.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to look up any other host's name, as a machine without internet does."""
    real = socket.getaddrinfo

    def local_only(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in (None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1"):
            raise AssertionError(f"looked up {host!r}: nothing may leave this machine")
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", local_only)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's machine reaches a test."""
    for variable in [name for name in os.environ if name.startswith("FUNDSTELLE_")]:
        monkeypatch.delenv(variable)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default embedding model, loaded once."""
    from assistant.wiring import open_embedder

    return open_embedder(Settings())


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a guideline, FAQs and one JSON line: three documents."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "faq.md").write_text(FAQ, encoding="utf-8")
    (folder / "leitfaden.md").write_text(GUIDE, encoding="utf-8")
    (folder / "documents.jsonl").write_text(DOCUMENTS, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def small_index(small_corpus: Path, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index over ``small_corpus``, built by the real pipeline. Never write into it."""
    from ingest.pipeline import ingest

    folder = tmp_path_factory.mktemp("index")
    ingest([small_corpus], folder=folder, open_embedder=lambda: embedder)
    return folder


@pytest.fixture(scope="session")
def small_assistant(small_index: Path) -> Iterator[Assistant]:
    """An assistant over ``small_index``."""
    from assistant.wiring import open_assistant

    assistant = open_assistant(Settings(index=small_index))
    yield assistant
    assistant.close()


@pytest.fixture
def build_index(embedder: Embedder, tmp_path: Path) -> Callable[[Path], Path]:
    """Build an index over a folder of the test's own."""
    from ingest.pipeline import ingest

    def build(corpus: Path) -> Path:
        ingest([corpus], folder=tmp_path / "index", open_embedder=lambda: embedder)
        return tmp_path / "index"

    return build
