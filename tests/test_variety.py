"""Near-duplicates and one document without end let other hits go first; nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.domain import Passage, Query, Span
from assistant.embedding import Embedder, unit_length
from assistant.service import Assistant
from assistant.settings import RetrievalSettings, Settings
from assistant.variety import varied
from assistant.wiring import open_assistant

TRUE = "Über das Konzept beschließt der Gemeinderat in öffentlicher Sitzung mit einfacher Mehrheit."
FALSE = "Über das Konzept beschließt allein der Bürgermeister, ohne dass der Gemeinderat dazu gehört wird"


def order(texts: list[str], documents: list[str] | None = None, *, per_document: int = 10) -> list[int]:
    documents = documents or [str(at) for at in range(len(texts))]
    passages = [
        Passage(id=str(at), document=document, span=Span(start=0, end=1)) for at, document in enumerate(documents)
    ]
    vectors = unit_length(np.ones((len(texts), 4), dtype=np.float32))
    return varied(passages, vectors, lambda passage: texts[int(passage.id)], per_document=per_document, k=len(texts))


def test_what_was_said_already_comes_last() -> None:
    assert order([FALSE, FALSE + ".", TRUE, FALSE.upper()]) == [0, 2, 1, 3]


def test_two_that_differ_in_a_number_stay_side_by_side() -> None:
    rates = [f"Der Fördersatz der Stadt beträgt in der Regel {rate} Prozent der förderfähigen Kosten." for rate in
             (60, 66, 70)]  # fmt: skip

    assert order([*rates, TRUE]) == [0, 1, 3, 2]


def test_short_texts_are_compared_whole() -> None:
    assert order(["Leipzig", "Leipzig.", "Dresden", ""]) == [0, 2, 3, 1]


def test_passages_that_mean_something_else_are_not_even_read() -> None:
    def never(passage: Passage) -> str:
        raise AssertionError(passage)

    passages = [Passage(id=str(at), document="d", span=Span(start=0, end=1)) for at in range(3)]

    assert varied(passages, np.eye(3, dtype=np.float32), never, per_document=10, k=3) == [0, 1, 2]


def test_one_document_lets_others_go_first() -> None:
    documents = ["a", "a", "a", "a", "b", "c"]
    texts = [f"Text {letter * 5} ganz für sich" for letter in "qrstuv"]

    assert order(texts, documents, per_document=2) == [0, 1, 4, 5, 2, 3]
    assert order(texts, documents, per_document=10) == [0, 1, 2, 3, 4, 5]
    assert order(texts, ["a"] * 6, per_document=2) == [0, 1, 2, 3, 4, 5]


@pytest.fixture
def poisoned(tmp_path: Path) -> Path:
    """A corpus with one true document and fifty copies of a false one, each with a number of its own."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    texts = [TRUE, *(f"{FALSE}, Fassung {number}." for number in range(50))]
    lines = [json.dumps({"id": f"d{at}", "title": "Satzung", "text": text}) for at, text in enumerate(texts)]
    (corpus / "documents.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return corpus


def test_f44_fifty_copies_of_a_false_document_do_not_fill_the_hits(
    build_index: Callable[[Path], Path], poisoned: Path, small_corpus: Path
) -> None:
    for file in small_corpus.glob("*.md"):
        (poisoned / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    assistant = open_assistant(Settings(index=build_index(poisoned)))

    hits = assistant.search(Query(question="Beschließt der Bürgermeister allein über das Konzept?"), 8).hits
    assistant.close()

    documents = [hit.passage.document for hit in hits]
    assert "d0" in documents
    assert len([document for document in documents if document.startswith("d") and document != "d0"]) <= 2
    assert "leitfaden.md" in documents


def test_the_setting_limits_hits_of_one_document(small_index: Path, embedder: Embedder) -> None:
    settings = Settings(index=small_index, retrieval=RetrievalSettings(per_document=1))
    assistant = open_assistant(settings, embedder=embedder)

    documents = [hit.passage.document for hit in assistant.search(Query(question="Wer beschließt?"), 10).hits]
    assistant.close()

    assert len(set(documents[:3])) == 3
    assert len(documents) > 3


def test_a_short_list_is_the_beginning_of_a_long_one(small_assistant: Assistant) -> None:
    query = Query(question="Was kostet die Beratung?")

    assert small_assistant.search(query, 3).hits == small_assistant.search(query, 5).hits[:3]
