"""The examples of docs/retrieval.md run as they stand, and what is around a hit can be fetched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from langchain_core.messages import ToolCall

from assistant.chain import FundstelleRetriever, search_tool
from assistant.domain import Query
from assistant.service import Assistant
from assistant.synonym_lists import read_synonyms

DOCS = (Path(__file__).resolve().parents[1] / "docs" / "retrieval.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", examples("python"))
def test_an_example_runs(
    example: str, small_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUNDSTELLE_INDEX", str(small_index))

    exec(compile(example, "docs/retrieval.md", "exec"), {})

    assert "faq.md" in capsys.readouterr().out


def test_the_list_of_synonyms_is_one(tmp_path: Path) -> None:
    (example,) = examples("toml")
    file = tmp_path / "synonyms.toml"
    file.write_text(example, encoding="utf-8")

    assert len(read_synonyms(file)) == 3


def test_neighbours_and_section_of_a_hit_can_be_fetched(small_assistant: Assistant) -> None:
    (hit,) = small_assistant.search(
        Query(question="Wann wird das Konzept überprüft?", documents=("leitfaden.md",)), 1
    ).hits
    text = small_assistant.document("leitfaden.md").text

    section = small_assistant.section(hit.passage)
    before, after = small_assistant.neighbours(hit.passage)
    assert section is not None
    assert section.path[-1] == "Fortschreibung"
    assert section.span.covers(hit.passage.span)
    assert "Gemeinderat" in before.span.of(text)
    assert "Befragung" in after.span.of(text)
    assert small_assistant.neighbours(hit.passage, 0) == ()
    assert small_assistant.neighbours(before, 9) == (hit.passage, after)


def test_an_agent_gets_places_with_its_passages(small_assistant: Assistant) -> None:
    tool = search_tool(FundstelleRetriever(assistant=small_assistant, k=2))
    call = ToolCall(name="fundstelle", args={"query": "Wo sitzt die Musterstelle?"}, id="1", type="tool_call")
    message = tool.invoke(call)

    assert tool.name == "fundstelle"
    assert "[faq.md; " in message.content
    assert "Leipzig" in message.content
    assert message.artifact[0].metadata["document"] == "faq.md"
