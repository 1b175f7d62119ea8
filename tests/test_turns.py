"""Questions that come at once wait in line; none waits for a reader who is slow or gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from ingest_support import WordHashes

from assistant.domain import Query
from assistant.embedding import Vectors
from assistant.errors import InputError
from assistant.events import Done, Found
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.turns import Turns
from assistant.wiring import open_assistant
from ingest.pipeline import ingest

QUESTION = Query(question="Wo sitzt die Musterstelle?")


class Crowded(WordHashes):
    """An embedder that notes how many questions it embeds at the same time."""

    def __init__(self) -> None:
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def query(self, text: str) -> Vectors:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(0.05)
        with self._lock:
            self._now -= 1
        return super().query(text)


@pytest.fixture
def crowded() -> Crowded:
    return Crowded()


@pytest.fixture
def assistant(small_corpus: Path, crowded: Crowded, tmp_path: Path) -> Iterator[Assistant]:
    ingest([small_corpus], folder=tmp_path, open_embedder=lambda: crowded)
    opened = open_assistant(Settings(index=tmp_path), embedder=crowded)
    yield opened
    opened.close()


def test_no_more_are_worked_on_at_once_than_there_are_turns(assistant: Assistant, crowded: Crowded) -> None:
    turns = Turns(2, language_model=False)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: turns.ask(assistant, QUESTION), range(8)))
        hits = list(pool.map(lambda _: turns.search(assistant, QUESTION, 3), range(8)))

    assert crowded.most == 2
    assert len({answer.text for answer in answers}) == 1
    assert {len(found.hits) for found in hits} == {3}


@pytest.mark.parametrize("language_model", [False, True])
def test_a_slow_reader_keeps_nobody_waiting(assistant: Assistant, language_model: bool) -> None:
    turns = Turns(1, language_model=language_model)
    with closing(turns.stream(assistant, QUESTION)) as slow:
        assert isinstance(next(slow), Found)
        assert turns.ask(assistant, QUESTION).text
        *_, last = slow
        assert isinstance(last, Done)


def test_a_refused_question_gives_its_turn_back(assistant: Assistant) -> None:
    turns = Turns(1, language_model=False)
    for _ in range(3):
        with pytest.raises(InputError):
            turns.ask(assistant, Query(question=" "))

    assert turns.ask(assistant, QUESTION).text
