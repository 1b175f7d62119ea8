"""The comparison without each part of search really leaves that part out, and the rest as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.domain import Query
from assistant.embedding import Embedder
from assistant.german import Analyzer
from assistant.lexical import LexicalIndex
from scripts.ablation import PRODUCT, Unfolded, Unmended, Unsplit, Unstemmed, WithoutUnits, retrievers

TEXTS = [
    "Recht\nDie Bücherei erhält den Bescheid nach § 5 Abs. 2.",
    "Recht\nDer Bescheid über die Zuwendungen gilt.",
] * 2


@pytest.mark.parametrize(
    ("analysis", "same"),
    [
        (Analyzer, {("Bücherei", "Buechereien"), ("Bescheid", "Bescheide"), ("Bescheid", "Zuwendungsbescheid")}),
        (Unstemmed, {("Bücherei", "Buecherei")}),
        (Unfolded, {("Bescheid", "Bescheide"), ("Bescheid", "Zuwendungsbescheid")}),
        (Unsplit, {("Bücherei", "Buechereien"), ("Bescheid", "Bescheide")}),
    ],
)
def test_an_analysis_lacks_one_thing(analysis: type[Analyzer], same: set[tuple[str, str]]) -> None:
    pairs = {
        ("Bücherei", "Buecherei"),
        ("Bücherei", "Buechereien"),
        ("Bescheid", "Bescheide"),
        ("Bescheid", "Zuwendungsbescheid"),
    }
    analyzer = analysis.learn(TEXTS)

    met = {(one, other) for one, other in pairs if set(analyzer.terms(one)) & set(analyzer.terms(other))}

    assert met - {("Bücherei", "Buecherei")} == same - {("Bücherei", "Buecherei")}
    assert (("Bücherei", "Buecherei") in met) == (analysis is not Unfolded)


def test_values_and_typing_errors_are_left_alone() -> None:
    asked, typed = "§ 5 (2)", "Bescheiid"

    assert LexicalIndex.build(TEXTS).scores(asked)[0] > WithoutUnits.build(TEXTS).scores(asked)[0]
    assert LexicalIndex.build(TEXTS).mended(typed) == "Bescheid"
    assert Unmended.build(TEXTS).mended(typed) == typed


def test_every_variant_searches(small_index: Path, embedder: Embedder, tmp_path: Path) -> None:
    found = {
        name: retriever.retrieve(Query(question="Wer beschließt das Entwicklungskonzept?"), 3).hits[0].passage.document
        for name, retriever in retrievers(small_index, embedder, tmp_path)
    }

    assert next(iter(found)) == PRODUCT
    assert len(found) > 10
    assert set(found.values()) == {"leitfaden.md"}
