"""The server as a process: address, start, stop, limits, and what happens to the index when it starts."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from loops import completed
from ui_support import Server, command, environment, running_server

from assistant.embedding import Embedder
from assistant.errors import CorpusError
from assistant.record import current_build, read_record, write_record
from assistant.settings import Settings
from ingest.pipeline import ingest
from ui.server import refresh_index

SLOTS = Settings().server.concurrency


@pytest.fixture(scope="module")
def strict_server(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with every limit drawn tight."""
    variables = environment(
        SERVER_ALLOWED_HOSTS="127.0.0.1",
        SERVER_ALLOWED_ORIGINS="https://rathaus.example",
        SERVER_CONCURRENCY="1",
        LOG_LEVEL="INFO",
    )
    with running_server(small_index, tmp_path_factory.mktemp("strict"), variables=variables) as server:
        yield server


def test_a_port_that_is_taken_is_said_so_at_once(small_index: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        arguments = command("serve", "--index", small_index, "--port", str(port))
        done = subprocess.run(arguments, env=environment(), capture_output=True, encoding="utf-8", timeout=60)

    assert done.returncode == 1
    assert done.stdout == ""
    assert f"Der Port {port} auf 127.0.0.1 ist schon belegt" in done.stderr


def test_an_address_of_another_machine_is_refused(small_index: Path) -> None:
    arguments = command("serve", "--index", small_index, "--host", "192.0.2.1", "--port", "0")
    done = subprocess.run(arguments, env=environment(), capture_output=True, encoding="utf-8", timeout=60)

    assert done.returncode == 1
    assert "192.0.2.1" in done.stderr
    assert "Traceback" not in done.stderr


def test_only_allowed_hosts_and_origins_are_served(strict_server: Server) -> None:

    spoofed = httpx.get(f"{strict_server.url}/health", headers={"Host": "evil.test"})
    assert spoofed.status_code == 400
    assert spoofed.json()["error"]["code"] == "bad_request"

    allowed = httpx.get(f"{strict_server.url}/health", headers={"Origin": "https://rathaus.example"})
    assert allowed.headers["access-control-allow-origin"] == "https://rathaus.example"
    assert "frame-ancestors 'self' https://rathaus.example" in allowed.headers["content-security-policy"]


@pytest.mark.parametrize(
    "origin", ["null", "http://rathaus.example", "https://rathaus.example.evil.test", "https://a.rathaus.example"]
)
def test_an_origin_that_only_looks_like_an_allowed_one_is_not(origin: str, strict_server: Server) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}

    for answer in (
        httpx.get(f"{strict_server.url}/health", headers=headers),
        httpx.options(f"{strict_server.url}/api/ask", headers=headers),
    ):
        assert "access-control-allow-origin" not in answer.headers


def test_a_hostile_path_stays_on_one_line_of_the_log(strict_server: Server) -> None:
    httpx.get(f"{strict_server.url}/api/erste%0Azweite%1B[31m%7B%7D%25s?q=geheim4711")
    question = {"question": "geheim4711\n\x1b[31m{} %s"}
    for _ in range(50):  # the only slot may still be taken
        if httpx.post(f"{strict_server.url}/api/ask", json=question, timeout=60).status_code == 200:
            break

    log = strict_server.log.read_text(encoding="utf-8")
    assert [line for line in log.splitlines() if "erste" in line and "zweite" in line and " 404 " in line]
    assert not [line for line in log.splitlines() if line.startswith("zweite")]
    assert "\x1b" not in log
    assert "geheim4711" not in log


def test_more_questions_than_slots_are_told_to_come_again(strict_server: Server) -> None:
    responses: list[httpx.Response] = []

    def ask(number: int) -> None:
        asked = {"question": "Wo sitzt die Musterstelle?"}
        headers = {"X-Forwarded-For": f"192.0.2.{number}"}  # the limit is one for all, whoever they say they are
        responses.append(httpx.post(f"{strict_server.url}/api/ask", json=asked, headers=headers, timeout=60))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {response.status_code for response in responses} == {200, 503}
    assert all(response.headers["retry-after"] for response in responses if response.status_code == 503)


def test_clients_that_go_away_give_their_slots_back(strict_server: Server) -> None:
    question = {"question": "Wo sitzt die Musterstelle?"}
    for _ in range(5):
        with httpx.stream("POST", f"{strict_server.url}/api/ask/stream", json=question, timeout=60):
            pass  # leave without reading

    answers = (httpx.post(f"{strict_server.url}/api/ask", json=question, timeout=60) for _ in range(20))
    assert any(response.status_code == 200 for response in answers)


def test_of_five_hundred_streams_each_is_answered_or_told_to_come_again(server: Server) -> None:
    question = {"question": "Wo sitzt die Musterstelle?"}

    async def ask(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/api/ask/stream", json=question)

    async def ask_all() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=500)
        async with httpx.AsyncClient(base_url=server.url, timeout=120, limits=limits) as client:
            return await asyncio.gather(*(ask(client) for _ in range(500)))

    responses = completed(ask_all())

    assert {response.status_code for response in responses} == {200, 503}
    for response in responses:
        if response.status_code == 200:
            assert "\nevent: done\n" in response.text
        else:
            assert int(response.headers["retry-after"]) > 0
            assert response.json()["error"]["code"] == "busy"


def test_a_crowd_that_goes_away_leaves_every_slot_free(server: Server) -> None:
    question = {"question": "Wo sitzt die Musterstelle?"}

    async def leave(client: httpx.AsyncClient) -> None:
        with suppress(httpx.TransportError):
            async with client.stream("POST", "/api/ask/stream", json=question):
                pass

    async def statuses() -> set[int]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(base_url=server.url, timeout=120, limits=limits) as client:
            await asyncio.gather(*(leave(client) for _ in range(200)))
            answers = await asyncio.gather(*(client.post("/api/ask", json=question) for _ in range(SLOTS)))
            return {answer.status_code for answer in answers}

    assert any(completed(statuses()) == {200} for _ in range(5))


def test_a_polite_end_ends_it(strict_server: Server) -> None:
    with httpx.stream("GET", f"{strict_server.url}/gradio_api/heartbeat/abc", timeout=60):  # an open page
        strict_server.stop()

    assert strict_server.process.returncode is not None
    assert "Traceback" not in strict_server.log.read_text(encoding="utf-8")


@pytest.fixture
def settings(small_corpus: Path, embedder: Embedder, tmp_path: Path) -> Settings:
    """Settings of an index that was built from a corpus of the test's own."""
    corpus = shutil.copytree(small_corpus, tmp_path / "corpus")
    ingest([corpus], folder=tmp_path / "index", open_embedder=lambda: embedder)
    return Settings(index=tmp_path / "index", corpus=tmp_path / "other")


def test_an_index_whose_sources_changed_is_renewed(settings: Settings, embedder: Embedder, tmp_path: Path) -> None:
    before = current_build(settings.index)
    refresh_index(settings, embedder)
    assert current_build(settings.index) == before

    (tmp_path / "corpus" / "neu.md").write_text("# Neu\n\nDas steht seit heute hier.\n", encoding="utf-8")
    refresh_index(settings, embedder)
    after = current_build(settings.index)
    assert after is not None
    assert read_record(after).documents == 4


def test_an_index_of_other_weights_is_renewed(settings: Settings, embedder: Embedder) -> None:
    before = current_build(settings.index)
    assert before is not None
    write_record(before, replace(read_record(before), model_sha256="0" * 64))

    refresh_index(settings, embedder)

    after = current_build(settings.index)
    assert after is not None
    assert read_record(after).model_sha256 == embedder.sha256


def test_the_old_index_serves_when_it_cannot_be_renewed(
    settings: Settings, embedder: Embedder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = current_build(settings.index)
    shutil.rmtree(tmp_path / "corpus")

    refresh_index(settings, embedder)

    assert current_build(settings.index) == before
    assert "der bisherige antwortet weiter" in capsys.readouterr().err


def test_without_index_and_corpus_there_is_nothing_to_serve(embedder: Embedder, tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        refresh_index(Settings(index=tmp_path / "index", corpus=tmp_path / "none"), embedder)
