"""German texts for users, kept in TOML files beside the code that shows them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def texts(package: str = "assistant") -> Mapping[str, Mapping[str, Any]]:
    """All texts of ``package``, by section and key, from its ``texts.toml``."""
    source = files(package).joinpath("texts.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def message(section: str, key: str, /, package: str = "assistant", **details: object) -> str:
    """The text ``key`` of ``section`` with its ``{placeholders}`` filled.

    Raises:
        KeyError: if there is no such text, or a placeholder has no value: a bug, never a user's fault.
    """
    template: str = texts(package)[section][key]
    return template.format(**details)
