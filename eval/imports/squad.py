"""SQuAD JSON (Rajpurkar et al., 2016, 2018): also the format of XQuAD, MLQA, GermanQuAD and LegalQuAD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.cases import EvalCase, Place
from eval.errors import RunError
from eval.fields import Fields
from eval.imports.imported import Imported, document_json, problem, trimmed

NEAR = 40
"""Characters by which an answer may stand beside its stated start; some sets count their blanks differently."""


def read_squad(path: Path) -> Imported:
    """The test set in ``path``. Each different paragraph is a document; an impossible question is one about its own.

    Of several answers the first counts: the others mostly name the same place in more or fewer words.

    Raises:
        RunError: if ``path`` holds no SQuAD JSON.
    """
    root = _root(path)
    documents: dict[str, dict[str, Any]] = {}
    cases: dict[str, EvalCase] = {}
    for name, title, context, qas in _paragraphs(root):
        document = documents.setdefault(context, document_json(name, context, title))
        for qa in qas:
            known = len(root.problems)
            case = _case(document["id"], context, qa)
            if case.id in cases:
                root.complain("duplicate_query", id=case.id)
            if len(root.problems) == known:
                cases[case.id] = case
    problems = [problem(path, key, **details) for key, details in root.problems]
    return Imported(documents=list(documents.values()), cases=list(cases.values()), problems=problems)


def _root(path: Path) -> Fields:
    """The articles; all that does not fit in them is collected in ``problems``."""
    try:
        articles = json.loads(path.read_text(encoding="utf-8-sig"))["data"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise RunError("import_invalid", path=path, format="squad", reason=repr(error)) from error
    return Fields({"data": articles})


def _paragraphs(root: Fields) -> Iterator[tuple[str, str, str, list[Fields]]]:
    """Name, title, text and questions of each paragraph."""
    for number, article in enumerate(root.objects("data")):
        title = article.optional_text("title")
        for place, paragraph in enumerate(article.objects("paragraphs")):
            context = paragraph.text("context")
            if context:
                yield f"a{number:02d}p{place}", title, context, paragraph.objects("qas")


def _case(document: str, context: str, qa: Fields) -> EvalCase:
    """The question; what does not fit is complained about."""
    key, question = qa.key("id"), qa.text("question").strip()
    if qa.is_true("is_impossible"):
        return EvalCase(id=key, question=question, answerable=False, documents=(document,))
    answers = qa.objects("answers")
    if not answers:
        qa.complain("no_answer", id=key)
    gold = tuple(place for answer in answers[:1] for place in _gold(key, document, context, answer))
    return EvalCase(id=key, question=question, answerable=True, gold=gold)


def _gold(key: str, document: str, context: str, answer: Fields) -> Iterator[Place]:
    text, start = answer.text("text"), answer.number("answer_start")
    place = _locate(document, context, text, start)
    if place:
        yield place
    elif text:
        answer.complain("answer_moved", id=key, text=text, start=start)


def _locate(document: str, context: str, text: str, start: int) -> Place | None:
    """The answer where it is said to be, or at its occurrence nearest to there."""
    text = text.strip()
    window = range(max(0, start - NEAR), start + NEAR + 1)
    places = [at for at in window if text and context.startswith(text, at)]
    if not places:
        return None
    at = min(places, key=lambda place: abs(place - start))
    return trimmed(document, context, at, at + len(text))
