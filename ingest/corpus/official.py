"""``official.toml``: documents that cannot be shipped and that an operator should add."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from ingest.corpus.errors import CorpusRefusal
from ingest.manifest import Entry

NAME = "official.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """A document to add: what it is, where it can be found if that is known, and why it belongs into the corpus."""

    title: str
    publisher: str = ""
    year: int | str = ""
    address: str = ""
    rights: str = ""
    why: str = ""


def missing_documents(file: Path, entries: Sequence[Entry]) -> list[Official]:
    """The documents of ``file`` that no entry names by title or address; none when there is no such file.

    Raises:
        CorpusRefusal: ``official_invalid``.
    """
    if not file.is_file():
        return []
    try:
        items = tomllib.loads(file.read_text(encoding="utf-8")).get("document", [])
        named = [_official(item) for item in items]
    except (ValueError, TypeError, AttributeError) as error:
        raise CorpusRefusal("official_invalid", file=file, reason=error) from error
    known = {entry.title for entry in entries} | {entry.url for entry in entries if entry.url}
    return [document for document in named if not {document.title, document.address} & known]


def _official(item: Mapping[str, object]) -> Official:
    unknown = set(item) - {known.name for known in fields(Official)}
    if unknown:
        raise ValueError(", ".join(sorted(unknown)))
    return Official(**item)  # type: ignore[arg-type]  # checked by name; only shown
