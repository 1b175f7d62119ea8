"""Without any name server everything works, and nothing even asks for one: real commands in processes of their own."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from ingest_support import handmade, line
from ui_support import Server, command, environment, running_server

# Loaded by Python itself at start, in every process and before any module of ours: looks up nothing but this machine,
# and writes down who tried.
BLOCK = """
import pathlib, socket

TRIED = pathlib.Path(__file__).with_name("tried.txt")
OWN = {None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0", b"localhost", b"127.0.0.1"}

def blocked(name):
    real = getattr(socket, name)
    def look_up(host, *arguments, **named):
        if host in OWN:
            return real(host, *arguments, **named)
        with TRIED.open("a") as file:
            file.write(f"{name} {host!r}\\n")
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    setattr(socket, name, look_up)

for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
    blocked(name)

connect = socket.socket.connect
def connect_here(self, address):
    if isinstance(address, tuple) and address[0] not in OWN:
        with TRIED.open("a") as file:
            file.write(f"connect {address!r}\\n")
        raise OSError(101, "Network is unreachable")
    return connect(self, address)
socket.socket.connect = connect_here
""".replace("\\n", "\\n")

QUESTION = "Wo sitzt die Musterstelle?"


class Offline:
    """A machine without internet: its variables, and what was tried on it all the same."""

    def __init__(self, folder: Path) -> None:
        (folder / "sitecustomize.py").write_text(BLOCK, encoding="utf-8")
        self._tried = folder / "tried.txt"
        self.variables = environment()
        self.variables["PYTHONPATH"] = f"{folder}:{self.variables['PYTHONPATH']}"
        # Set by the tests for themselves; whoever uses the program has not.
        self.variables.pop("GRADIO_ANALYTICS_ENABLED", None)

    def tried(self) -> str:
        return self._tried.read_text(encoding="utf-8") if self._tried.exists() else ""

    def run(self, *arguments: str | Path) -> str:
        done = subprocess.run(command(*arguments), env=self.variables, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Offline:
    return Offline(tmp_path_factory.mktemp("offline"))


@pytest.fixture(scope="module")
def index(offline: Offline, small_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that the command built: from a PDF, Markdown and HTML that names foreign hosts."""
    folder = tmp_path_factory.mktemp("fremd")
    handmade(folder / "satzung.pdf", line("Die Satzung gilt in der ganzen Gemeinde."))
    (folder / "seite.html").write_text(
        '<html><head><link rel="stylesheet" href="https://example.org/a.css"></head><body><main><h1>Seite</h1>'
        '<p>Das Amt hat montags geöffnet.</p><img src="https://example.org/b.png"></main></body></html>',
        encoding="utf-8",
    )
    report = json.loads(offline.run("ingest", small_corpus, folder, "--index", folder / "index", "--json"))
    assert (report["documents"], report["failed"]) == (5, 0)
    return folder / "index"


@pytest.fixture(scope="module")
def served(offline: Offline, index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(index, tmp_path_factory.mktemp("server"), variables=offline.variables) as server:
        yield server


def test_the_block_itself_works(tmp_path: Path) -> None:
    offline = Offline(tmp_path)
    code = "import urllib.request as r; r.urlopen('http://example.org/')"
    done = subprocess.run([*command()[:1], "-c", code], env=offline.variables, capture_output=True, text=True)

    assert "Temporary failure in name resolution" in done.stderr
    assert "example.org" in offline.tried()


def test_the_command_line_works_and_looks_nothing_up(offline: Offline, index: Path) -> None:
    assert "Leipzig" in offline.run("ask", QUESTION, "--index", index)
    assert "Satzung" in offline.run("search", "Wo gilt die Satzung?", "--index", index)
    assert "faq.md" in offline.run("documents", "--index", index)
    offline.run("doctor", "--index", index)

    assert offline.tried() == ""


def test_the_server_works_and_looks_nothing_up(offline: Offline, served: Server) -> None:
    with httpx.Client(base_url=served.url, timeout=60) as client:
        assert client.get("/ready").status_code == 200
        assert "Leipzig" in client.post("/api/ask", json={"question": QUESTION}).json()["answer"]
        stream = client.post("/api/ask/stream", json={"question": QUESTION}).text
        viewer = client.get("/dokumente/satzung.pdf", params={"seite": 1}).text
        page = client.get("/").text

    assert "event: done" in stream
    assert "Die Satzung gilt" in viewer
    assert "Fundstelle" in page
    assert offline.tried() == ""


def test_the_chat_page_loads_nothing_from_elsewhere(served: Server) -> None:
    """What a browser would fetch for the page; links and names of licences are not fetched."""
    page = httpx.get(f"{served.url}/", timeout=60).text
    loaded = re.findall(r"""<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=["']?([^"'\s>]+)""", page)

    assert loaded
    assert [address for address in loaded if re.match(r"(?:https?:)?//", address) and served.url not in address] == []
