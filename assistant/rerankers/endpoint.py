"""Reranking by a server: ``POST`` of ``{query, documents}``, as Jina, Cohere, vLLM, Infinity and others answer it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.embedding import embeddable
from assistant.errors import RerankingError

if TYPE_CHECKING:
    from httpx import Client


class RerankEndpoint:
    """A model behind ``POST {address}/rerank``. Question and passages are sent to that server."""

    def __init__(self, client: Client, *, model: str) -> None:
        self._client = client
        self._model = model

    @classmethod
    def open(cls, address: str, *, model: str = "", api_key: str = "", timeout: float) -> RerankEndpoint:
        """A client for the server at ``address``; nothing is sent yet. ``timeout`` is in seconds."""
        from httpx import Client

        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        return cls(Client(base_url=address.rstrip("/"), headers=headers, timeout=timeout), model=model)

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One number for each text, higher is better; a text the server says nothing about comes last.

        Raises:
            RerankingError: it cannot be reached, refuses, or does not answer with scores.
        """
        from httpx import HTTPError

        request: dict[str, Any] = {
            "query": embeddable(question),
            "documents": [embeddable(text) for text in texts],
            "top_n": len(texts),
        }
        if self._model:
            request["model"] = self._model
        try:
            response = self._client.post("/rerank", json=request)
            response.raise_for_status()
            return _read(response.json()["results"], len(texts))
        except (HTTPError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            reason = type(error).__name__
            raise RerankingError("reranker_failed", address=self._client.base_url, reason=reason) from error


def _read(results: Any, count: int) -> list[float]:
    """The scores in the order of the texts."""
    scores = [-math.inf] * count
    for result in results:
        index, score = result["index"], float(result["relevance_score"])
        if not 0 <= index < count or math.isnan(score):
            raise ValueError(f"index {index!r}, score {score!r}")
        scores[index] = score
    if not results:
        raise ValueError("no results")
    return scores
