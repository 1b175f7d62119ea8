"""A question that two FAQs come close to is answered with the one that asks the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.domain import Query
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.wiring import open_assistant

FAQ = """---
title: Fragen zum Konzept
kind: faq
---

## Wie lang sollte ein Fragebogen zum Konzept sein?

Eine vorgeschriebene Länge für einen Fragebogen zum Konzept gibt es nicht. Kurze Fragebögen erreichen mehr Menschen.

## Wie lange dauert die Erarbeitung eines Konzepts?

Aus Beispielen lässt sich für ein Konzept eine Dauer von ein bis zwei Jahren ableiten. Große Städte brauchen länger.

## Wer beschließt das Konzept?

Das Konzept wird vom Gemeinderat beschlossen.
"""


@pytest.fixture
def assistant(build_index: Callable[[Path], Path], tmp_path: Path) -> Iterator[Assistant]:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "faq.md").write_text(FAQ, encoding="utf-8")
    with closing(open_assistant(Settings(index=build_index(tmp_path / "corpus")))) as opened:
        yield opened


GUIDE = """# Leitfaden

## Dauer

Wie lange dauert die Erarbeitung eines Konzepts? Nach der Dauer der Erarbeitung eines Konzepts fragt jede Stadt.
"""


def test_a_faq_that_asks_in_the_same_words_answers(build_index: Callable[[Path], Path], tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "faq.md").write_text(FAQ, encoding="utf-8")
    (tmp_path / "corpus" / "leitfaden.md").write_text(GUIDE, encoding="utf-8")
    with closing(open_assistant(Settings(index=build_index(tmp_path / "corpus")))) as opened:
        answer = opened.ask(Query(question="Wie lange dauert die Erarbeitung eines Konzepts?"))

    assert {citation.document for citation in answer.citations} == {"faq.md"}
    assert answer.sentences[0].text.startswith("Aus Beispielen lässt sich")
    assert len(answer.sentences) == 2


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Wie lange dauert ein Konzept?", "Aus Beispielen lässt sich"),
        ("Wie lang soll der Fragebogen sein?", "Eine vorgeschriebene Länge"),
        ("Wer beschließt so ein Konzept?", "Das Konzept wird vom Gemeinderat"),
    ],
)
def test_the_closest_wording_answers(assistant: Assistant, question: str, answer: str) -> None:
    assert assistant.ask(Query(question=question)).sentences[0].text.startswith(answer)
