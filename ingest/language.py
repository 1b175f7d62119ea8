"""Which language a text is in, by its function words.

A report only has to say which files are not German. Detectors that know a hundred languages bring megabytes of models
for that, and guess where there is nothing to tell; a few words of the languages that lie on a desk in Saxony do.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_READ = 20_000
"""Characters that are looked at."""

_LEAST = 0.08
"""Share of function words in a text of sentences; rows of a table have fewer."""


def language(text: str) -> str:
    """The language of ``text`` (ISO 639, as in "de"), empty where it does not show."""
    words = re.findall(r"[^\W\d_]+", text[:_READ].lower())
    counts = {code: sum(word in known for word in words) for code, known in _function_words().items()}
    most = max(counts, key=lambda code: counts[code])
    return most if counts[most] > _LEAST * len(words) else ""


@cache
def _function_words() -> Mapping[str, frozenset[str]]:
    lists = tomllib.loads(files("ingest").joinpath("function_words.toml").read_text(encoding="utf-8"))
    return {code: frozenset(words.split()) for code, words in lists.items()}
