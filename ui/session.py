"""What every command needs first: the settings, logging, and an open assistant."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.service import Assistant
    from assistant.settings import Settings


def read_settings(index: Path | None = None, **others: Any) -> Settings:
    """The settings with what the command line overrides; sets up logging by them.

    Raises:
        SettingsError: if a setting is unknown or impossible.
    """
    from assistant.settings import load_settings  # pydantic is too heavy for --help

    chosen: Mapping[str, Any] = {"index": index, **others}
    settings = load_settings(overrides={name: value for name, value in chosen.items() if value is not None})
    set_up_logging(settings.log_level)
    return settings


@contextmanager
def opened(settings: Settings) -> Iterator[Assistant]:
    """The assistant over the index that the settings name, closed afterwards.

    Raises:
        StoredIndexError: if there is no usable index.
    """
    from assistant.wiring import open_assistant  # chromadb and the model

    assistant = open_assistant(settings)
    try:
        yield assistant
    finally:
        assistant.close()


def set_up_logging(level: str) -> None:
    """Log to standard error, from ``level`` up."""
    handler = logging.StreamHandler(sys.stderr)
    # On the handler too: libraries set the levels of their own loggers (bm25s to DEBUG).
    handler.setLevel(level)
    logging.basicConfig(
        level=level, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
