"""SQuAD JSON (Rajpurkar et al., 2016, 2018): also the format of XQuAD, MLQA, GermanQuAD and LegalQuAD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.cases import EvalCase, Place
from eval.errors import RunError
from eval.imports.imported import Imported, document_json, problem, trimmed

NEAR = 40
"""Characters by which an answer may stand beside its stated start; some sets count their blanks differently."""


def read_squad(path: Path) -> Imported:
    """The test set in ``path``. Each different paragraph is a document.

    Of several answers the first counts: the others mostly name the same place in more or fewer words.

    Raises:
        RunError: if ``path`` holds no SQuAD JSON.
    """
    documents: dict[str, dict[str, Any]] = {}
    cases: dict[str, EvalCase] = {}
    problems: list[str] = []
    for name, title, paragraph in _paragraphs(path):
        context = paragraph["context"]
        document = documents.setdefault(context, document_json(name, context, title))
        for qa in paragraph["qas"]:
            found = _case(path, qa, document["id"], context)
            if isinstance(found, str):
                problems.append(found)
            elif found.id in cases:
                problems.append(problem(path, "duplicate_query", id=found.id))
            else:
                cases[found.id] = found
    return Imported(documents=list(documents.values()), cases=list(cases.values()), problems=problems)


def _paragraphs(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, title and content of each paragraph."""
    try:
        articles = json.loads(path.read_text(encoding="utf-8-sig"))["data"]
        for number, article in enumerate(articles):
            for place, paragraph in enumerate(article["paragraphs"]):
                if paragraph["context"].strip():
                    yield f"a{number:02d}p{place}", article.get("title") or "", paragraph
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError("import_invalid", path=path, format="squad", reason=repr(error)) from error


def _case(path: Path, qa: dict[str, Any], document: str, context: str) -> EvalCase | str:
    try:
        key, question = str(qa["id"]), str(qa["question"]).strip()
        answers = qa.get("answers") or []
        if not question:
            return problem(path, "blank_question", id=key)
        if qa.get("is_impossible"):
            return EvalCase(id=key, question=question, answerable=False)
        if not answers:
            return problem(path, "no_answer", id=key)
        gold = _locate(document, context, str(answers[0]["text"]), int(answers[0]["answer_start"]))
    except (KeyError, TypeError, ValueError) as error:
        raise RunError("import_invalid", path=path, format="squad", reason=repr(error)) from error
    if gold is None:
        text, start = answers[0]["text"], answers[0]["answer_start"]
        return problem(path, "answer_moved", id=key, text=text, start=start)
    return EvalCase(id=key, question=question, answerable=True, gold=(gold,))


def _locate(document: str, context: str, text: str, start: int) -> Place | None:
    """The answer where it is said to be, or at its occurrence nearest to there."""
    text = text.strip()
    window = range(max(0, start - NEAR), start + NEAR + 1)
    places = [at for at in window if text and context.startswith(text, at)]
    if not places:
        return None
    at = min(places, key=lambda place: abs(place - start))
    return trimmed(document, context, at, at + len(text))
