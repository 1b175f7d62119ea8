"""Imports: what comes out is a valid test set, and what does not fit is named."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from assistant.domain import Document, Page, Span
from eval.commands import app
from eval.errors import RunError
from eval.imports.formats import read_foreign
from eval.imports.imported import Imported, write_test_set
from eval.jsonl import write_lines
from eval.testsets import read_test_set

CONTEXT = "Der Stadtrat beschließt das INSEK. Es gilt zehn Jahre."


def no_documents() -> list[Document]:
    raise AssertionError("these formats bring their documents along")


def imported(format: str, path: Path, out: Path) -> Imported:
    found = read_foreign(format, path, no_documents)
    write_test_set(found, out)
    return found


def squad(*qas: dict[str, Any], context: str = CONTEXT) -> dict[str, Any]:
    return {"version": "1", "data": [{"title": "T", "paragraphs": [{"context": context, "qas": list(qas)}]}]}


def qa(id: Any, text: str, start: int, **more: Any) -> dict[str, Any]:
    return {"id": id, "question": f"Frage {id}?", "answers": [{"text": text, "answer_start": start}], **more}


def test_squad(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    content = squad(
        qa("1", "Der Stadtrat", 0),
        qa(2, " zehn Jahre ", 40),
        qa("3", "Bürgermeister", 0),
        qa("1", "INSEK", 28),
        {"id": "5", "question": "Was kostet es?", "answers": [], "is_impossible": True},
        {"id": "6", "question": "Und?", "answers": []},
    )
    file.write_text(json.dumps(content), encoding="utf-8")

    found = imported("squad", file, tmp_path / "out")

    assert [(case.id, case.answerable) for case in found.cases] == [("1", True), ("2", True), ("5", False)]
    assert found.cases[1].gold[0].text == "zehn Jahre"
    assert [line.split(": ", 1)[1].split(";")[0] for line in found.problems] == [
        "die Antwort „Bürgermeister“ der Frage „3“ steht nicht an Zeichen 0 des Textes",
        "die Kennung „1“ gibt es schon",
        "die Frage „6“ hat keine Antwort im Text",
    ]
    assert [document["title"] for document in found.documents] == ["T"]


def test_the_same_paragraph_is_one_document(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    content = squad(qa("1", "Der", 0))
    content["data"] += squad(qa("2", "INSEK", 28))["data"]
    file.write_text(json.dumps(content), encoding="utf-8")

    found = imported("squad", file, tmp_path / "out")

    assert len(found.documents) == 1
    assert {place.document for case in found.cases for place in case.gold} == {"a00p0"}


def test_what_is_wrong_in_squad_is_named_by_its_place_and_the_rest_is_taken(tmp_path: Path) -> None:
    content = squad(
        "keine Frage",  # type: ignore[arg-type]
        qa("1", "INSEK", 28),
        {"id": "2", "question": None, "answers": [{"text": "INSEK", "answer_start": 28}]},
        {"id": "3", "question": "Was?", "answers": [{"text": "INSEK"}]},
        {"question": "Was?", "answers": [{"text": None, "answer_start": 0}]},
    )
    content["data"] += [{"paragraphs": [{"context": 5, "qas": []}, {"context": "Ohne Fragen."}, {"qas": None}]}, 7]
    file = tmp_path / "x.json"
    file.write_text(json.dumps(content), encoding="utf-8")

    found = imported("squad", file, tmp_path / "out")

    assert [case.id for case in found.cases] == ["1"]
    assert [document["text"] for document in found.documents] == [CONTEXT, "Ohne Fragen."]
    named = "\n".join(found.problems)
    for place in ("paragraphs[0].qas“", "qas[2].question“", "qas[3].answers[0].answer_start“", "qas[4].id“",
                  "qas[4].answers[0].text“", "data[1].paragraphs[0].context“", "data[1].paragraphs[2].context“",
                  "„data“"):  # fmt: skip
        assert place in named


def test_an_impossible_question_is_asked_of_its_own_paragraph(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    content = squad({"id": "1", "question": "Was kostet es?", "answers": [], "is_impossible": True})
    file.write_text(json.dumps(content), encoding="utf-8")

    assert imported("squad", file, tmp_path / "out").cases[0].documents == ("a00p0",)


def test_beir(tmp_path: Path) -> None:
    write_lines(
        tmp_path / "corpus.jsonl", [{"_id": "d1", "title": "INSEK", "text": CONTEXT}, {"_id": "d2", "text": " "}]
    )
    write_lines(tmp_path / "queries.jsonl", [{"_id": "q1", "text": "Wer?"}, {"_id": "q2", "text": "Wann?"}])
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td1\t0\nq9\td1\t1\nq1\td2\t1\nq1\td1\n", encoding="utf-8"
    )
    (tmp_path / "qrels" / "train.tsv").write_text("q2\td1\t1\n", encoding="utf-8")

    found = imported("beir", tmp_path, tmp_path / "out")

    [case] = found.cases
    assert (case.id, case.gold[0].span) == ("q1", Span(start=0, end=len(CONTEXT)))
    assert len(found.problems) == 4
    assert "corpus.jsonl:2" in found.problems[0]
    assert "test.tsv:4: die Frage „q9“" in found.problems[1]
    assert "test.tsv:5: das Dokument „d2“" in found.problems[2]
    assert "test.tsv:6: erwartet werden drei Spalten" in found.problems[3]


def test_what_is_wrong_in_beir_is_named_by_line(tmp_path: Path) -> None:
    write_lines(tmp_path / "corpus.jsonl", [{"_id": "d1", "text": CONTEXT}, {"_id": "d1", "text": "Noch einer"}])
    write_lines(tmp_path / "queries.jsonl", [{"_id": "q1", "text": "Wer?"}, {"_id": "q2"}, {"_id": "q1", "text": "?"}])
    (tmp_path / "qrels").mkdir()
    judgements = tmp_path / "qrels" / "test.tsv"
    judgements.write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td1\t2\n", encoding="utf-8")

    found = imported("beir", tmp_path, tmp_path / "out")

    assert [(case.question, len(case.gold)) for case in found.cases] == [("Wer?", 1)]
    assert found.documents[0]["text"] == CONTEXT
    assert [Path(line).name.split(": ")[0] for line in found.problems] == [
        "corpus.jsonl:2", "queries.jsonl:2", "queries.jsonl:3",
    ]  # fmt: skip
    judgements.write_bytes("q1\tdü\t1\n".encode("cp1252"))
    with pytest.raises(RunError, match=r"test\.tsv ist nicht lesbar"):
        read_foreign("beir", tmp_path, no_documents)


def test_omos(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    page = "INSEK\nDer Stadtrat beschließt.\n\nEs gilt zehn Jahre."
    rows = [
        {"id": 1, "question": "Wer?", "context": page, "answers": [1, 3], "pageId": 77, "sourceLanguage": None},
        {"id": 2, "question": "Was?", "context": page, "answers": [], "pageId": 77, "sourceLanguage": "en"},
        {"id": 3, "question": "Wo?", "context": page, "answers": [2, 9], "pageId": 77},
        {"id": 4, "question": "Wie?", "context": "Andere Fassung", "answers": [0], "pageId": 77},
        {"question": "ohne"},
        {"id": 6, "question": "Ohne Antworten?", "context": page},
        {"id": 7, "question": "Als Text?", "context": page, "answers": "13"},
    ]
    write_lines(file, rows)

    found = imported("omos", file, tmp_path / "out")

    assert [(case.id, case.answerable, len(case.gold)) for case in found.cases] == [
        ("1", True, 2), ("2", False, 0), ("4", True, 1),
    ]  # fmt: skip
    assert [place.text for place in found.cases[0].gold] == ["Der Stadtrat beschließt.", "Es gilt zehn Jahre."]
    assert found.cases[0].documents == ("77",)
    assert found.cases[1].tags == ("uebersetzt",)
    assert [document["id"] for document in found.documents] == ["77", "77-1"]
    assert [line.split(":")[1] for line in found.problems] == ["3", "3", "5", "5", "5", "6", "7"]
    assert "„answers“ fehlt" in found.problems[-2]


DOCUMENT = Document(
    id="leitfaden.pdf",
    title="Leitfaden",
    text=CONTEXT + "\nDer Stadtrat beteiligt\n die Bürger.",
    pages=(
        Page(number=1, label="i", span=Span(start=0, end=len(CONTEXT))),
        Page(number=2, label="1", span=Span(start=len(CONTEXT) + 1, end=len(CONTEXT) + 37)),
    ),
)
TABLE = [
    ["Frage", "Erwartet", "Dokument", "Seite", "Beantwortbar"],
    ["Wer beteiligt?", "der stadtrat beteiligt die Bürger", "Leitfaden", "1", "ja"],
    ["Wer beschließt?", "Der Stadtrat", "leitfaden.pdf", "", ""],
    ["Wie lange?", "ein Jahrzehnt", "leitfaden.pdf", "i", ""],
    ["Was kostet der Mond?", "", "", "", "nein"],
    ["Wo?", "dort", "anderes.pdf", "", ""],
    ["Wo?", "dort", "Leitfaden", "99", ""],
    ["Wo?", "", "", "", "vielleicht"],
    ["", "", "", "", ""],
]


def write_table(file: Path, delimiter: str = ";", encoding: str = "utf-8-sig") -> Path:
    if file.suffix == ".xlsx":
        openpyxl = pytest.importorskip("openpyxl", reason="the extra eval brings openpyxl")
        book = openpyxl.Workbook()
        for row in TABLE:
            book.active.append(row)
        book.save(file)
    else:
        file.write_text("\n".join(delimiter.join(row) for row in TABLE), encoding=encoding)
    return file


@pytest.mark.parametrize(
    ("name", "delimiter", "encoding"),
    [("a.csv", ";", "utf-8-sig"), ("b.csv", ",", "utf-8"), ("c.csv", "\t", "cp1252"), ("d.xlsx", "", "")],
)
def test_tables(tmp_path: Path, name: str, delimiter: str, encoding: str) -> None:
    file = write_table(tmp_path / name, delimiter, encoding)

    found = read_foreign(file.suffix[1:], file, lambda: [DOCUMENT])
    write_test_set(found, tmp_path / "out")

    people, council, long, moon = found.cases
    assert people.gold[0].text == "Der Stadtrat beteiligt\n die Bürger"
    assert council.gold[0].span == Span(start=0, end=12)
    assert long.gold[0].text == CONTEXT
    assert long.facts[0].text == "ein Jahrzehnt"
    assert (moon.answerable, moon.id) == (False, "5")
    assert [line.split(":")[1] for line in found.problems if "zählt als erwartete" not in line] == ["6", "7", "8"]


def test_a_table_names_lines_as_an_editor_counts_them_and_loses_no_row(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    lines = ["Frage;Erwartet;Dokument", '"Wer\nist das?";Stadtrat;Leitfaden', ";Stadtrat;", ";;", "Wo?;a;Leitfaden;b;c",
             "Was?;Stadt;Leitfaden"]  # fmt: skip
    file.write_text("\n".join(lines), encoding="utf-8")

    found = read_foreign("csv", file, lambda: [DOCUMENT])

    assert [(case.id, bool(case.gold)) for case in found.cases] == [
        ("3", True),
        ("7", False),
    ]  # "Stadt" is no word here
    assert [line.split(":")[1] for line in found.problems] == ["4", "6", "7"]


def test_dates_and_numbers_of_a_sheet_are_read_as_germans_write_them(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra eval brings openpyxl")
    book = openpyxl.Workbook()
    rows = [["Frage", "Erwartet", "Beantwortbar", "Seite"], ["Seit wann?", datetime(2024, 3, 1), True, 2],
            ["Wie viel?", 12.5, True, 2.0], ["Nie?", None, False, None]]  # fmt: skip
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")

    found = read_foreign("xlsx", tmp_path / "x.xlsx", lambda: [DOCUMENT])

    assert [case.facts[0].text for case in found.cases[:2]] == ["01.03.2024", "12,5"]
    assert [case.answerable for case in found.cases] == [True, True, False]


def test_a_broken_sheet_and_a_torn_table_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl", reason="the extra eval brings openpyxl")
    with ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<a")
    (tmp_path / "x.csv").write_text('Frage\n"ohne Ende', encoding="utf-8")

    for format in ("xlsx", "csv"):
        with pytest.raises(RunError, match="passt nicht zum Format"):
            read_foreign(format, tmp_path / f"x.{format}", lambda: [DOCUMENT])


def test_the_command_reports_and_refuses_to_overwrite(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps(squad(qa("1", "Der Stadtrat", 0), qa("2", "fehlt", 0))), encoding="utf-8")
    call = ["import", "squad", str(file), str(tmp_path / "out")]

    done = CliRunner().invoke(app, call)
    assert done.exit_code == 0
    assert "1 Testfragen zu 1 Dokumenten" in done.output
    assert "„fehlt“" in done.output
    assert len(read_test_set(tmp_path / "out").cases) == 1
    again = CliRunner().invoke(app, call)
    assert "liegt schon etwas" in str(again.exception)
    onto_a_file = CliRunner().invoke(app, [*call[:-1], str(file)])
    assert "liegt schon etwas" in str(onto_a_file.exception)


@pytest.mark.parametrize(
    ("format", "content", "complaint"),
    [
        ("squad", "{}", "passt nicht zum Format"),
        ("squad", "[", "passt nicht zum Format"),
        ("squad", '{"data": []}', "keine brauchbare Testfrage"),
        ("omos", "", "keine brauchbare Testfrage"),
        ("csv", "a;b\n1;2", "keine Spalte „question“"),
        ("xlsx", "kein Zip", "passt nicht zum Format"),
        ("word", "", "ist unbekannt"),
    ],
)
def test_what_is_not_the_format_is_refused(tmp_path: Path, format: str, content: str, complaint: str) -> None:
    file = tmp_path / f"x.{format}"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(RunError, match=complaint):
        read_foreign(format, file, lambda: [DOCUMENT])


def test_beir_without_its_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"corpus\.jsonl ist nicht lesbar"):
        read_foreign("beir", tmp_path, no_documents)
