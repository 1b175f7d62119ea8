"""BEIR folders (Thakur et al., 2021): ``corpus.jsonl``, ``queries.jsonl``, ``qrels/*.tsv``. Gold is the whole text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.domain import Span
from eval.cases import EvalCase, Place
from eval.errors import RunError
from eval.fields import Fields
from eval.imports.imported import Imported, document_json, problem
from eval.jsonl import at_line, read_lines, read_text

SPLITS = ("test", "dev", "train")
"""Qrels that are looked for, in this order; the first found counts."""


def read_beir(path: Path) -> Imported:
    """The test set in the folder ``path``. Queries without a relevant document in the chosen split are left out.

    Raises:
        RunError: if one of the files is missing.
    """
    problems: list[str] = []
    texts = {
        key: document_json(key, value["text"], str(value.get("title") or ""))
        for key, value in _entries(path / "corpus.jsonl", problems).items()
    }
    questions = {key: value["text"] for key, value in _entries(path / "queries.jsonl", problems).items()}
    gold: dict[str, dict[str, Place]] = {}
    for where, question, document in _relevant(_qrels(path), problems):
        if question not in questions:
            problems.append(problem(where, "unknown_query", id=question))
        elif document not in texts:
            problems.append(problem(where, "document_missing", document=document))
        else:
            length = len(texts[document]["text"])
            gold.setdefault(question, {})[document] = Place(document=document, span=Span(start=0, end=length))
    cases = [
        EvalCase(id=key, question=questions[key], answerable=True, gold=tuple(places.values()))
        for key, places in gold.items()
    ]
    return Imported(documents=list(texts.values()), cases=cases, problems=problems)


def _entries(file: Path, problems: list[str]) -> dict[str, dict[str, Any]]:
    """The lines with an ``_id`` and a ``text``, by ``_id``; of several with one ``_id`` the first."""
    entries: dict[str, dict[str, Any]] = {}
    for line, value in read_lines(file, problems):
        fields = Fields(value)
        key = fields.key("_id")
        fields.text("text")
        if key in entries:
            fields.complain("duplicate_query", id=key)
        problems += [at_line(file, line, name, **details) for name, details in fields.problems]
        if not fields.problems:
            entries[key] = value
    return entries


def _qrels(path: Path) -> Path:
    files = {file.stem: file for file in sorted((path / "qrels").glob("*.tsv"))}
    chosen = next((files[split] for split in SPLITS if split in files), next(iter(files.values()), None))
    if chosen is None:
        raise RunError("import_invalid", path=path, format="beir", reason="qrels/*.tsv")
    return chosen


def _relevant(file: Path, problems: list[str]) -> Iterator[tuple[str, str, str]]:
    """Place in the file, question and document of each judgement above 0."""
    for number, line in enumerate(read_text(file).splitlines(), start=1):
        cells = line.split("\t")
        if not line.strip() or (number == 1 and not _is_number(cells[-1])):
            continue
        if len(cells) != 3 or not _is_number(cells[2]):
            problems.append(at_line(file, number, "bad_column_count"))
        elif float(cells[2]) > 0:
            yield f"{file}:{number}", cells[0], cells[1]


def _is_number(text: str) -> bool:
    return text.strip().lstrip("-").replace(".", "", 1).isdigit()
