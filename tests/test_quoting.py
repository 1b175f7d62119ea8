"""Which sentences may stand in an answer, and in what order, over a real index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.answering import one_text
from assistant.domain import AnswerSentence, Query, SentenceKind, Status, Support
from assistant.quoting import chosen, quotable
from assistant.selector import Selector
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

Der Antrag braucht drei Unterlagen:

- eine Skizze,
- einen Plan der Kosten,
- den Beschluss des Rates.

Bearbeitet wird kostenlos.

## Gebühren

Die Stadt erhebt Gebühren.

Davon sind Kinder ausgenommen.

Vereine sollten deshalb früh fragen.
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
    texts = pick(assistant, "Was kostet die Turnhalle je Stunde?", {"für": 0.9, "die": 0.8})
    assert texts == ["Nein, für die Turnhalle erhebt die Stadt 12 Euro je Stunde."]


def test_a_caption_is_no_sentence_of_an_answer(assistant: Assistant, asked: str) -> None:
    assert not [text for text in pick(assistant, asked, {"3": 0.9, "Turnhalle": 0.8}) if text.startswith("Tabelle")]


def test_the_section_that_answers_best_comes_first(assistant: Assistant, asked: str) -> None:
    texts = pick(assistant, asked, {"Turnhalle": 0.5, "Stadt": 0.9})
    assert texts == ["Die Stadt erhebt Gebühren.", "Die Turnhalle schließt um 22 Uhr."]


@pytest.mark.parametrize(("best", "quoted"), [(0.8, 1), (0.7, 2), (0.5, 3)])
def test_more_is_quoted_until_one_of_the_quotes_is_likely_to_answer(
    assistant: Assistant, asked: str, best: float, quoted: int
) -> None:
    examined = assistant.examine(Query(question=asked))
    likely = {
        "Die Turnhalle schließt um 22 Uhr.": best,
        "Bearbeitet wird kostenlos.": 0.3,
        "Die Stadt erhebt Gebühren.": 0.3,
    }
    probabilities = np.array([likely.get(candidate.text, 0.0) for candidate in examined.candidates])

    assert len(chosen(examined, probabilities, floor=0.1, share=0.9, most=5)) == quoted


def test_a_sentence_brings_the_one_it_points_to(assistant: Assistant, asked: str) -> None:
    before = ["Die Stadt erhebt Gebühren.", "Davon sind Kinder ausgenommen."]

    assert pick(assistant, asked, {"sind": 0.9}, most=1) == before
    assert pick(assistant, asked, {"sollten": 0.9}, most=1) == [*before, "Vereine sollten deshalb früh fragen."]


@pytest.mark.parametrize(
    ("picked", "brought"),
    [
        ("Der Antrag braucht", ["Der Antrag braucht", "eine Skizze", "einen Plan", "den Beschluss"]),
        ("einen Plan", ["Der Antrag braucht", "einen Plan"]),
        ("Bearbeitet wird", ["Bearbeitet wird"]),
    ],
)
def test_a_list_stands_below_what_announces_it(assistant: Assistant, picked: str, brought: list[str]) -> None:
    examined = assistant.examine(Query(question="Welche Unterlagen braucht der Antrag?"))
    probabilities = np.array([float(candidate.text.startswith(picked)) for candidate in examined.candidates])
    texts = [examined.candidates[at].text for at in chosen(examined, probabilities, 0.1, 0.5, 3)]

    assert len(texts) == len(brought)
    assert all(text.startswith(opening) for text, opening in zip(texts, brought, strict=True))


def test_lists_and_rows_stand_on_lines_of_their_own() -> None:
    def sentence(text: str, mark: int, kind: SentenceKind) -> AnswerSentence:
        return AnswerSentence(text=text, citations=(mark,), support=Support.VERBATIM, kind=kind)

    told = one_text(
        [
            sentence("Nötig sind:", 1, SentenceKind.PROSE),
            sentence("eine Skizze,", 2, SentenceKind.ITEM),
            sentence("2. ein Plan.", 3, SentenceKind.ITEM),
            sentence("a) ein Beschluss,", 7, SentenceKind.ITEM),
            sentence("z. B. ein Foto.", 8, SentenceKind.ITEM),
            sentence("Programm: LZP; Satz: 66 %", 4, SentenceKind.ROW),
            sentence("Er ist frei.", 5, SentenceKind.PROSE),
            sentence("Das gilt immer.", 6, SentenceKind.PROSE),
        ]
    )

    assert told.splitlines() == [
        "Nötig sind: [1]",
        "• eine Skizze, [2]",
        "2. ein Plan. [3]",
        "a) ein Beschluss, [7]",
        "• z. B. ein Foto. [8]",
        "Programm: LZP; Satz: 66 % [4]",
        "Er ist frei. [5] Das gilt immer. [6]",
    ]


def test_a_reply_and_a_faq_must_speak_of_what_was_asked(assistant: Assistant) -> None:
    """The wording is close, but the heating is not the use."""
    examined = assistant.examine(Query(question="Ist die Heizung der Turnhalle defekt?"))
    replies = {examined.candidates[at].text for at in quotable(examined, range(len(examined.candidates)))}

    assert not [text for text in replies if text.startswith(("Ja", "Nein"))]


def test_where_no_sentence_is_likely_nothing_is_quoted(build_index: Callable[[Path], Path], tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "faq.md").write_text(FAQ, encoding="utf-8")
    settings = Settings(index=build_index(tmp_path / "corpus"))
    floor = replace(Selector.shipped(), floor=0.99)  # higher than any sentence here is likely
    with closing(open_assistant(settings, floor)) as opened:
        answer = opened.ask(Query(question="Was kostet die Nutzung der Turnhalle?"))
        asked_so = opened.ask(Query(question="ist die nutzung der turnhalle kostenlos"))

    assert answer.status is Status.DECLINED
    assert answer.confidence < floor.threshold
    assert asked_so.status is Status.ANSWERED  # that somebody wrote for these very words
    assert asked_so.text.startswith("Nein, für die Turnhalle")


def test_nothing_to_choose_from_is_fine(assistant: Assistant, asked: str) -> None:
    assert quotable(assistant.examine(Query(question=asked)), []) == []
