"""A question is asked of the documents its filters let pass: by id, kind and date of validity."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from assistant.domain import DocumentSummary, Query
from assistant.errors import InputError
from assistant.scope import scoped
from assistant.service import Assistant
from ui.cli import run

DOCUMENTS = [
    DocumentSummary(id=id, title=id, kind=kind, url="", stand=stand, sha256="", pages=0, characters=1)
    for id, kind, stand in [
        ("alt", "faq", "2020"),
        ("mai", "faq", "2024-05"),
        ("tag", "guideline", "2024-05-17"),
        ("ohne", "document", ""),
        ("wirr", "document", "Frühjahr"),
    ]
]
QUESTION = "Was kostet die Beratung durch die Musterstelle?"


def passing(**filters: object) -> tuple[str, ...]:
    return scoped(Query(question="Wer?", **filters), lambda: DOCUMENTS).documents  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        ({}, ()),
        ({"documents": ("alt", "fehlt")}, ("alt", "fehlt")),
        ({"kinds": ("faq",)}, ("alt", "mai")),
        ({"kinds": ("faq", "document")}, ("alt", "mai", "ohne", "wirr")),
        ({"kinds": ("faq",), "documents": ("mai", "tag")}, ("mai",)),
        ({"stand_from": "2024"}, ("mai", "tag")),
        ({"stand_from": "2024-05-18"}, ("mai",)),
        ({"stand_to": "2024-05-16"}, ("alt", "mai")),
        ({"stand_to": "2020-06"}, ("alt",)),
        ({"stand_from": "2020-12-31", "stand_to": "2024-05-01"}, ("alt", "mai")),
        ({"stand_from": "2024-05", "kinds": ("guideline",)}, ("tag",)),
    ],
)
def test_the_documents_that_pass_are_the_scope(filters: dict[str, object], documents: tuple[str, ...]) -> None:
    assert passing(**filters) == documents


@pytest.mark.parametrize(
    ("filters", "complaint"),
    [
        ({"kinds": ("gesetz",)}, "„gesetz“.*document, faq, guideline"),
        ({"stand_from": "gestern"}, "„gestern“ ist kein Datum"),
        ({"stand_to": "2023-02-29"}, "kein Datum"),
        ({"stand_to": "0000"}, "kein Datum"),
        ({"stand_from": "2024-13"}, "kein Datum"),
        ({"stand_from": "2025"}, "Kein Dokument"),
        ({"stand_from": "2024", "stand_to": "2020"}, "Kein Dokument"),
        ({"kinds": ("faq",), "documents": ("tag",)}, "Kein Dokument"),
    ],
)
def test_what_cannot_pass_anything_is_refused(filters: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        passing(**filters)


def test_hits_and_answers_keep_to_the_filters(small_assistant: Assistant) -> None:
    found = small_assistant.search(Query(question=QUESTION, kinds=("guideline",)))
    answer = small_assistant.ask(Query(question=QUESTION, stand_from="2024-04", stand_to="2024-12"))

    assert {hit.passage.document for hit in found.hits} == {"leitfaden.md"}
    assert {citation.document for citation in answer.citations} == {"faq.md"}


def test_the_command_line_filters(small_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = ["--index", str(small_index), "--json"]

    assert run(["search", QUESTION, "--kind", "guideline", "--kind", "faq", "--stand-to", "2024-03", *index]) == 0
    assert {hit["document"] for hit in json.loads(capsys.readouterr().out)["hits"]} == {"leitfaden.md"}
    assert run(["ask", QUESTION, "--kind", "gesetz", *index]) == 1
    assert "„gesetz“" in capsys.readouterr().err


def test_a_batch_line_filters(small_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    batch = tmp_path / "fragen.jsonl"
    batch.write_text(
        json.dumps({"id": "1", "question": QUESTION, "kinds": ["guideline"]})
        + "\n"
        + json.dumps({"id": "2", "question": QUESTION, "stand_from": "morgen"}),
        encoding="utf-8",
    )

    assert run(["search", "--batch", str(batch), "--index", str(small_index)]) == 1
    good, bad = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert {hit["document"] for hit in good["hits"]} == {"leitfaden.md"}
    assert bad["error"]["code"] == "date_invalid"


def test_the_api_filters_and_repeats_nothing(client: httpx.Client) -> None:
    asked = {"question": QUESTION, "kinds": ["faq"], "stand_from": "2024"}
    answer = client.post("/api/ask", json=asked).json()
    found = client.get("/api/search", params={"question": QUESTION, "kinds": "guideline", "stand_to": "2024"}).json()
    refused = client.get("/api/search", params={"question": QUESTION, "kinds": "geheim"})

    assert {citation["document"] for citation in answer["citations"]} == {"faq.md"}
    assert {hit["document"] for hit in found["hits"]} == {"leitfaden.md"}
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "kind_unknown"
    assert "geheim" not in refused.text
