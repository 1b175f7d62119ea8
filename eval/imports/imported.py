"""What an import gives, and how it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.domain import Span
from assistant.texts import message
from eval.cases import EvalCase, Place, case_json
from eval.errors import RunError
from eval.jsonl import write_lines
from eval.testsets import CASES, DOCUMENTS, read_test_set


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Documents as lines of ``documents.jsonl``, cases, and what did not fit, each named by its place in the source."""

    documents: Sequence[dict[str, Any]]
    cases: Sequence[EvalCase]
    problems: Sequence[str]


def write_test_set(imported: Imported, out: Path) -> None:
    """Write ``documents.jsonl`` and ``cases.jsonl`` into the new folder ``out`` and check them as a run would.

    Raises:
        RunError: if something is in ``out`` already.
        CasesError: if a span does not fit, which would be a fault of the importer.
    """
    if out.exists() and (out.is_file() or any(out.iterdir())):
        raise RunError("out_not_empty", out=out)
    out.mkdir(parents=True, exist_ok=True)
    write_lines(out / DOCUMENTS, imported.documents)
    write_lines(out / CASES, map(case_json, imported.cases))
    read_test_set(out)


def document_json(id: str, text: str, title: str = "", **facts: str) -> dict[str, Any]:
    """A line of ``documents.jsonl``."""
    return {"id": id, "title": title, "text": text, **{name: value for name, value in facts.items() if value}}


def trimmed(document: str, text: str, start: int, end: int) -> Place | None:
    """The place without blanks at its edges; None if nothing else is there."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    end -= len(inner) - len(inner.rstrip())
    if start >= end:
        return None
    return Place(document=document, span=Span(start=start, end=end), text=text[start:end])


def problem(where: object, key: str, **details: object) -> str:
    """What did not fit, as shown to the user: the place, and the text ``key`` of the section ``problems``."""
    return f"{where}: {message('problems', key, package='eval', **details)}"
