"""The endpoint against a real server on this machine, which gives vectors of hashed words."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
from embedding_contract import EmbedderContract

from assistant.embedders import endpoint
from assistant.embedders.endpoint import Endpoint
from assistant.embedding import Embedder
from assistant.errors import EmbeddingError
from assistant.settings import EmbeddingSettings, Settings
from assistant.wiring import open_embedder

DIMENSION = 256


@dataclass
class Service:
    """A server of embeddings. ``replies`` are given first, one to a request: a status, or a body to send with 200."""

    address: str = ""
    replies: deque[Any] = field(default_factory=deque)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    delay: float = 0.0

    def reply(self, request: dict[str, Any]) -> tuple[int, Any]:
        self.requests.append(request)
        time.sleep(self.delay)
        if self.replies:
            planned = self.replies.popleft()
            return (planned, {"error": "geheim"}) if isinstance(planned, int) else (200, planned)
        items = [{"index": at, "embedding": hashed(text)} for at, text in enumerate(request["input"])]
        return 200, {"data": items[::-1]}


def hashed(text: str) -> list[float]:
    vector = np.full(DIMENSION, 0.01)
    for word in re.findall(r"\w+", text.lower()):
        vector[int(sha256(word[:6].encode()).hexdigest(), 16) % DIMENSION] += 3
    return [float(value) for value in vector]


@pytest.fixture(scope="module")
def running() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            service.keys.append(self.headers["Authorization"])
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = service.reply(request) if self.path == "/v1/embeddings" else (404, {})
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        service.address = f"http://127.0.0.1:{server.server_port}/v1"
        yield service
        server.shutdown()


@pytest.fixture
def service(running: Service) -> Service:
    running.replies.clear()
    running.requests.clear()
    running.keys.clear()
    running.delay = 0.0
    return running


@pytest.fixture
def opened(service: Service) -> Endpoint:
    opened = Endpoint.open(service.address, model="wörter", query_prefix="frage: ", timeout=5)
    service.requests.clear()
    return opened


class TestEndpoint(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls, running: Service) -> Embedder:
        return Endpoint.open(running.address, model="wörter")


def test_settings_open_it(service: Service) -> None:
    chosen = {"backend": "openai", "base_url": service.address, "model": "wörter", "api_key": "sk-1"}

    embedder = open_embedder(Settings(embedding=EmbeddingSettings.model_validate(chosen)))

    assert embedder.name == "openai/wörter"
    assert embedder.dimension == DIMENSION
    assert service.keys == ["Bearer sk-1"]


def test_no_key_is_sent_where_none_is_set(opened: Endpoint, service: Service) -> None:
    opened.query("Wer?")

    assert set(service.keys) == {None}


def test_texts_are_sent_in_batches_with_their_prefix(opened: Endpoint, service: Service) -> None:
    opened.query("Wer?")
    opened.passages([f"Satz {number}" for number in range(70)])

    assert [len(request["input"]) for request in service.requests] == [1, 32, 32, 6]
    assert service.requests[0]["input"] == ["frage: Wer?"]
    assert {request["model"] for request in service.requests} == {"wörter"}


def test_a_busy_server_is_asked_again(opened: Endpoint, service: Service) -> None:
    service.replies.extend([503, 429])

    assert opened.query("Wer?").shape == (DIMENSION,)
    assert len(service.requests) == 3


def test_a_server_that_stays_busy_is_given_up(opened: Endpoint, service: Service) -> None:
    service.replies.extend([503] * 9)

    with pytest.raises(EmbeddingError, match="HTTP 503"):
        opened.query("Wer?")

    assert len(service.requests) == endpoint.ATTEMPTS


def test_a_refusal_is_final_and_repeats_nothing_that_was_sent(opened: Endpoint, service: Service) -> None:
    service.replies.append(401)

    with pytest.raises(EmbeddingError, match=r"HTTP 401.*Schlüssel") as caught:
        opened.query("Vertrauliche Frage?")

    assert len(service.requests) == 1
    assert "Vertrauliche" not in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("reply", "complaint"),
    [
        (b"<html>", "nicht die erwartete Form"),
        ({"data": None}, "nicht die erwartete Form"),
        ({"data": [{"index": 0, "embedding": "AAAA"}]}, "nicht die erwartete Form"),
        ({"data": [{"index": 0, "embedding": [float("nan")] * DIMENSION}]}, "nicht die erwartete Form"),
        ({"data": [{"index": 0, "embedding": [0.0] * DIMENSION}]}, "nicht die erwartete Form"),
        ({"data": [{"index": 0, "embedding": [1.0, 2.0]}]}, "2 Zahlen je Vektor statt 256"),
        ({"data": [{"index": n, "embedding": [1.0] * DIMENSION} for n in (0, 1)]}, "2 Vektoren statt 1"),
        ({"data": []}, "0 Vektoren statt 1"),
    ],
)
def test_an_unusable_answer_is_refused(opened: Endpoint, service: Service, reply: object, complaint: str) -> None:
    service.replies.append(reply)

    with pytest.raises(EmbeddingError, match=complaint):
        opened.query("Wer?")


def test_a_server_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "PAUSE", 0.01)

    with pytest.raises(EmbeddingError, match=r"127\.0\.0\.1:9/.*nicht erreichbar"):
        Endpoint.open("http://127.0.0.1:9/v1", model="wörter")


def test_a_server_that_sleeps_is_not_waited_for(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "PAUSE", 0.01)
    service.delay = 0.4

    with pytest.raises(EmbeddingError, match="nicht erreichbar"):
        Endpoint.open(service.address, model="wörter", timeout=0.05)


def test_model_and_prefixes_tell_indexes_apart(service: Service) -> None:
    one = Endpoint.open(service.address, model="wörter")
    other = Endpoint.open(service.address, model="wörter", passage_prefix="text: ")

    assert one.sha256 != other.sha256
