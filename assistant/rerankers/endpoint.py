"""Reranking by a server: ``POST …/rerank`` with a question and texts, answered by a score for each.

Two protocols are spoken. ``jina``: ``{query, documents, top_n, model}`` and ``{"results": [{"index",
"relevance_score"}]}``, as Jina, Cohere, vLLM, Infinity and others have it. ``tei``: ``{query, texts, truncate}`` and
``[{"index", "score"}]``, as Hugging Face's text-embeddings-inference has it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from assistant.embedding import embeddable
from assistant.errors import RerankingError

if TYPE_CHECKING:
    from httpx import Client


Protocol = Literal["jina", "tei"]


class RerankEndpoint:
    """A model behind ``POST {address}/rerank``. Question and passages are sent to that server."""

    def __init__(self, client: Client, *, model: str, protocol: Protocol) -> None:
        self._client = client
        self._model = model
        self._protocol = protocol

    @classmethod
    def open(
        cls, address: str, *, model: str = "", api_key: str = "", protocol: Protocol = "jina", timeout: float
    ) -> RerankEndpoint:
        """A client for the server at ``address``; nothing is sent yet. ``timeout`` is in seconds."""
        from httpx import Client

        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        client = Client(base_url=address.rstrip("/"), headers=headers, timeout=timeout)
        return cls(client, model=model, protocol=protocol)

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One number for each text, higher is better; a text the server says nothing about comes last.

        Raises:
            RerankingError: it cannot be reached, refuses, or does not answer with scores.
        """
        from httpx import HTTPError

        request = self._request(embeddable(question), [embeddable(text) for text in texts])
        try:
            response = self._client.post("/rerank", json=request)
            response.raise_for_status()
            return _read(self._results(response.json()), len(texts))
        except (HTTPError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            reason = type(error).__name__
            raise RerankingError("reranker_failed", address=self._client.base_url, reason=reason) from error

    def _request(self, question: str, texts: Sequence[str]) -> dict[str, Any]:
        if self._protocol == "tei":
            # Its one model is chosen when it starts; without `truncate` it refuses what is longer than that reads.
            return {"query": question, "texts": texts, "truncate": True}
        named = {"model": self._model} if self._model else {}
        return {"query": question, "documents": texts, "top_n": len(texts), **named}

    def _results(self, answer: Any) -> Iterator[tuple[Any, Any]]:
        """Position and score of each text, as far as the server tells them."""
        if self._protocol == "tei":
            return ((result["index"], result["score"]) for result in answer)
        return ((result["index"], result["relevance_score"]) for result in answer["results"])


def _read(results: Iterator[tuple[Any, Any]], count: int) -> list[float]:
    """The scores in the order of the texts."""
    scores = [-math.inf] * count
    for index, score in results:
        if not 0 <= index < count or math.isnan(float(score)):
            raise ValueError(f"index {index!r}, score {score!r}")
        scores[index] = float(score)
    if all(score == -math.inf for score in scores):
        raise ValueError("no results")
    return scores
