"""Bad requests to a real server: refused in German, without repeating what was sent, never with a 500."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

CANARY = "kanarienvogel"
PADDING = b'"' + b"x" * 70_000 + b'"'

BODIES = {
    "no JSON": (b"{" + CANARY.encode(), 400),
    "nothing": (b"", 422),
    "deep": (b"[" * 20_000 + b"]" * 20_000, 400),
    "no UTF-8": (b'{"question": "\xff\xfe"}', 400),
    "huge number": (b'{"question": ' + b"1" * 5_000 + b"}", 400),
    "array": (b'["kanarienvogel"]', 422),
    "string": (b'"kanarienvogel"', 422),
    "NaN": (b'{"question": NaN}', 422),
    "number": (b'{"question": 17}', 422),
    "null": (b'{"question": null}', 422),
    "missing": (b"{}", 422),
    "blank": (b'{"question": " \\t\\n"}', 422),
    "only emoji": ('{"question": "🦜🦜"}'.encode(), 422),
    "too long": (b'{"question": "' + b"x" * 2001 + b'"}', 422),
    "lone surrogate": (b'{"question": "\\ud800"}', 422),
    "NUL": (b'{"question": "Was\\u0000?"}', 422),
    "unknown field": (b'{"question": "Was?", "kanarienvogel": 1}', 422),
    "surrogate field": (b'{"question": "Was?", "\\ud800": 1}', 422),
    "documents no list": (b'{"question": "Was?", "documents": "kanarienvogel"}', 422),
    "documents unknown": (b'{"question": "Was?", "documents": ["kanarienvogel"]}', 404),
    "documents surrogate": (b'{"question": "Was?", "documents": ["\\udfff"]}', 422),
    "history no list": (b'{"question": "Was?", "history": {"kanarienvogel": 1}}', 422),
    "history odd role": (b'{"question": "Was?", "history": [{"role": "kanarienvogel", "content": "x"}]}', 422),
    "history too long": (b'{"question": "Was?", "history": [' + b'{"question": "a"},' * 500 + b"null]}", 422),
    "too large": (b'{"question": ' + PADDING + b"}", 413),
}


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body_is_refused_without_an_echo(name: str, path: str, client: httpx.Client) -> None:
    body, status = BODIES[name]

    response = client.post(path, content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert set(error) == {"code", "message"}
    assert error["message"]
    assert CANARY not in response.text


@pytest.mark.parametrize("question", ["Was\u202e ist\u200b ein INSEK?", "Beschluss" + "\u0301" * 1500, "\x1b[31mWas?"])
def test_odd_but_readable_questions_are_answered(question: str, client: httpx.Client) -> None:
    assert client.post("/api/ask", json={"question": question}).status_code == 200


def test_a_body_without_a_length_is_cut_off_too(client: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(200):
            yield b" " * 1000

    response = client.post("/api/ask", content=chunks(), headers={"Content-Type": "application/json"})

    assert response.status_code == 413
    assert response.json()["error"]["code"] == "too_large"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/search", 422),
        ("GET", "/api/search?q=Was%3F&k=0", 422),
        ("GET", "/api/search?q=Was%3F&k=viele", 422),
        ("GET", "/api/search?q=%20", 422),
        ("GET", "/api/search?q=%ED%A0%80", 422),
        ("GET", "/api/nichts", 404),
        ("DELETE", "/api/documents", 404),
        ("POST", "/gradio_api/upload", 413),
        ("GET", "/gradio_api/runs", 404),
        ("GET", "/gradio_api/file=/etc/passwd", 403),
        ("GET", "/monitoring", 403),
    ],
)
def test_what_is_not_offered_is_refused(method: str, path: str, status: int, client: httpx.Client) -> None:
    files = {"files": ("a.txt", b"a")} if method == "POST" else None

    response = client.request(method, path, files=files)

    assert response.status_code == status, response.text


def test_plain_form_data_is_not_taken_for_a_question(client: httpx.Client) -> None:
    response = client.post("/api/ask", data={"question": CANARY})

    assert response.status_code == 422
    assert CANARY not in response.text
