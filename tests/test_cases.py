"""The questions asked of the shipped corpus: their answers stand where they say, and they are the questions we need."""

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from assistant.domain import Document, Section, Sentence, SentenceKind, Span
from assistant.german import words as content
from eval.cases import EvalCase, check_places, read_cases
from ingest.pipeline import read_documents
from scripts.anchor_cases import anchor_file, find_place

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "eval" / "cases"
DEV, TEST, SMOKE = (CASES / name for name in ("guideline-dev.jsonl", "guideline-test.jsonl", "guideline.jsonl"))
KNOWN = sorted((ROOT / "corpus" / "known-questions").glob("*.jsonl"))

KINDS = ("keyword", "colloquial", "sentence", "situation", "typo", "umlaut", "compound", "negation", "number", "multi")
LEAST = dict.fromkeys(KINDS, 10) | {"followup": 25, "false-premise": 15, "outside": 25, "gap": 15}
NEAR = 0.9


@pytest.fixture(scope="module")
def documents() -> Mapping[str, Document]:
    result = read_documents(ROOT / "corpus")
    assert not result.failures
    return {document.id: document for document in result.documents}


@pytest.fixture(scope="module")
def files() -> Mapping[Path, list[EvalCase]]:
    return {file: read_cases(file) for file in (DEV, TEST, SMOKE, *KNOWN)}


@pytest.fixture(scope="module")
def asked(files: Mapping[Path, list[EvalCase]]) -> list[EvalCase]:
    return files[DEV] + files[TEST]


def test_every_gold_text_stands_where_the_case_says(
    files: Mapping[Path, list[EvalCase]], documents: Mapping[str, Document]
) -> None:
    texts = {name: document.text for name, document in documents.items()}
    for file, cases in files.items():
        check_places(file, cases, texts)
        assert all(place.text == place.span.of(texts[place.document]) for case in cases for place in case.gold)


def test_gold_lies_in_sentences_that_can_answer(asked: list[EvalCase], documents: Mapping[str, Document]) -> None:
    unfit = {SentenceKind.HEADING, SentenceKind.NOTE}
    answers = {
        name: [sentence.span for sentence in document.sentences if sentence.kind not in unfit]
        for name, document in documents.items()
    }
    lost = [
        (case.id, place.text)
        for case in asked
        for place in case.gold
        if not any(span.overlaps(place.span) for span in answers[place.document])
    ]
    assert not lost


def test_no_place_is_named_twice(files: Mapping[Path, list[EvalCase]]) -> None:
    for cases in files.values():
        for case in cases:
            places = [(place.document, place.span) for place in case.gold]
            assert len(places) == len(set(places)), case.id


def test_ids_are_unique_over_all_files(files: Mapping[Path, list[EvalCase]]) -> None:
    ids = Counter(case.id for cases in files.values() for case in cases)
    assert [name for name, count in ids.items() if count > 1] == []


def test_there_are_enough_questions_of_every_kind(asked: list[EvalCase]) -> None:
    counts = Counter(tag for case in asked for tag in case.tags)
    assert len(asked) >= 280
    assert {kind: counts[kind] for kind, least in LEAST.items() if counts[kind] < least} == {}


def test_tags_agree_with_the_case(asked: list[EvalCase]) -> None:
    for case in asked:
        tags = set(case.tags)
        assert {tag for tag in tags if not tag.startswith("topic:")} <= LEAST.keys(), case.id
        assert bool(tags & {"outside", "gap"}) is not case.answerable, case.id
        assert bool(case.gold) is case.answerable, case.id
        assert ("followup" in tags) is bool(case.history), case.id
        assert "false-premise" not in tags or case.answerable, case.id


def test_dev_and_test_ask_about_different_topics(files: Mapping[Path, list[EvalCase]]) -> None:
    for file in (DEV, TEST):
        for case in files[file]:
            assert len(_topics(case)) == (0 if "outside" in case.tags else 1), case.id
    dev, test = ({topic for case in files[file] for topic in _topics(case)} for file in (DEV, TEST))
    assert dev
    assert test
    assert not dev & test


def test_no_question_is_asked_twice(asked: list[EvalCase]) -> None:
    questions = Counter((" ".join(_words(case.question)), case.history) for case in asked)
    assert [question for question, count in questions.items() if count > 1] == []


def test_no_question_repeats_the_corpus(asked: list[EvalCase], documents: Mapping[str, Document]) -> None:
    known: dict[int, set[frozenset[str]]] = {}
    for text in _texts(documents.values()):
        words = frozenset(_words(text))
        known.setdefault(len(words), set()).add(words)
    repeated = [(case.id, case.question) for case in asked if _is_known(frozenset(_words(case.question)), known)]
    assert not repeated


def test_no_case_is_a_known_question(files: Mapping[Path, list[EvalCase]], asked: list[EvalCase]) -> None:
    """The index finds the answers to those by themselves."""
    known = {frozenset(content(case.question)) for file in KNOWN for case in files[file] if not case.history}
    assert not [case.id for case in asked if not case.history and frozenset(content(case.question)) in known]


def test_the_smoke_set_is_a_part_of_dev(files: Mapping[Path, list[EvalCase]]) -> None:
    smoke = files[SMOKE]
    assert len(smoke) == 45
    assert sum(not case.answerable for case in smoke) == 12
    dev = [(case.question, case.gold, case.history, case.tags) for case in files[DEV]]
    assert all((case.question, case.gold, case.history, case.tags) in dev for case in smoke)


def _topics(case: EvalCase) -> set[str]:
    return {tag for tag in case.tags if tag.startswith("topic:")}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def _is_known(words: frozenset[str], known: Mapping[int, set[frozenset[str]]]) -> bool:
    """Whether a text in ``known`` (by number of words) has almost the same words (Jaccard)."""
    sizes = range(math.ceil(NEAR * len(words)), math.floor(len(words) / NEAR) + 1)
    texts = (text for size in sizes for text in known.get(size, ()))
    return any(len(words & text) >= NEAR * len(words | text) for text in texts)


def _texts(documents: Iterable[Document]) -> Iterator[str]:
    for document in documents:
        for sentence in document.sentences:
            yield sentence.span.of(document.text)
        for faq in document.faqs:
            yield from (faq.question, *faq.wordings)


# The tool that finds the places.

TEXT = "Kosten\nDie Beratung ist\u00a0kostenlos.\nAblauf\nDie Beratung ist kostenlos.\nKosten"
DOCUMENT = Document(
    id="d",
    title="D",
    text=TEXT,
    sections=(
        Section(path=("Kosten",), span=Span(start=0, end=34)),
        Section(path=("Ablauf",), span=Span(start=35, end=len(TEXT))),
    ),
    sentences=(
        Sentence(span=Span(start=0, end=6), kind=SentenceKind.HEADING),
        Sentence(span=Span(start=7, end=34)),
        Sentence(span=Span(start=35, end=41), kind=SentenceKind.HEADING),
        Sentence(span=Span(start=42, end=69)),
        Sentence(span=Span(start=70, end=76)),
    ),
)
FIRST, SECOND = Span(start=7, end=34), Span(start=42, end=69)


def test_the_document_of_these_tests_is_sound() -> None:
    assert FIRST.of(TEXT).split() == SECOND.of(TEXT).split() == ["Die", "Beratung", "ist", "kostenlos."]


def test_white_space_does_not_count() -> None:
    assert find_place(DOCUMENT, "Die  Beratung\nist kostenlos.") == FIRST


def test_a_place_that_fits_stays() -> None:
    assert find_place(DOCUMENT, "Die Beratung ist kostenlos.", former=SECOND) == SECOND


def test_the_section_decides() -> None:
    assert find_place(DOCUMENT, "Die Beratung ist kostenlos.", "ablauf", former=FIRST) == SECOND


def test_a_text_quoted_twice_has_two_places() -> None:
    assert find_place(DOCUMENT, "Die Beratung ist kostenlos.", taken=[FIRST]) == SECOND


def test_headings_come_last() -> None:
    assert find_place(DOCUMENT, "Kosten") == Span(start=70, end=76)


def test_what_is_not_there_is_not_found() -> None:
    assert find_place(DOCUMENT, "Die Beratung kostet Geld.") is None


def test_a_file_is_anchored_once_and_then_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    gold = [
        {"document": "d", "text": "Beratung ist"},
        {"document": "d", "text": "fehlt"},
        {"document": "e", "text": "x"},
    ]
    lines = [json.dumps({"id": "a", "question": "?", "answerable": True, "gold": gold}), "", "{", '{"id":  "b"}', ""]
    file.write_text("\n".join(lines), encoding="utf-8")

    problems = anchor_file(file, {"d": DOCUMENT})

    assert problems == [
        f"{file}:1: not in d: 'fehlt'",
        f"{file}:1: no document 'e'",
        f"{file}:3: not a case: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    ]
    after = file.read_text(encoding="utf-8")
    assert json.loads(after.split("\n")[0])["gold"][0] == {
        "document": "d",
        "start": 11,
        "end": 23,
        "text": "Beratung ist",
    }
    assert after.split("\n")[1:] == lines[1:]
    anchor_file(file, {"d": DOCUMENT})
    assert file.read_text(encoding="utf-8") == after
