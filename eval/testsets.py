"""Test sets on disk: a file of cases, or a folder that may bring its documents along."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.cases import EvalCase, check_places, read_cases
from eval.errors import CasesError, RunError
from eval.fields import Fields
from eval.jsonl import at_line, read_lines

CASES = "cases.jsonl"
DOCUMENTS = "documents.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestSet:
    """Cases with the file each came from, and the documents to ask (None: an existing index)."""

    name: str
    cases: tuple[EvalCase, ...]
    files: tuple[Path, ...]
    documents: Path | None

    # Not a test class, whatever its name says to pytest.
    __test__ = False

    @property
    def digest(self) -> str:
        """Hex SHA-256 over the files of cases."""
        return digest_of(self.files)


def read_test_set(path: Path, documents: Path | None = None) -> TestSet:
    """The test set at ``path``, checked as far as possible without an index.

    Args:
        path: a file of cases; a folder with ``cases.jsonl``; or a folder whose ``.jsonl`` files all hold cases.
        documents: a ``documents.jsonl`` or a folder of files; default: the ``documents.jsonl`` beside ``cases.jsonl``.

    Raises:
        CasesError: naming what is wrong by file and line.
        RunError: if there is nothing to read at ``path``.
    """
    files = _case_files(path)
    beside = path / DOCUMENTS
    documents = documents or (beside if path.is_dir() and beside.is_file() else None)
    by_file = {file: read_cases(file) for file in files}
    _refuse_duplicates(by_file)
    if documents is not None and documents.is_file() and documents.suffix == ".jsonl":
        texts = read_texts(documents)
        for file in files:
            check_places(file, by_file[file], texts)
    name = path.resolve().name if path.is_dir() else path.stem
    cases = tuple(case for file in files for case in by_file[file])
    return TestSet(name=name, cases=cases, files=tuple(files), documents=documents)


def check_against(test_set: TestSet, texts: Mapping[str, str]) -> None:
    """Check every case of ``test_set`` against the texts of an index; raises as :func:`check_places`."""
    for file in test_set.files:
        check_places(file, read_cases(file), texts)


def read_texts(file: Path) -> dict[str, str]:
    """The texts of a ``documents.jsonl`` by document id.

    Raises:
        CasesError: naming every line that is no document.
    """
    problems: list[str] = []
    texts: dict[str, str] = {}
    for line, value in read_lines(file, problems):
        fields = Fields(value)
        document, text = fields.text("id"), fields.text("text")
        problems += [at_line(file, line, problem, **details) for problem, details in fields.problems]
        if document in texts:
            problems.append(at_line(file, line, "duplicate_document", document=document))
        texts[document] = text
    if problems:
        raise CasesError(problems)
    return texts


def digest_of(paths: Sequence[Path]) -> str:
    """Hex SHA-256 over the names and contents of files, and of all files in folders."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.name.encode() + b"\0")
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _case_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if (path / CASES).is_file():
        return [path / CASES]
    files = sorted(file for file in path.glob("*.jsonl") if file.name != DOCUMENTS) if path.is_dir() else []
    if not files:
        raise RunError("no_case_files", path=path)
    return files


def _refuse_duplicates(by_file: Mapping[Path, Sequence[EvalCase]]) -> None:
    problems: list[str] = []
    seen: dict[str, Path] = {}
    for file, cases in by_file.items():
        for case in cases:
            if case.id in seen:
                problems.append(at_line(file, case.line, "duplicate_id_elsewhere", id=case.id, other=seen[case.id]))
            seen.setdefault(case.id, file)
    if problems:
        raise CasesError(problems)
