"""Questions that people ask lead to the sentences that answer them, whatever words these use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from assistant.domain import Query, Status
from assistant.embedding import Embedder
from assistant.embedding_cache import EmbeddingCache
from assistant.errors import CorpusError
from assistant.evidence import Examined
from assistant.selector import Selector
from assistant.settings import Settings
from assistant.wiring import open_assistant
from ingest.discovery import discover
from ingest.known_questions import FOLDER, read_known_questions
from ingest.pipeline import ingest

ASKED = "Darf man sich das später noch mal anders überlegen?"
ANSWER = {"document": "leitfaden.md", "text": "Die Gemeinde entscheidet selbst,\nob sie es fortschreibt."}
NAMED = [ANSWER, {"document": "faq.md", "text": "Die Musterstelle sitzt in Leipzig."}]
NAMED_TOO = [*NAMED, {"document": "haushalt", "text": "Die Satzung tritt am 1. Januar 2025 in Kraft."}]
NOWHERE = "Gibt es eine Kantine?"

Write = Callable[..., Path]
Examine = Callable[..., Examined]


@pytest.fixture
def write(small_corpus: Path, tmp_path: Path) -> Write:
    """The small corpus with these known questions."""

    def written(*lines: object) -> Path:
        corpus = tmp_path / "corpus"
        if not corpus.exists():
            copytree(small_corpus, corpus)
        (corpus / FOLDER).mkdir(exist_ok=True)
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        (corpus / FOLDER / "fragen.jsonl").write_text(text, encoding="utf-8")
        return corpus

    return written


@pytest.fixture
def examine(build_index: Callable[[Path], Path], embedder: Embedder) -> Examine:
    """What an index over a corpus holds against a question."""

    def examined(corpus: Path, question: str, forget: frozenset[str] = frozenset()) -> Examined:
        settings = Settings(index=build_index(corpus))
        assistant = open_assistant(settings, Selector.undecided(), embedder=embedder, forget=forget)
        found = assistant.examine(Query(question=question))
        assistant.close()
        return found

    return examined


def known(question: str, gold: list[dict[str, str]], **more: object) -> dict[str, object]:
    return {"question": question, "answerable": bool(gold), "gold": gold, **more}


def likeness(examined: Examined) -> dict[str, float]:
    """The features ``known`` of the sentences that have any."""
    from assistant.sentence_features import FEATURES

    column = examined.features[:, FEATURES.index("known")]
    return {c.text: float(value) for c, value in zip(examined.candidates, column, strict=True) if value}


def test_a_known_question_finds_its_answer_though_they_share_no_word(
    small_corpus: Path, write: Write, build_index: Callable[[Path], Path], embedder: Embedder
) -> None:
    found = []
    for corpus in (small_corpus, write(known(ASKED, [ANSWER]))):
        assistant = open_assistant(Settings(index=build_index(corpus)), embedder=embedder)
        found.append(assistant.ask(Query(question=ASKED.lower().rstrip("?"))))
        assistant.close()

    assert found[0].status is Status.DECLINED
    assert found[1].status is Status.ANSWERED
    assert found[1].sentences[0].text.endswith("ob sie es fortschreibt.")


def test_it_counts_for_the_sentence_that_it_names_alone_and_is_no_document(write: Write, examine: Examine) -> None:
    corpus = write(known(ASKED, [ANSWER]))
    found = likeness(examine(corpus, ASKED))

    assert list(found) == ["Die Gemeinde entscheidet selbst, ob sie es fortschreibt."]
    assert found.popitem()[1] > 0.9
    assert not [source for source in discover([corpus]).sources if FOLDER in source.name]


def test_a_follow_up_is_known_with_what_it_leans_on(write: Write) -> None:
    history = [{"question": "Wie lange gilt das Konzept?", "answer": "Fünf Jahre."}]
    file = write(known("Und danach?", [ANSWER], history=history)) / FOLDER / "fragen.jsonl"

    assert [one.question for one in read_known_questions(file)] == ["Wie lange gilt das Konzept? Und danach?"]


def test_an_answer_that_stands_nowhere_is_none_and_an_answer_without_a_place_tells_nothing(
    write: Write, examine: Examine
) -> None:
    gone = known(
        ASKED, [{"document": "leitfaden.md", "text": "Das stand hier einmal."}, {"document": "x", "text": "y"}]
    )
    without_a_place = {"question": ASKED, "answerable": True, "gold": []}

    assert not likeness(examine(write(gone, without_a_place), ASKED))


def test_what_the_documents_do_not_answer_is_known_while_there_are_no_others(write: Write, examine: Examine) -> None:
    unanswered = known(NOWHERE, [])

    assert examine(write(known(ASKED, NAMED_TOO), unanswered), NOWHERE).unanswered.cosine == pytest.approx(1, abs=1e-3)
    assert examine(write(known(ASKED, NAMED), unanswered), NOWHERE).unanswered.cosine == 0


def test_a_fit_asks_known_questions_as_if_nobody_knew_them(write: Write, examine: Examine) -> None:
    corpus = write(known(ASKED, NAMED_TOO), known(NOWHERE, []))

    assert not likeness(examine(corpus, ASKED, frozenset({ASKED})))
    assert examine(corpus, NOWHERE, frozenset({NOWHERE})).unanswered.cosine == 0


def test_other_questions_make_a_new_build(write: Write, embedder: Embedder, tmp_path: Path) -> None:
    def unchanged(*lines: object) -> bool:
        return ingest([write(*lines)], folder=tmp_path / "index", open_embedder=lambda: embedder).unchanged

    one, other = known(ASKED, [ANSWER]), known(NOWHERE, [])
    assert [unchanged(one), unchanged(one), unchanged(one, other)] == [False, True, False]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("kein JSON", "–"),
        ("[]", "–"),
        ({"question": ASKED, "gold": []}, "answerable"),
        (known(ASKED, [{"document": "leitfaden.md"}]), "gold.0.text"),
        (known("???", []), "question"),
        (known("a " * 2000, []), "question"),
    ],
)
def test_a_line_that_is_no_known_question_stops_the_ingest(write: Write, line: object, field: str) -> None:
    with pytest.raises(CorpusError, match=rf"Zeile 2 .*fragen\.jsonl.*„{field}“"):
        discover([write(known(ASKED, [ANSWER]), line)])


def test_a_question_and_a_passage_of_the_same_words_keep_vectors_of_their_own(
    embedder: Embedder, tmp_path: Path
) -> None:
    cache = EmbeddingCache.open(tmp_path / "cache.sqlite", embedder)
    for _ in range(2):  # embedded, then taken from the cache
        assert np.allclose(cache.questions([ASKED], lambda _: None)[0], embedder.query(ASKED))
        assert np.allclose(cache.passages([ASKED], lambda _: None), embedder.passages([ASKED]))
    cache.keep_only([], [ASKED])
    told: list[int] = []
    cache.questions([ASKED], told.append)
    cache.passages([ASKED], told.append)
    cache.close()

    assert told == [1, 0, 1]
