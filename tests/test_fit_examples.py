"""What a set of questions teaches the selector depends on what it tells."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.pipeline import read_documents
from scripts.examples import Example, read_examples

ANSWERED = "Wo sitzt die Musterstelle?"
UNANSWERED = "Wann fährt der Bus nach Musterdorf?"

Reader = Callable[[list[dict[str, object]]], dict[str, Example]]


@pytest.fixture
def examples(small_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Reads the two questions with these gold places of the answered one."""
    monkeypatch.chdir(tmp_path)  # the index is kept below the working folder

    def read(gold: list[dict[str, object]]) -> dict[str, Example]:
        cases = [
            {"id": "1", "question": ANSWERED, "answerable": True, "gold": gold},
            {"id": "2", "question": UNANSWERED, "answerable": False, "gold": []},
        ]
        (tmp_path / "set.jsonl").write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
        return {one.case.question: one for one in read_examples(tmp_path / "set.jsonl", small_corpus)}

    return read


def test_a_set_that_names_gold_teaches_sentences_by_what_nothing_answers_too(
    examples: Reader, small_corpus: Path
) -> None:
    sentence = "Die Musterstelle sitzt in Leipzig."
    (faq,) = (document for document in read_documents(small_corpus).documents if sentence in document.text)
    start = faq.text.index(sentence)
    found = examples([{"document": faq.id, "start": start, "end": start + len(sentence), "text": sentence}])

    assert [one.teaches_sentences for one in found.values()] == [True, True]
    assert found[ANSWERED].labels.sum() == 1
    assert not found[UNANSWERED].labels.any()


def test_a_set_that_names_no_gold_only_teaches_whether_there_is_an_answer(examples: Reader) -> None:
    """Else its unanswered questions alone would teach that no sentence of such texts answers."""
    found = examples([])

    assert [one.teaches_sentences for one in found.values()] == [False, False]
    assert all(one.decides for one in found.values())
