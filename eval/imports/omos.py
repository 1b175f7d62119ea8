"""OMoS-QA / Integreat (Kleinle et al., 2024): each line of a page is one sentence, answers are numbers of lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.cases import EvalCase, Place
from eval.errors import RunError
from eval.fields import Fields
from eval.imports.imported import Imported, document_json, problem, trimmed
from eval.jsonl import read_lines


def read_omos(path: Path) -> Imported:
    """The test set in ``path``, one JSON object per line or one JSON array. Each question is asked of its own page."""
    documents: dict[str, dict[str, Any]] = {}
    cases: dict[str, EvalCase] = {}
    problems: list[str] = []
    for where, value in _rows(path, problems):
        fields = Fields(value)
        context, answers = fields.text("context"), fields.numbers("answers")
        key, question = fields.key("id"), fields.text("question").strip()
        if "answers" not in value:
            fields.complain("missing_list", name="answers")  # an empty list says that nothing answers
        if key in cases:
            fields.complain("duplicate_query", id=key)
        problems += [problem(where, name, **details) for name, details in fields.problems]
        if fields.problems:
            continue
        document = documents.setdefault(context, _document(value, context, len(documents), documents.values()))
        gold = _lines(document["id"], context, answers)
        problems += [
            problem(where, "line_out_of_range", number=line)
            for line, place in zip(answers, gold, strict=True)
            if place is None
        ]
        places = tuple(place for place in gold if place is not None)
        if answers and not places:
            continue
        tags = ("uebersetzt",) if value.get("sourceLanguage") else ("original",)
        cases[key] = EvalCase(
            id=key, question=question, answerable=bool(places), gold=places, documents=(document["id"],), tags=tags
        )
    return Imported(documents=list(documents.values()), cases=list(cases.values()), problems=problems)


def _rows(path: Path, problems: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object with its place in the file."""
    if path.suffix != ".json":
        for line, value in read_lines(path, problems):
            yield f"{path}:{line}", value
        return
    try:
        values = json.loads(path.read_text(encoding="utf-8-sig"))
        for number, value in enumerate(values, start=1):
            yield f"{path}[{number}]", dict(value)
    except (OSError, ValueError, TypeError) as error:
        raise RunError("import_invalid", path=path, format="omos", reason=repr(error)) from error


def _document(value: dict[str, Any], context: str, number: int, known: Iterable[dict[str, Any]]) -> dict[str, Any]:
    page = str(value.get("pageId") or value.get("pageid") or f"page{number}")
    # The same page may appear in two versions.
    taken = {document["id"] for document in known}
    name = page if page not in taken else f"{page}-{number}"
    return document_json(name, context, context.strip().split("\n")[0])


def _lines(document: str, context: str, numbers: Sequence[int]) -> list[Place | None]:
    """The place of each numbered line (from 0); None where there is no such line, or a blank one."""
    starts, start = [], 0
    lines = context.split("\n")
    for line in lines:
        starts.append(start)
        start += len(line) + 1
    return [
        trimmed(document, context, starts[number], starts[number] + len(lines[number]))
        if 0 <= number < len(lines)
        else None
        for number in numbers
    ]
