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
from assistant.settings import RetrievalSettings, Settings
from assistant.wiring import open_assistant
from ingest.discovery import discover
from ingest.known_questions import FOLDER, read_known_questions
from ingest.pipeline import ingest
from scripts.examples import known_of

ASKED = "Darf man sich das später noch mal anders überlegen?"
ANSWER = {"document": "leitfaden.md", "text": "Die Gemeinde entscheidet selbst,\nob sie es fortschreibt."}
NAMED = [ANSWER, {"document": "faq.md", "text": "Die Musterstelle sitzt in Leipzig."}]
NAMED_TOO = [*NAMED, {"document": "haushalt", "text": "Die Satzung tritt am 1. Januar 2025 in Kraft."}]
LONG = "Muss die Gemeinde das Konzept vor dem Beschluss überprüfen?"
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
    lines = [known(question, [ANSWER], history=history) for question in ("Und danach?", LONG)]
    read = list(read_known_questions(write(*lines) / FOLDER / "fragen.jsonl"))

    assert [one.question for one in read] == ["Wie lange gilt das Konzept? Und danach?", LONG]
    assert not any(one.alone for one in read)


def test_an_answer_that_stands_nowhere_is_none(
    write: Write, examine: Examine, caplog: pytest.LogCaptureFixture
) -> None:
    gone = [{"document": "leitfaden.md", "text": "Das stand hier einmal."}, {"document": "x", "text": "y"}]

    assert not likeness(examine(write(known(ASKED, gone)), ASKED))
    assert "1 name answers that stand in no document" in caplog.text


def test_what_was_looked_up_counts_for_the_very_same_words_alone(write: Write, examine: Examine) -> None:
    corpus = write(known(LONG, [ANSWER]), known("Und wenn nicht?", [ANSWER], history=[{"question": LONG}]))

    assert examine(corpus, "muss die gemeinde das konzept vor dem beschluss ueberpruefen").looked_up
    for other in (LONG.replace("vor", "nach"), LONG.replace("Muss", "Kann"), f"Wann {LONG.lower()}"):
        assert not examine(corpus, other).looked_up, other
    assert not examine(corpus, "Und wenn nicht?").looked_up


def test_authors_who_disagree_have_looked_up_nothing(write: Write, examine: Examine) -> None:
    assert examine(write(known(ASKED, NAMED_TOO)), ASKED).looked_up
    assert not examine(write(known(ASKED, NAMED_TOO), known(ASKED, [])), ASKED).looked_up


def test_what_was_looked_up_elsewhere_answers_nothing_in_a_scope(
    write: Write, build_index: Callable[[Path], Path], embedder: Embedder
) -> None:
    assistant = open_assistant(Settings(index=build_index(write(known(ASKED, [ANSWER])))), embedder=embedder)
    answer = assistant.ask(Query(question=ASKED, documents=("haushalt",)))
    assistant.close()

    assert answer.status is Status.DECLINED


def test_a_passage_is_found_that_only_its_known_question_leads_to(
    write: Write, build_index: Callable[[Path], Path], embedder: Embedder
) -> None:
    corpus = write(known(ASKED, [ANSWER]))
    (corpus / "nah.md").write_text("# Überlegen\n\nDarf man sich das später anders überlegen? Ja.\n", encoding="utf-8")
    one_of_each_leg = RetrievalSettings(candidates=1)
    settings = Settings(index=build_index(corpus), retrieval=one_of_each_leg)
    found = []
    for forget in (frozenset({ASKED}), frozenset[str]()):
        assistant = open_assistant(settings, embedder=embedder, forget=forget)
        texts = assistant.search(Query(question=ASKED)).texts
        found.append(any("ob sie es fortschreibt" in " ".join(text.split()) for text in texts))
        assistant.close()

    assert found == [False, True]


def test_only_what_lies_in_the_folder_itself_is_read(write: Write, tmp_path: Path) -> None:
    corpus = write(known(ASKED, [ANSWER]))
    folder = corpus / FOLDER
    (tmp_path / "fremd.jsonl").write_text((folder / "fragen.jsonl").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "verweis.jsonl").symlink_to(tmp_path / "fremd.jsonl")
    (folder / "LIESMICH.md").write_text("# Fragen\n\nText.", encoding="utf-8")
    (folder / "tiefer").mkdir()
    (folder / "tiefer" / "fragen.jsonl").write_text("kein JSON", encoding="utf-8")
    found = discover([corpus])

    assert len(found.known) == 1
    assert len(found.sources) == 3
    refused = {refused.name.removeprefix(f"{FOLDER}/") for refused in found.refused}
    assert refused == {"verweis.jsonl", "LIESMICH.md", "tiefer/fragen.jsonl"}


def test_a_file_from_a_simple_editor_is_read(write: Write) -> None:
    file = write(known(ASKED, [ANSWER])) / FOLDER / "fragen.jsonl"
    file.write_text(file.read_text(encoding="utf-8"), encoding="utf-8-sig")

    assert len(list(read_known_questions(file))) == 1


def test_a_fit_forgets_what_a_file_of_the_corpus_knows(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = write(known(ASKED, [ANSWER]))
    file = corpus / FOLDER / "fragen.jsonl"
    monkeypatch.chdir(corpus.parent)

    assert known_of(file, Path("corpus")) == {ASKED}
    assert not known_of(file, corpus / "faq.md")


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
        ({"question": ASKED, "answerable": True, "gold": []}, "gold"),
        ({"question": ASKED, "answerable": False, "gold": [ANSWER]}, "gold"),
        ({"question": ASKED, "answerable": 1, "gold": [ANSWER]}, "answerable"),
        (known(ASKED, [{"document": "leitfaden.md", "text": " "}]), "gold.0.text"),
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
