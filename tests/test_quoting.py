"""Which sentences may stand in an answer, and in what order, over a real index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.domain import Query
from assistant.quoting import chosen, quotable
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.wiring import open_assistant

FAQ = """---
title: Gebühren
kind: faq
---

## Ist die Nutzung der Turnhalle kostenlos?

Nein, für die Turnhalle erhebt die Stadt 12 Euro je Stunde.

## Ist die Nutzung der Bücherei kostenlos?

Ja, die Nutzung der Bücherei ist für alle kostenlos.
"""
GUIDE = """# Nutzung

## Ordnung

Die Turnhalle schließt um 22 Uhr.

Tabelle 3 Gebühren der Turnhalle

## Gebühren

Die Stadt erhebt Gebühren.

Davon sind Kinder ausgenommen.
"""


@pytest.fixture(scope="module")
def asked() -> str:
    return "Was kostet die Nutzung der Turnhalle?"


@pytest.fixture
def assistant(build_index: Callable[[Path], Path], tmp_path: Path) -> Iterator[Assistant]:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "faq.md").write_text(FAQ, encoding="utf-8")
    (tmp_path / "corpus" / "nutzung.md").write_text(GUIDE, encoding="utf-8")
    with closing(open_assistant(Settings(index=build_index(tmp_path / "corpus")))) as opened:
        yield opened


def pick(assistant: Assistant, asked: str, likely: dict[str, float], most: int = 5) -> list[str]:
    examined = assistant.examine(Query(question=asked))
    probabilities = np.array([likely.get(candidate.text.split()[1], 0.0) for candidate in examined.candidates])
    return [examined.candidates[at].text for at in chosen(examined, probabilities, 0.2, 0.0, most)]


def test_the_reply_to_another_question_is_not_quoted(assistant: Assistant, asked: str) -> None:
    texts = pick(assistant, asked, {"Turnhalle": 0.9, "die": 0.8, "für": 0.7})
    assert texts == ["Die Turnhalle schließt um 22 Uhr."]


def test_the_reply_to_this_question_is_quoted(assistant: Assistant, asked: str) -> None:
    texts = pick(assistant, asked, {"für": 0.9, "die": 0.8})
    assert texts == ["Nein, für die Turnhalle erhebt die Stadt 12 Euro je Stunde."]


def test_a_caption_is_no_sentence_of_an_answer(assistant: Assistant, asked: str) -> None:
    assert not [text for text in pick(assistant, asked, {"3": 0.9, "Turnhalle": 0.8}) if text.startswith("Tabelle")]


def test_the_section_that_answers_best_comes_first(assistant: Assistant, asked: str) -> None:
    texts = pick(assistant, asked, {"Turnhalle": 0.5, "Stadt": 0.9})
    assert texts == ["Die Stadt erhebt Gebühren.", "Die Turnhalle schließt um 22 Uhr."]


def test_a_sentence_brings_the_one_it_points_to(assistant: Assistant, asked: str) -> None:
    texts = pick(assistant, asked, {"sind": 0.9}, most=1)
    assert texts == ["Die Stadt erhebt Gebühren.", "Davon sind Kinder ausgenommen."]


def test_nothing_to_choose_from_is_fine(assistant: Assistant, asked: str) -> None:
    assert quotable(assistant.examine(Query(question=asked)), []) == []
