"""``documents.jsonl``: one document per line, whose id and text stay exactly as they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from assistant.domain import Document
from ingest.documents import Facts, from_pieces
from ingest.failures import Unreadable
from ingest.plain import pieces_of

LONGEST_LINE = 20_000_000
"""Bytes of one line at most."""


def read_jsonl(path: Path) -> Iterator[Document | tuple[int, Unreadable]]:
    """The documents of a file; for a bad line its number (1-based) and what is wrong with it."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield _document(line)
            except Unreadable as failure:
                yield number, failure


def _document(line: bytes) -> Document:
    if len(line) > LONGEST_LINE:
        raise Unreadable("too_large", megabytes=LONGEST_LINE // 1_000_000)
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no_json", reason=error) from error
    if not isinstance(values, dict):
        raise Unreadable("no_json_object")
    identity, text = _string(values, "id"), _string(values, "text")
    if not identity.strip():
        raise Unreadable("field_empty", field="id")
    if not text.strip():
        raise Unreadable("field_empty", field="text")
    facts = Facts(**{key: _string(values, key, "") for key in ("title", "kind", "url", "stand", "notice")})
    document = from_pieces(identity, text, pieces_of(text), facts)
    return _with_hash(document, line)


def _with_hash(document: Document, line: bytes) -> Document:
    return replace(document, sha256=hashlib.sha256(line.rstrip(b"\r\n")).hexdigest())


def _string(values: dict[str, object], key: str, default: str | None = None) -> str:
    value = values.get(key, default)
    if not isinstance(value, str):
        raise Unreadable("field_no_text", field=key)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unreadable("field_no_text", field=key) from error
    return value
