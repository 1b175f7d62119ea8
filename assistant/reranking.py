"""Rerankers: a second, slower look at the best passages. Off unless the settings name one.

The backends are in :mod:`assistant.rerankers`. None of them may cost an answer: what fails or takes too long leaves the
order as it was.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from threading import BoundedSemaphore
from typing import Protocol

import numpy as np

from assistant.errors import RerankingError

log = logging.getLogger(__name__)


class Scorer(Protocol):
    """Says how well texts answer a question. Implementations are thread-safe."""

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One number for each text, higher is better; of any scale.

        Raises:
            RerankingError: the model or server gave nothing usable.
        """
        ...


class Reranker(Protocol):
    """Brings the beginning of a list into a better order."""

    depth: int
    """How many of the best passages are wanted; 0 for none."""

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """The positions of ``texts``, best first. Never raises: whatever goes wrong, they stay as they are."""
        ...


class NoReranker:
    """Leaves everything as it is."""

    depth = 0

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """The positions as they are."""
        return list(range(len(texts)))


class BudgetedReranker:
    """Lets a scorer reorder the best passages, within a budget of time.

    Work that came too late goes on by itself, as threads cannot be stopped; while ``MOST`` such works are left, nothing
    more is begun, so that a slow scorer costs at most the budget and never piles up.

    Args:
        scorer: looks at the passages.
        depth: how many of the best.
        budget: seconds after which the order stays as it was.
    """

    MOST = 2

    def __init__(self, scorer: Scorer, *, depth: int, budget: float) -> None:
        self.depth = depth
        self._scorer = scorer
        self._budget = budget
        self._free = BoundedSemaphore(self.MOST)
        self._pool = ThreadPoolExecutor(self.MOST, thread_name_prefix="reranker")

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """The positions of ``texts``, best first; as they are if the scorer is busy, late or fails."""
        unchanged = list(range(len(texts)))
        if len(texts) < 2:
            return unchanged
        if not self._free.acquire(blocking=False):
            log.warning("the reranker is still at work: order unchanged")
            return unchanged
        work = self._pool.submit(self._scorer.scores, question, texts)
        work.add_done_callback(lambda _: self._free.release())
        try:
            scores = np.asarray(work.result(self._budget), dtype=float)
        except TooLate:
            log.warning("the reranker took longer than %.2f s: order unchanged", self._budget)
            return unchanged
        except RerankingError as error:
            log.warning("%s: order unchanged", error)
            return unchanged
        except Exception as error:  # noqa: BLE001 - whatever an optional part does, the order of search stands
            log.warning("the reranker failed (%s): order unchanged", type(error).__name__)
            return unchanged
        if scores.shape != (len(texts),):
            log.warning("the reranker gave %s scores for %d texts: order unchanged", scores.shape, len(texts))
            return unchanged
        return sorted(unchanged, key=lambda at: (-scores[at], at))
