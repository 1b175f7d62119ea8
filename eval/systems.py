"""What can be evaluated: the product, and the baselines that a report shows beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from time import perf_counter
from typing import Protocol

from assistant.domain import Answer, Document, DocumentSummary, Hit, Query
from assistant.service import SearchResult
from assistant.settings import Settings
from assistant.wiring import open_assistant
from eval.errors import RunError

RANK_CONSTANT = 60
"""The constant of reciprocal rank fusion (Cormack et al., 2009)."""


class System(Protocol):
    """What a run needs. ``assistant.service.Assistant`` is one."""

    def search(self, query: Query, k: int = 10) -> SearchResult:
        """The ``k`` best passages."""
        ...

    def ask(self, query: Query) -> Answer:
        """A cited answer or a refusal."""
        ...

    def documents(self) -> Sequence[DocumentSummary]:
        """All documents, by id."""
        ...

    def document(self, id: str) -> Document:
        """One document."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


class SystemName(StrEnum):
    """The systems by the name they have on the command line."""

    PRODUCT = "product"
    BM25 = "bm25"
    PASSAGES = "passages"
    RRF = "rrf"
    LANGCHAIN = "langchain"

    @property
    def answers(self) -> bool:
        """Whether it answers, and not only searches."""
        return self not in {SystemName.RRF, SystemName.LANGCHAIN}


_LEGS: Mapping[SystemName, Mapping[str, float]] = {
    SystemName.BM25: {"lexical": 1.0, "passage": 0.0, "sentence": 0.0},
    SystemName.PASSAGES: {"lexical": 0.0, "passage": 1.0, "sentence": 0.0},
}


def open_system(name: SystemName, settings: Settings) -> System:
    """The system ``name`` over the index of ``settings``."""
    if name is SystemName.PRODUCT:
        return open_assistant(settings)
    if name is SystemName.RRF:
        return RankFusion([open_system(leg, settings) for leg in _LEGS])
    if name is SystemName.LANGCHAIN:
        from eval.langchain_baseline import LangChainDefault

        return LangChainDefault.open(settings)
    retrieval = settings.retrieval.model_copy(update=dict(_LEGS[name]))
    return open_assistant(settings.model_copy(update={"retrieval": retrieval}))


class RankFusion:
    """Several searches fused by rank with equal weight: what most hybrid searches do."""

    def __init__(self, systems: Sequence[System]) -> None:
        self._systems = systems

    def search(self, query: Query, k: int = 10) -> SearchResult:
        """The ``k`` best passages by the sum of reciprocal ranks."""
        started = perf_counter()
        results = [system.search(query, max(k, RANK_CONSTANT)) for system in self._systems]
        texts = {hit.passage.id: text for found in results for hit, text in zip(found.hits, found.texts, strict=True)}
        hits = fuse_ranks([result.hits for result in results])[:k]
        total = (perf_counter() - started) * 1000
        return SearchResult(
            hits=tuple(hits), texts=tuple(texts[hit.passage.id] for hit in hits), timings={"total": total}
        )

    def ask(self, query: Query) -> Answer:
        """Never: rank fusion only searches."""
        raise RunError("only_searches", system=SystemName.RRF.value)

    def documents(self) -> Sequence[DocumentSummary]:
        """All documents, by id."""
        return self._systems[0].documents()

    def document(self, id: str) -> Document:
        """One document."""
        return self._systems[0].document(id)

    def close(self) -> None:
        """Let go of all of them."""
        for system in self._systems:
            system.close()


def fuse_ranks(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    """All passages, best first, by the sum of ``1 / (60 + rank)``; ties keep the order of the first ranking."""
    scores: dict[str, float] = {}
    passages = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking, start=1):
            passages[hit.passage.id] = hit.passage
            scores[hit.passage.id] = scores.get(hit.passage.id, 0.0) + 1 / (RANK_CONSTANT + rank)
    order = sorted(scores, key=lambda passage: -scores[passage])
    return [Hit(passage=passages[passage], score=scores[passage]) for passage in order]
