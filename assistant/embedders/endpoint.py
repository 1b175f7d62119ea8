"""Embeddings from a server with OpenAI's interface: vLLM, Ollama, llama.cpp, text-embeddings-inference, OpenAI."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.embedding import Vectors, embeddable, unit_length
from assistant.errors import EmbeddingError
from assistant.texts import message

if TYPE_CHECKING:
    from httpx import Client, Response

BATCH = 32
ATTEMPTS = 4
PAUSE = 0.5
"""Seconds before the second attempt; doubled before each one after it."""
LONGEST_PAUSE = 10.0
TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})


class Endpoint:
    """A model behind ``POST {address}/embeddings``. Every text is sent to that server.

    The weights cannot be seen from here: ``sha256`` covers the model's name, the prefixes and the dimension.
    """

    def __init__(self, client: Client, *, model: str, query_prefix: str, passage_prefix: str, dimension: int) -> None:
        self.name = f"openai/{model}"
        identity = repr((model, query_prefix, passage_prefix, dimension))
        self.sha256 = hashlib.sha256(identity.encode()).hexdigest()
        self.dimension = dimension
        self._client = client
        self._model = model
        self._query_prefix = query_prefix
        self._passage_prefix = passage_prefix

    @classmethod
    def open(
        cls,
        address: str,
        *,
        model: str,
        api_key: str = "",
        query_prefix: str = "",
        passage_prefix: str = "",
        timeout: float = 30.0,
    ) -> Endpoint:
        """Connect to the server at ``address`` (as in ``http://localhost:8000/v1``) and ask it for one vector.

        Raises:
            EmbeddingError: it cannot be reached, refuses, or does not answer with a vector.
        """
        from httpx import Client

        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        client = Client(base_url=address.rstrip("/"), headers=headers, timeout=timeout)
        dimension = _vectors(client, model, [f"{passage_prefix}Test"]).shape[1]
        return cls(client, model=model, query_prefix=query_prefix, passage_prefix=passage_prefix, dimension=dimension)

    def query(self, text: str) -> Vectors:
        """Embed a question. *Shape:* ``(dimension,)``.

        Raises:
            EmbeddingError: as in :meth:`open`.
        """
        vector: Vectors = self._embedded([self._query_prefix + embeddable(text)])[0]
        return vector

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to be found. *Shape:* ``(len(texts), dimension)``.

        Raises:
            EmbeddingError: as in :meth:`open`.
        """
        sent = [self._passage_prefix + embeddable(text) for text in texts]
        batches = [self._embedded(sent[at : at + BATCH]) for at in range(0, len(sent), BATCH)]
        return np.concatenate([np.zeros((0, self.dimension), dtype=np.float32), *batches])

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        vectors = _vectors(self._client, self._model, texts)
        if vectors.shape[1] != self.dimension:
            found = vectors.shape[1]
            raise _unusable(self._client, self._model, "wrong_dimension", found=found, expected=self.dimension)
        return vectors


def _vectors(client: Client, model: str, texts: Sequence[str]) -> Vectors:
    """One request, its answer checked. *Shape:* ``(len(texts), whatever the model gives)``."""
    # Some servers refuse or drop an empty text.
    request = {"model": model, "input": [text or " " for text in texts], "encoding_format": "float"}
    response = _posted(client, request)
    if not response.is_success:
        address = client.base_url
        raise EmbeddingError("embedding_refused", address=address, status=response.status_code, model=model)
    try:
        items = sorted(response.json()["data"], key=lambda item: item["index"])
        vectors = np.array([item["embedding"] for item in items], dtype=np.float32)
    except (ValueError, TypeError, KeyError) as error:
        raise _unusable(client, model, "wrong_form") from error
    if len(vectors) != len(texts):
        raise _unusable(client, model, "wrong_count", found=len(vectors), expected=len(texts))
    if vectors.ndim != 2 or not vectors.size or not np.isfinite(vectors).all() or not vectors.any(axis=1).all():
        raise _unusable(client, model, "wrong_form")
    return unit_length(vectors)


def _posted(client: Client, request: dict[str, Any]) -> Response:
    """The server's last word. A busy or broken server is asked again, with growing pauses or those it asks for."""
    from httpx import TransportError

    for attempt in range(1, ATTEMPTS + 1):
        pause = PAUSE * 2 ** (attempt - 1)
        try:
            response = client.post("/embeddings", json=request)
        except TransportError as error:
            if attempt == ATTEMPTS:
                reason = str(error) or type(error).__name__
                raise EmbeddingError("embedding_unreachable", address=client.base_url, reason=reason) from error
        else:
            if response.status_code not in TRANSIENT or attempt == ATTEMPTS:
                return response
            pause = _asked_pause(response, pause)
        time.sleep(min(pause, LONGEST_PAUSE))
    raise AssertionError("the last attempt returns or raises")


def _asked_pause(response: Response, pause: float) -> float:
    """What the server's ``Retry-After`` says in seconds, else ``pause``."""
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isdecimal() else pause


def _unusable(client: Client, model: str, reason: str, **details: Any) -> EmbeddingError:
    why = message("errors", f"embedding_{reason}", **details)
    return EmbeddingError("embedding_unusable", address=client.base_url, model=model, reason=why)
