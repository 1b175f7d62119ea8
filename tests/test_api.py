"""The HTTP API of a real server: what it answers."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import httpx
from ui_support import Server

from assistant.service import Assistant

QUESTION = "Was kostet die Beratung durch die Musterstelle?"


def events(response: httpx.Response) -> list[tuple[str, Any]]:
    """Server-sent events by name, with their data."""
    blocks = [block.split("\n") for block in response.text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_a_question_is_answered_with_exact_quotes(client: httpx.Client, small_assistant: Assistant) -> None:
    response = client.post("/api/ask", json={"question": QUESTION})

    answer = response.json()
    assert response.status_code == 200
    assert answer["status"] == "answered"
    assert answer["ai_generated"] is True
    assert answer["citations"]
    for citation in answer["citations"]:
        text = small_assistant.document(citation["document"]).text
        assert citation["quote"] == text[citation["start"] : citation["end"]]


def test_scope_and_both_forms_of_history_are_accepted(client: httpx.Client) -> None:
    for history in (
        [{"question": QUESTION, "answer": "Nichts."}],
        [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "Nichts."}],
        None,
    ):
        asked = {"question": "Und wer zahlt das?", "history": history, "documents": ["faq.md"]}
        response = client.post("/api/ask", json=asked)

        assert response.status_code == 200
        assert response.json()["read_as"] == (f"{QUESTION} Und wer zahlt das?" if history else "")
        assert {citation["document"] for citation in response.json()["citations"]} <= {"faq.md"}


def test_a_streamed_answer_ends_with_the_whole_answer(client: httpx.Client) -> None:
    response = client.post("/api/ask/stream", json={"question": QUESTION})

    told = events(response)
    names = [name for name, _ in told]
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-cache"
    assert names[:2] == ["status", "evidence"]
    assert names[-1] == "done"
    sentences = [data["text"] for name, data in told if name == "sentence"]
    assert sentences == [sentence["text"] for sentence in told[-1][1]["sentences"]]


def test_a_stream_refuses_before_it_begins(client: httpx.Client) -> None:
    response = client.post("/api/ask/stream", json={"question": "   "})

    assert response.status_code == 422
    assert response.json()["error"]["code"] == "question_missing"


def test_search_takes_either_name_of_the_question(client: httpx.Client) -> None:
    long = client.get("/api/search", params={"question": "Beschluss", "k": 2, "documents": ["leitfaden.md"]}).json()
    short = client.get("/api/search", params={"q": "Beschluss", "k": 2, "documents": ["leitfaden.md"]}).json()

    assert long["hits"] == short["hits"]
    assert [hit["rank"] for hit in long["hits"]] == [1, 2]
    assert {hit["document"] for hit in long["hits"]} == {"leitfaden.md"}


def test_documents_are_listed_and_shown_with_their_text(client: httpx.Client, small_assistant: Assistant) -> None:
    listed = client.get("/api/documents").json()
    assert {document["id"] for document in listed} == {"faq.md", "leitfaden.md", "haushalt"}

    shown = client.get(f"/api/documents/{quote('leitfaden.md', safe='')}").json()
    assert shown["text"] == small_assistant.document("leitfaden.md").text
    for section in shown["sections"]:
        assert shown["text"][section["start"] : section["end"]]


def test_an_unknown_document_is_not_found(client: httpx.Client) -> None:
    response = client.get("/api/documents/ordner%2Ffehlt%00.md")

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "document_unknown"
    assert "fehlt" not in response.text


def test_probes_tell_life_and_readiness(client: httpx.Client) -> None:
    assert client.get("/health").json() == {"status": "ok"}

    ready = client.get("/ready").json()
    assert ready["status"] == "ready"
    assert ready["documents"] == 3


def test_the_schema_documents_every_error(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]

    for path in ("/api/ask", "/api/ask/stream"):
        assert set(paths[path]["post"]["responses"]) >= {"200", "400", "404", "413", "422", "503"}
    assert client.get("/docs").status_code == 404


def test_no_page_of_another_site_may_read_or_call(client: httpx.Client) -> None:
    for origin in ("http://evil.test", "null", "http://127.0.0.1.evil.test"):
        headers = {"Origin": origin}
        preflight = {**headers, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x"}

        for response in (
            client.get("/api/documents", headers=headers),
            client.get("/config", headers=headers),
            client.get("/gradio_api/info", headers=headers),
            client.options("/api/ask", headers=preflight),
            client.options("/gradio_api/queue/join", headers=preflight),
        ):
            assert "access-control-allow-origin" not in response.headers
            assert "access-control-allow-credentials" not in response.headers


def test_every_response_carries_the_security_headers(client: httpx.Client) -> None:
    for path in ("/", "/api/documents", "/api/nichts", "/fundstelle/chat.js"):
        headers = client.get(path).headers

        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


def test_questions_never_reach_the_log(client: httpx.Client, server: Server) -> None:
    canary = "Kanarienvogel4711"
    client.get("/api/search", params={"q": canary})
    client.post("/api/ask", json={"question": canary})

    assert canary not in server.log.read_text(encoding="utf-8")
