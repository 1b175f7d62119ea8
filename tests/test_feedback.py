"""Feedback: kept only where the operator wants it, and nothing in it that nobody agreed to."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from ui_support import Server, command, environment, running_server

from assistant.errors import FeedbackError
from assistant.feedback import Feedback, FeedbackFile, Reason

CANARY = "kanarienvogel"
GIVEN = {
    "helpful": False,
    "reasons": ["wrong", "source"],
    "comment": " Der Rat heißt bei uns anders. ",
    "status": "answered",
    "mode": "extractive",
    "documents": ["faq.md"],
}


@pytest.fixture(scope="module")
def asking(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A server that takes feedback, and the file it writes."""
    folder = tmp_path_factory.mktemp("feedback")
    file = folder / "new folder" / "feedback.jsonl"
    with running_server(small_index, folder, variables=environment(FEEDBACK_FILE=str(file))) as server:
        yield server, file


def lines(file: Path) -> list[dict[str, Any]]:
    """What was written."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_feedback_is_kept_without_address_time_or_question(asking: tuple[Server, Path]) -> None:
    server, file = asking

    response = httpx.post(f"{server.url}/api/feedback", json=GIVEN, headers={"X-Forwarded-For": "192.0.2.7"})

    assert response.status_code == 201
    assert response.json() == {"stored": True}
    kept = lines(file)[-1]
    assert len(kept.pop("date")) == len("2026-01-31")
    assert kept == {**GIVEN, "comment": "Der Rat heißt bei uns anders.", "question": ""}
    assert file.stat().st_mode & 0o077 == 0


def test_a_question_is_kept_if_it_is_sent_along(asking: tuple[Server, Path]) -> None:
    server, file = asking
    httpx.post(f"{server.url}/api/feedback", json={"helpful": True, "question": "Wer beschließt?"})

    assert lines(file)[-1]["question"] == "Wer beschließt?"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{" + CANARY.encode(), 400),
        (b"", 422),
        (b"[]", 422),
        (b'"kanarienvogel"', 422),
        (b"{}", 422),
        (b'{"helpful": "kanarienvogel"}', 422),
        (b'{"helpful": 1}', 422),
        (b'{"helpful": true, "kanarienvogel": 1}', 422),
        (b'{"helpful": true, "reasons": ["kanarienvogel"]}', 422),
        (b'{"helpful": true, "reasons": ' + json.dumps(["wrong"] * 20).encode() + b"}", 422),
        (b'{"helpful": true, "comment": "' + b"x" * 2001 + b'"}', 422),
        (b'{"helpful": true, "comment": "\\ud800"}', 422),
        (b'{"helpful": true, "question": "\\u0000"}', 422),
        (b'{"helpful": true, "status": "kanarienvogel"}', 422),
        (b'{"helpful": true, "documents": ["' + b"x" * 501 + b'"]}', 422),
        (b'{"helpful": true, "comment": "' + b"x" * 70_000 + b'"}', 413),
    ],
)
def test_bad_feedback_is_refused_in_german_without_an_echo(
    body: bytes, status: int, asking: tuple[Server, Path]
) -> None:
    server, file = asking
    before = file.stat().st_size

    response = httpx.post(
        f"{server.url}/api/feedback", content=body, headers={"Content-Type": "application/json"}, timeout=60
    )

    assert response.status_code == status, response.text
    assert response.json()["error"]["message"].endswith(".")
    assert CANARY not in response.text
    assert file.stat().st_size == before


def test_other_sites_cannot_send_feedback(asking: tuple[Server, Path]) -> None:
    server, file = asking
    before = file.stat().st_size
    foreign = {"Origin": "https://evil.test"}

    preflight = httpx.options(
        f"{server.url}/api/feedback", headers={**foreign, "Access-Control-Request-Method": "POST"}
    )
    plain = httpx.post(
        f"{server.url}/api/feedback", content=b'{"helpful": true}', headers={**foreign, "Content-Type": "text/plain"}
    )

    assert preflight.status_code == 400
    assert plain.status_code == 422
    assert file.stat().st_size == before


def test_a_file_that_can_no_longer_be_written_is_told(small_index: Path, tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    with running_server(small_index, tmp_path, variables=environment(FEEDBACK_FILE=str(file))) as server:
        file.unlink()
        file.mkdir()
        response = httpx.post(f"{server.url}/api/feedback", json=GIVEN)

    assert response.status_code == 503
    assert response.json()["error"]["code"] == "feedback_not_stored"
    assert str(tmp_path) not in response.text


def test_without_the_setting_there_is_no_such_route(client: httpx.Client) -> None:
    assert client.post("/api/feedback", json=GIVEN).status_code == 404
    assert "/api/feedback" not in client.get("/openapi.json").json()["paths"]


def test_a_file_that_cannot_be_written_keeps_the_server_from_starting(small_index: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")

    done = subprocess.run(
        command("serve", "--index", small_index, "--port", "0"),
        env=environment(FEEDBACK_FILE=str(tmp_path / "taken" / "feedback.jsonl")),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )

    assert done.returncode == 1
    assert "feedback.file" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_file_never_outgrows_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    file = FeedbackFile.open(path, limit=1000)
    for number in range(50):
        file.add(Feedback(helpful=False, reasons=(Reason.WRONG,), comment=f"Nummer {number}"))

    aside = tmp_path / "feedback.jsonl.1"
    assert path.stat().st_size <= 1000
    assert aside.stat().st_size <= 1000
    assert lines(path)[-1]["comment"] == "Nummer 49"
    assert [entry["comment"] for entry in (*lines(aside), *lines(path))] == [
        f"Nummer {number}" for number in range(50 - len(lines(aside)) - len(lines(path)), 50)
    ]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError):
        FeedbackFile.open(tmp_path, limit=1000)
