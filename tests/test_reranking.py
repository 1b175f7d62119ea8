"""A reranker reorders the best passages; one that is late, fails or talks nonsense is ignored."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant.domain import Query
from assistant.embedding import Embedder
from assistant.errors import RerankingError, SettingsError
from assistant.rerankers.endpoint import RerankEndpoint
from assistant.reranking import BudgetedReranker
from assistant.service import Assistant
from assistant.settings import RerankerSettings, Settings
from assistant.wiring import open_assistant, open_reranker

QUESTION = Query(question="Wer beschließt das Entwicklungskonzept?")


def shortest_first(request: dict[str, Any]) -> dict[str, Any]:
    """Results as servers give them: best first, not in the order of the documents."""
    lengths = {at: -len(text) for at, text in enumerate(request["documents"])}
    best = sorted(lengths, key=lambda at: -lengths[at])
    return {"results": [{"index": at, "relevance_score": lengths[at]} for at in best]}


@dataclass
class Service:
    """A server that reranks; ``reply`` makes its answer (a status, bytes or JSON) from the request."""

    address: str = ""
    reply: Callable[[dict[str, Any]], Any] = shortest_first
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.requests.append(request)
            service.keys.append(self.headers["Authorization"])
            reply = service.reply(request) if self.path == "/v1/rerank" else 404
            content = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
            try:
                self.send_response(reply if isinstance(reply, int) else 200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                pass  # whoever waited has gone

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        service.address = f"http://127.0.0.1:{server.server_port}/v1"
        yield service
        server.shutdown()


@pytest.fixture
def reranking(small_index: Path, embedder: Embedder, service: Service) -> Iterator[Assistant]:
    chosen = RerankerSettings.model_validate(
        {"backend": "http", "base_url": service.address, "model": "ordner", "api_key": "sk-1", "depth": 3, "budget": 5}
    )
    assistant = open_assistant(Settings(index=small_index, reranker=chosen), embedder=embedder)
    yield assistant
    assistant.close()


def test_the_server_reorders_the_best_passages(
    reranking: Assistant, small_assistant: Assistant, service: Service
) -> None:
    before, after = (assistant.search(QUESTION, 5) for assistant in (small_assistant, reranking))

    assert list(after.texts[:3]) == sorted(before.texts[:3], key=len)
    assert after.texts[3:] == before.texts[3:]
    assert {hit.passage.id: hit.score for hit in after.hits} == {hit.passage.id: hit.score for hit in before.hits}
    assert service.requests == [
        {"query": QUESTION.question, "documents": list(before.texts[:3]), "top_n": 3, "model": "ordner"}
    ]
    assert service.keys == ["Bearer sk-1"]
    assert "rerank" in after.timings
    assert "rerank" not in before.timings


@pytest.mark.parametrize(
    "reply",
    [
        500,
        401,
        b"<html>",
        [],
        {},
        {"results": []},
        {"results": [{"index": 99, "relevance_score": 1.0}]},
        {"results": [{"index": -1, "relevance_score": 1.0}]},
        {"results": [{"index": "0", "relevance_score": 1.0}]},
        {"results": [{"index": 0, "relevance_score": None}]},
        {"results": [{"index": 0, "relevance_score": float("nan")}]},
        {"results": {"index": 0}},
    ],
)
def test_a_server_that_fails_changes_nothing_but_the_log(
    reranking: Assistant,
    small_assistant: Assistant,
    service: Service,
    caplog: pytest.LogCaptureFixture,
    reply: object,
) -> None:
    service.reply = lambda _: reply

    with caplog.at_level(logging.WARNING):
        assert reranking.search(QUESTION, 5).hits == small_assistant.search(QUESTION, 5).hits

    assert "Nachordnen" in caplog.text
    assert QUESTION.question not in caplog.text


def test_a_server_may_speak_as_tei_does(
    small_index: Path, small_assistant: Assistant, embedder: Embedder, service: Service
) -> None:
    service.reply = lambda request: [
        {"index": at, "score": -len(text)} for at, text in reversed(list(enumerate(request["texts"])))
    ]
    chosen = {"backend": "http", "protocol": "tei", "base_url": service.address, "model": "x", "depth": 3, "budget": 5}
    reranking = open_assistant(
        Settings(index=small_index, reranker=RerankerSettings.model_validate(chosen)), embedder=embedder
    )

    before, after = (assistant.search(QUESTION, 5) for assistant in (small_assistant, reranking))
    reranking.close()

    assert list(after.texts[:3]) == sorted(before.texts[:3], key=len)
    assert service.requests == [{"query": QUESTION.question, "texts": list(before.texts[:3]), "truncate": True}]


@pytest.mark.parametrize(
    "reply",
    [{"error": "overloaded"}, {"results": [{"index": 0, "relevance_score": 1.0}]}, [], [{"index": 0}], [[0, 1]]],
)
def test_a_server_that_speaks_otherwise_than_tei_is_no_help(service: Service, reply: object) -> None:
    service.reply = lambda _: reply

    with pytest.raises(RerankingError):
        RerankEndpoint.open(service.address, protocol="tei", timeout=5).scores("Wer?", ["a", "b"])


def test_a_server_that_is_not_there_changes_nothing() -> None:
    endpoint = RerankEndpoint.open("http://127.0.0.1:9", timeout=1)

    with pytest.raises(RerankingError, match=r"127\.0\.0\.1:9"):
        endpoint.scores("Wer?", ["a", "b"])
    assert BudgetedReranker(endpoint, depth=2, budget=1).order("Wer?", ["a", "b"]) == [0, 1]


def test_what_the_server_leaves_out_comes_last(service: Service) -> None:
    service.reply = lambda _: {"results": [{"index": 2, "relevance_score": 0.1}, {"index": 1, "relevance_score": 0}]}
    reranker = BudgetedReranker(RerankEndpoint.open(service.address, timeout=5), depth=3, budget=5)

    assert reranker.order("Wer?", ["a", "b", "c"]) == [2, 1, 0]


class Waiting:
    """A scorer that is done when the test says so."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.begun = 0

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        self.begun += 1
        self.done.wait(20)
        return [float(at) for at in range(len(texts))]


def test_what_comes_too_late_is_not_waited_for_and_never_piles_up(caplog: pytest.LogCaptureFixture) -> None:
    scorer = Waiting()
    reranker = BudgetedReranker(scorer, depth=3, budget=0.01)

    assert [reranker.order("Wer?", ["a", "b"]) for _ in range(6)] == [[0, 1]] * 6
    assert scorer.begun == BudgetedReranker.MOST
    assert "still at work" in caplog.text

    scorer.done.set()
    patient = BudgetedReranker(scorer, depth=3, budget=20)
    assert patient.order("Wer?", ["a", "b"]) == [1, 0]


class Broken:
    """A scorer that fails in a way nobody foresaw, or gives too few scores."""

    def __init__(self, given: Sequence[float] | None) -> None:
        self.given = given

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        if self.given is None:
            raise RuntimeError(f"out of memory for {question}")
        return self.given


@pytest.mark.parametrize("given", [None, [1.0], [[1.0], [2.0]]])
def test_whatever_fails_leaves_the_order_and_no_question_in_the_log(
    given: Sequence[float] | None, caplog: pytest.LogCaptureFixture
) -> None:
    reranker = BudgetedReranker(Broken(given), depth=2, budget=20)

    assert reranker.order("Darf Erika das?", ["a", "b"]) == [0, 1]
    assert "order unchanged" in caplog.text
    assert "Erika" not in caplog.text


def test_a_slow_server_costs_no_more_than_the_budget(service: Service) -> None:
    released = threading.Event()

    def slowly(request: dict[str, Any]) -> object:
        released.wait(20)
        return shortest_first(request)

    service.reply = slowly
    chosen = {"backend": "http", "base_url": service.address, "budget": 0.05}
    reranker = open_reranker(Settings(reranker=RerankerSettings.model_validate(chosen)))
    started = time.monotonic()

    assert reranker.order("Wer?", ["lang", "b"]) == [0, 1]
    assert time.monotonic() - started < 15
    released.set()


@pytest.mark.parametrize(
    ("backend", "missing"), [("sentence-transformers", "reranker.model"), ("http", "reranker.base_url")]
)
def test_what_a_backend_needs_is_named(backend: str, missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        open_reranker(Settings(reranker=RerankerSettings.model_validate({"backend": backend})))
