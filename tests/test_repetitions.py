"""What two sections say alike is quoted once; what they say against each other is quoted from both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.domain import Query
from assistant.repetitions import without_repetitions
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.wiring import open_assistant

RULES = """# Regeln

## Turnhalle

Ein Gutachten zur Standsicherheit der Turnhalle ist nicht erforderlich.

## Turnhalle, neue Fassung

Ein Gutachten zur Standsicherheit der Turnhalle ist erforderlich.

## Konzept

Das Konzept muss der Gemeinderat alle fünf Jahre überprüfen.

## Konzept, neue Fassung

Das Konzept kann der Gemeinderat alle fünf Jahre überprüfen.

## Konzept, Zusammenfassung

Alle fünf Jahre muss der Gemeinderat das Konzept überprüfen.

## Antwort

Ja, das ist so.

## Zur Turnhalle

Nein, sie ist es nicht.
"""


@pytest.fixture
def assistant(build_index: Callable[[Path], Path], tmp_path: Path) -> Iterator[Assistant]:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "regeln.md").write_text(RULES, encoding="utf-8")
    with closing(open_assistant(Settings(index=build_index(tmp_path / "corpus")))) as opened:
        yield opened


def kept(assistant: Assistant, *sentences: str) -> list[str]:
    examined = assistant.examine(Query(question="Muss der Gemeinderat das Konzept und die Turnhalle überprüfen?"))
    texts = [candidate.text for candidate in examined.candidates]
    return [texts[at] for at in without_repetitions(examined, [texts.index(sentence) for sentence in sentences])]


NEEDED, NOT_NEEDED, MUST, MAY, AGAIN, YES, NO = (
    "Ein Gutachten zur Standsicherheit der Turnhalle ist erforderlich.",
    "Ein Gutachten zur Standsicherheit der Turnhalle ist nicht erforderlich.",
    "Das Konzept muss der Gemeinderat alle fünf Jahre überprüfen.",
    "Das Konzept kann der Gemeinderat alle fünf Jahre überprüfen.",
    "Alle fünf Jahre muss der Gemeinderat das Konzept überprüfen.",
    "Ja, das ist so.",
    "Nein, sie ist es nicht.",
)


def test_what_was_said_is_not_said_again(assistant: Assistant) -> None:
    assert kept(assistant, MUST, AGAIN) == [MUST]


def test_sources_that_disagree_are_both_quoted(assistant: Assistant) -> None:
    assert kept(assistant, NOT_NEEDED, NEEDED) == [NOT_NEEDED, NEEDED]
    assert kept(assistant, MUST, MAY) == [MUST, MAY]


def test_a_sentence_of_stop_words_repeats_nothing(assistant: Assistant) -> None:
    assert kept(assistant, YES, MUST, NO) == [YES, MUST, NO]


def test_a_contradiction_is_shown_in_the_answer(assistant: Assistant) -> None:
    answer = assistant.ask(Query(question="Ist ein Gutachten zur Standsicherheit der Turnhalle erforderlich?"))
    assert {sentence.text for sentence in answer.sentences} == {NEEDED, NOT_NEEDED}
