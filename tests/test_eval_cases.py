"""Cases are checked as a whole, and every fault is named by file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.cases import case_from_json, case_json, check_places, read_cases
from eval.errors import CasesError, RunError
from eval.jsonl import write_lines
from eval.testsets import read_test_set

GOOD = {
    "id": "1",
    "question": "Wer beschließt das INSEK?",
    "answerable": True,
    "gold": [{"document": "a", "start": 0, "end": 13, "text": "Der Stadtrat "}],
    "documents": ["a"],
    "history": [{"question": "Was ist ein INSEK?", "answer": "Ein Konzept."}],
    "tags": ["prozess"],
    "facts": ["Stadtrat", {"pattern": "Stadt(rat|verordnete)"}],
    "expected": "answered",
}
TEXTS = {"a": "Der Stadtrat beschließt das INSEK."}


def write(folder: Path, *lines: Any) -> Path:
    file = folder / "cases.jsonl"
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    file.write_text(text, encoding="utf-8")
    return file


def problems(file: Path) -> list[str]:
    with pytest.raises(CasesError) as caught:
        check_places(file, read_cases(file), TEXTS)
    return list(caught.value.problems)


def test_a_good_case_survives_reading_and_writing(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD)
    [case] = read_cases(file)
    check_places(file, [case], TEXTS)

    assert case_from_json(case_json(case)) == case
    assert case.query().documents == ("a",)
    assert case.line == 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"id": None}, "„id“"),
        ({"id": 7}, "„id“"),
        ({"question": "  "}, "„question“"),
        ({"answerable": "ja"}, "„answerable“"),
        ({"gold": {"document": "a"}}, "„gold“ muss eine Liste"),
        ({"gold": ["a"]}, "Liste von Objekten"),
        ({"gold": [{"document": "a", "start": "0", "end": 3}]}, "„gold[0].start“"),
        ({"gold": [{"document": "a", "start": 3, "end": 3}]}, "3..3 ist leer"),
        ({"gold": [{"document": "a", "start": 30, "end": 99}]}, "außerhalb von „a“ (34 Zeichen)"),
        ({"gold": [{"document": "b", "start": 0, "end": 3}]}, "„b“ gibt es nicht"),
        (
            {"gold": [{"document": "a", "start": 0, "end": 3, "text": "Stadtrat"}]},
            "steht „Der“ statt „Stadtrat“ (4..12)",
        ),
        ({"documents": ["a", "c"]}, "„c“ gibt es nicht"),
        ({"documents": "a"}, "„documents“ muss eine Liste"),
        ({"tags": [1]}, "„tags“"),
        ({"facts": [{"pattern": "("}]}, "„facts“"),
        ({"expected": "vielleicht"}, "„expected“"),
        ({"answerable": False}, "nicht beantwortbare Frage"),
        ({"history": [{"answer": "x"}]}, "„history[0].question“ fehlt"),
    ],
)
def test_each_fault_is_named_by_file_and_line(tmp_path: Path, change: dict[str, Any], expected: str) -> None:
    file = write(tmp_path, GOOD, {**GOOD, "id": "2", **change})

    found = problems(file)

    assert len(found) == 1
    assert found[0].startswith(f"{file}:2: ")
    assert expected in found[0]


def test_all_faults_of_a_file_are_shown_at_once(tmp_path: Path) -> None:
    file = write(tmp_path, "{nonsense", "[1]", {}, GOOD, GOOD)

    found = problems(file)

    assert [line.split(":")[1] for line in found] == ["1", "2", "3", "3", "3", "5"]
    assert "steht schon in Zeile 4" in found[-1]


def test_quotes_may_differ_in_blanks_only(tmp_path: Path) -> None:
    gold = {"document": "a", "start": 4, "end": 12, "text": " Stadtrat\n"}
    file = write(tmp_path, {**GOOD, "gold": [gold]})

    check_places(file, read_cases(file), TEXTS)


def test_blank_lines_and_a_byte_order_mark_are_no_faults(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("\ufeff" + json.dumps(GOOD) + "\r\n\r\n", encoding="utf-8")

    assert len(read_cases(file)) == 1


def test_an_empty_file_holds_no_cases(tmp_path: Path) -> None:
    assert "keine einzige Testfrage" in problems(write(tmp_path, ""))[0]


def test_a_folder_brings_its_documents(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write_lines(tmp_path / "documents.jsonl", [{"id": "a", "text": TEXTS["a"]}])

    test_set = read_test_set(tmp_path)

    assert test_set.documents == tmp_path / "documents.jsonl"
    assert test_set.name == tmp_path.name


def test_cases_beside_wrong_documents_are_refused_before_anything_runs(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write_lines(tmp_path / "documents.jsonl", [{"id": "a", "text": "Etwas ganz anderes steht hier."}, {"id": "a"}])

    with pytest.raises(CasesError, match=r"documents\.jsonl:2"):
        read_test_set(tmp_path)


def test_a_folder_of_case_files_is_one_test_set(tmp_path: Path) -> None:
    write_lines(tmp_path / "one.jsonl", [GOOD])
    write_lines(tmp_path / "two.jsonl", [{**GOOD, "id": "2"}])
    assert [case.id for case in read_test_set(tmp_path).cases] == ["1", "2"]

    write_lines(tmp_path / "two.jsonl", [GOOD])
    with pytest.raises(CasesError, match=r"two\.jsonl:1.*one\.jsonl"):
        read_test_set(tmp_path)


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="keine Testfragen"):
        read_test_set(tmp_path)
    with pytest.raises(RunError, match="keine Testfragen"):
        read_test_set(tmp_path / "missing")
