"""Runs over a small real index: nothing is mocked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.settings import Settings, load_settings
from assistant.wiring import open_assistant
from eval.cases import EvalCase
from eval.commands import app
from eval.errors import RunError
from eval.indexes import index_for
from eval.jsonl import write_lines
from eval.observe import What
from eval.run import Plan, recorded_settings, run
from eval.runs import read_run
from eval.systems import System, SystemName, open_system
from eval.testsets import read_test_set
from eval.variants import Variant, without_scope

DOCUMENTS = {
    "insek": "Das INSEK ist ein informelles Planungsinstrument der Gemeinde.\n"
    "Der Stadtrat beschließt das INSEK.\nEs wird etwa alle zehn Jahre fortgeschrieben.",
    "foerderung": "Die Förderung beträgt höchstens 75 Prozent der zuwendungsfähigen Ausgaben.\n"
    "Anträge nimmt die Sächsische Aufbaubank entgegen.",
    "beteiligung": "Die Bürgerinnen und Bürger werden früh beteiligt.\n"
    "Geeignet sind Werkstätten, Umfragen und Stadtspaziergänge.",
}


def gold(document: str, words: str) -> dict[str, Any]:
    start = DOCUMENTS[document].index(words)
    return {"document": document, "start": start, "end": start + len(words), "text": words}


CASES: list[dict[str, Any]] = [
    {"id": "rat", "question": "Wer beschließt das INSEK?", "answerable": True,
     "gold": [gold("insek", "Der Stadtrat beschließt das INSEK.")], "facts": ["Stadtrat"]},
    {"id": "hoehe", "question": "Wie hoch ist die Förderung?", "answerable": True,
     "gold": [gold("foerderung", "höchstens 75 Prozent")], "tags": ["zahl"]},
    {"id": "folge", "question": "Wie oft wird es fortgeschrieben?", "answerable": True,
     "history": [{"question": "Was ist ein INSEK?", "answer": ""}],
     "gold": [gold("insek", "Es wird etwa alle zehn Jahre fortgeschrieben.")]},
    {"id": "mond", "question": "Wie weit ist der Mond von der Erde entfernt?", "answerable": False, "gold": []},
    {"id": "lang", "question": "Wann? " * 500, "answerable": False, "gold": []},
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A test set that brings its documents."""
    folder = tmp_path_factory.mktemp("set")
    write_lines(
        folder / "documents.jsonl", [{"id": name, "title": name, "text": text} for name, text in DOCUMENTS.items()]
    )
    write_lines(folder / "cases.jsonl", CASES)
    return folder


@pytest.fixture(scope="module")
def settings(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings that name an index over the test set's documents."""
    built = index_for(
        folder / "documents.jsonl", load_settings(environment={}), lambda *_: None, tmp_path_factory.mktemp("indexes")
    )
    return load_settings(environment={}, overrides={"index": built})


@pytest.fixture(scope="module")
def system(settings: Settings) -> Iterator[System]:
    """The product over that index."""
    assistant = open_assistant(settings)
    yield assistant
    assistant.close()


def test_a_run_writes_one_line_per_case_and_its_circumstances(
    folder: Path, settings: Settings, system: System, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    run(Plan(), read_test_set(folder), system, settings, tmp_path / "out", "x", lambda *at: seen.append(at))

    lines = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == [case["id"] for case in CASES]
    assert lines[0]["measures"]["recall@5"] == 1
    assert lines[0]["hits"][0]["document"] == "insek"
    assert lines[0]["answer"]["citations"]
    assert lines[0]["timings"]["search.total"] > 0
    assert seen[-1] == (5, 5)
    record = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert record["index"]["corpus_digest"]
    assert record["index"]["model_sha256"]
    assert record["settings"]["retrieval"]["lexical"] == settings.retrieval.lexical
    assert record["versions"]["numpy"]
    assert record["code"]["digest"]
    assert record["units"] == "sentence"
    assert record["cases"]["asked"] == 5
    assert "api_key" not in json.dumps(record)
    assert not {"operator", "contact", "feedback"} & set(record["settings"])


def test_a_crash_is_the_case_s_own_error_and_the_run_goes_on(
    folder: Path, settings: Settings, system: System, tmp_path: Path
) -> None:
    results = run(Plan(), read_test_set(folder), system, settings, tmp_path / "out", "x", lambda *_: None).results

    assert [bool(result.error) for result in results] == [False, False, False, False, True]
    assert results[4].error.startswith("InputError")


def test_an_interrupted_run_is_resumed(folder: Path, settings: Settings, system: System, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(Plan(), read_test_set(folder), system, settings, out, "x", interrupt)
    before = (out / "results.jsonl").read_text("utf-8")
    with (out / "results.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "torn')

    record = json.loads((out / "run.json").read_text("utf-8"))
    (out / "run.json").write_text(json.dumps({**record, "started": "2026-01-01T00:00:00"}), encoding="utf-8")
    finished = run(Plan(), read_test_set(folder), system, settings, out, "x", lambda *_: None)

    assert finished.record.started == "2026-01-01T00:00:00"
    assert (out / "results.jsonl").read_text("utf-8").startswith(before)
    assert len(before.splitlines()) == 2
    assert [result.case.id for result in finished.results] == [case["id"] for case in CASES]
    assert read_run(out) == finished


def test_a_run_under_other_circumstances_is_not_resumed(
    folder: Path, settings: Settings, system: System, tmp_path: Path
) -> None:
    run(Plan(limit=1), read_test_set(folder), system, settings, tmp_path, "x", lambda *_: None)
    changed = load_settings(environment={}, overrides={"index": settings.index, "answer.threshold": 0.1})

    with pytest.raises(RunError, match="Länge der Trefferlisten, Einstellungen"):
        run(Plan(limit=1, depth=7), read_test_set(folder), system, changed, tmp_path, "x", lambda *_: None)
    record = json.loads((tmp_path / "run.json").read_text("utf-8"))
    older = {**record["versions"], "numpy": "1.0"}
    (tmp_path / "run.json").write_text(json.dumps({**record, "versions": older}), encoding="utf-8")
    with pytest.raises(RunError, match="Bibliotheken"):
        run(Plan(limit=1), read_test_set(folder), system, settings, tmp_path, "x", lambda *_: None)


def test_the_words_of_a_list_of_synonyms_are_recorded_and_not_its_place(settings: Settings, tmp_path: Path) -> None:
    digests = []
    for words in ("Stadtrat = Gemeinderat", "Stadtrat = Rat"):
        file = tmp_path / "woerter.txt"
        file.write_text(words + "\n", encoding="utf-8")
        digests.append(recorded_settings(settings.model_copy(update={"synonyms": file}))["synonyms"])

    assert digests[0] != digests[1]
    assert str(tmp_path) not in digests[0]


def test_a_record_of_another_make_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"format": 1, "unbekannt": 1}', encoding="utf-8")

    with pytest.raises(RunError, match="keine Auswertung"):
        read_run(tmp_path)


def test_a_follow_up_is_also_searched_without_its_history(
    folder: Path, settings: Settings, system: System, tmp_path: Path
) -> None:
    results = run(Plan(what=What.RETRIEVAL), read_test_set(folder), system, settings, tmp_path, "x", lambda *_: None)

    assert [result.hits_alone is not None for result in results.results] == [False, False, True, False, False]
    assert all(result.answer is None for result in results.results)


def test_hidden_gold_asks_each_question_again_where_it_cannot_be_answered(
    folder: Path, settings: Settings, system: System, tmp_path: Path
) -> None:
    plan = Plan(what=What.RETRIEVAL, variant=Variant.WITHOUT_GOLD)
    results = run(plan, read_test_set(folder), system, settings, tmp_path, "x", lambda *_: None).results

    hidden = [result for result in results if result.case.id.endswith("#without-gold")]
    assert len(hidden) == 3
    assert not any(result.case.answerable for result in hidden)
    assert all(hit.place.document != "insek" for hit in hidden[0].hits or ())


def test_all_documents_forget_the_scopes_and_what_only_these_cannot_answer() -> None:
    scoped = EvalCase(id="1", question="?", answerable=True, documents=("a",))
    unanswered = EvalCase(id="2", question="?", answerable=False, documents=("a",))
    outside = EvalCase(id="3", question="?", answerable=False)

    assert [(case.id, case.documents) for case in without_scope([scoped, unanswered, outside])] == [
        ("1", ()),
        ("3", ()),
    ]


@pytest.mark.parametrize("name", [SystemName.BM25, SystemName.PASSAGES, SystemName.RRF, SystemName.LANGCHAIN])
def test_each_baseline_searches(name: SystemName, settings: Settings) -> None:
    if name is SystemName.LANGCHAIN:
        pytest.importorskip("langchain_chroma", reason="the extra eval brings LangChain's Chroma")
        pytest.importorskip("langchain_text_splitters", reason="the extra eval brings LangChain's splitters")
    system = open_system(name, settings)
    try:
        query = read_query("Wer beschließt das INSEK?")
        found = system.search(query, 3)
        assert found.hits[0].passage.document == "insek"
        text = system.document("insek").text
        assert found.texts[0] == found.hits[0].passage.span.of(text)
        scoped = system.search(read_query("Wer beschließt das INSEK?", "foerderung"), 3)
        assert {hit.passage.document for hit in scoped.hits} == {"foerderung"}
    finally:
        system.close()


def read_query(question: str, *documents: str) -> Any:
    from assistant.domain import Query

    return Query(question=question, documents=documents)


def test_the_command_prints_the_basic_figures(folder: Path, settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "run"
    arguments = ["run", str(folder), "--out", str(out), "--index", str(settings.index), "--set", "answer.sentences=2"]
    done = CliRunner().invoke(app, arguments)

    assert done.exit_code == 0, done.output
    for figure in ("Recall@5", "MRR@10", "Richtiger Status", "Antwort p50", "Antwort p95", "5 Testfragen, davon 1"):
        assert figure in done.output
    assert read_run(out).record.settings["answer"]["sentences"] == 2


def test_the_command_names_wrong_choices(folder: Path, settings: Settings) -> None:
    done = CliRunner().invoke(app, ["run", str(folder), "--variant", "rückwärts"])
    assert done.exit_code == 2

    done = CliRunner().invoke(app, ["run", str(folder), "--set", "nonsense"])
    assert isinstance(done.exception, RunError)
    assert "name=wert" in str(done.exception)
