"""Reports: every figure also as a table, nothing from elsewhere, and small."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from eval_support import synthetic
from typer.testing import CliRunner

from eval.commands import app
from eval.errors import RunError
from eval.report.content import content_of
from eval.report.failures import KINDS, failures
from eval.report.write import write_report
from eval.runs import Run

pytest.importorskip("matplotlib", reason="the extra eval brings matplotlib")

FIGURES = ("recall", "systems", "differences", "risk", "calibration", "confusion", "slices", "times", "stages",
           "robustness")  # fmt: skip


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    """The product, two baselines and two robustness variants."""
    return [
        synthetic(200, 0.85, "product"),
        synthetic(200, 0.6, "bm25"),
        synthetic(200, 0.7, "passages"),
        synthetic(200, 0.7, "product", "typos"),
        synthetic(200, 0.8, "product", "lowercase"),
    ]


@pytest.fixture(scope="module")
def folder(runs: list[Run], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report over them."""
    return write_report(runs, tmp_path_factory.mktemp("report")).parent


class Outline(HTMLParser):
    """Collects what the tests ask about."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def outline(folder: Path) -> Outline:
    parsed = Outline()
    parsed.feed((folder / "report.html").read_text("utf-8"))
    return parsed


def test_every_figure_is_there_with_its_data_and_its_words(folder: Path) -> None:
    html = (folder / "report.html").read_text("utf-8")
    for key in FIGURES:
        section = html[html.index(f'<section id="{key}"') :].split("</section>")[0]
        assert '<svg xmlns="http://www.w3.org/2000/svg"' in section
        assert re.search(r"<title id=[^>]*>[^<]+</title><desc id=[^>]*>[^<]+</desc>", section)
        assert "<table><caption>" in section
        assert 'lang="en">' in section


def test_nothing_comes_from_elsewhere_and_nothing_runs(folder: Path) -> None:
    tags = outline(folder).tags
    assert not [tag for tag, _ in tags if tag in {"script", "link", "iframe", "img", "object", "embed"}]
    addresses = [value for _, names in tags for name, value in names.items() if name in {"href", "src", "xlink:href"}]
    assert addresses
    assert all(address and address.startswith("#") for address in addresses)
    assert "alert(" in (folder / "report.html").read_text("utf-8")


def test_ids_are_unique_and_every_reference_has_its_target(folder: Path) -> None:
    tags = outline(folder).tags
    ids = [names["id"] for _, names in tags if "id" in names]
    assert len(ids) == len(set(ids))
    html = (folder / "report.html").read_text("utf-8")
    targets = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', html))
    assert {one or other for one, other in targets} <= set(ids)


def test_colours_follow_the_reader_s_theme(folder: Path) -> None:
    drawings = re.findall(r"<svg.*?</svg>", (folder / "report.html").read_text("utf-8"), re.DOTALL)
    assert len(drawings) == len(FIGURES)
    for drawing in drawings:
        assert "var(--ink)" in drawing
        assert not re.search(r"#[0-9a-f]{6}\b", drawing)


def test_a_thousand_cases_give_less_than_five_megabytes(tmp_path: Path) -> None:
    file = write_report([synthetic(1000, 0.5, "product"), synthetic(1000, 0.4, "bm25")], tmp_path)

    assert file.stat().st_size < 5_000_000


def test_markdown_and_json_hold_the_same_numbers(runs: list[Run], folder: Path) -> None:
    numbers = json.loads((folder / "report.json").read_text("utf-8"))
    markdown = (folder / "report.md").read_text("utf-8")

    assert [run["record"]["name"] for run in numbers["runs"]] == ["product", "bm25", "passages"]
    recall = numbers["runs"][0]["measures"]["recall@5"]
    assert recall["low"] <= recall["value"] <= recall["high"]
    assert recall["n"] == 160
    assert f"{recall['value']:.3f}".replace(".", ",") in markdown
    assert numbers["failed"] == len(failures(runs[0].results))
    assert set(FIGURES) <= set(numbers["panels"])
    assert "\\<script\\>" in markdown


def test_the_worst_failures_come_first(runs: list[Run]) -> None:
    found = failures(runs[0].results)
    assert [KINDS.index(failure.kind) for failure in found] == sorted(KINDS.index(failure.kind) for failure in found)
    assert {"invented", "refused", "wrong_place"} <= {failure.kind for failure in found}
    assert "S. " in found[-1].gold[0]


def test_a_run_of_retrieval_only_gives_a_report_too(tmp_path: Path) -> None:
    whole = synthetic(20, 0.8, "product")
    only = Run(record=whole.record, results=tuple(replace(result, answer=None) for result in whole.results))

    html = write_report([only], tmp_path).read_text("utf-8")

    assert '<section id="recall"' in html
    assert '<section id="confusion"' not in html


def test_runs_of_one_name_are_told_apart(tmp_path: Path) -> None:
    html = write_report([synthetic(30, 0.9, "product"), synthetic(30, 0.5, "product", seed=1)], tmp_path).read_text(
        "utf-8"
    )

    recall = html[html.index('<section id="recall"') :].split("</section>")[0]
    assert '<th scope="row">product</th>' in recall
    assert '<th scope="row">product (2)</th>' in recall


def test_long_names_leave_room_for_the_drawing(tmp_path: Path) -> None:
    name = "product " + " ".join(f"--set answer.threshold=0.{at}" for at in range(9)) + " 漢字 \x01 ende"
    run = synthetic(40, 0.8, name)
    tagged = [replace(item, case=replace(item.case, tags=(f"{at % 4} " + "lang " * 30,))) for at, item in
              enumerate(run.results)]  # fmt: skip

    # Warnings are errors here: matplotlib warns when labels leave no room.
    html = write_report([replace(run, results=tuple(tagged)), synthetic(40, 0.6, name + "2")], tmp_path).read_text(
        "utf-8"
    )

    drawings = " ".join(re.findall(r"<svg.*?</svg>", html, re.DOTALL))
    assert re.search(r"product --set answer\.threshold\S*…", drawings)
    assert "\x01" not in re.sub(r"<desc.*?</desc>", "", drawings)


def test_a_report_without_bm25_says_how_to_get_one(tmp_path: Path) -> None:
    product = synthetic(20, 0.8, "product")
    bm25 = synthetic(20, 0.6, "x")
    bm25 = replace(bm25, record=replace(bm25.record, system="bm25"))
    told = "--system bm25"

    alone, beside = (write_report(runs, tmp_path / str(len(runs))) for runs in ([product], [product, bm25]))

    assert told in alone.read_text("utf-8")
    assert told in (alone.parent / "report.md").read_text("utf-8")
    assert told not in beside.read_text("utf-8")


def test_what_a_measure_leaves_out_is_said(folder: Path) -> None:
    html = (folder / "report.html").read_text("utf-8")
    measures = html[html.index('<section id="measures"') :].split("</section>")[0]
    assert "<td>160 von 200</td>" in measures


def test_lists_that_are_shorter_than_k_leave_recall_out_of_the_curve(tmp_path: Path) -> None:
    whole = synthetic(20, 0.8, "product")
    short = replace(whole, results=tuple(replace(result, depth=10) for result in whole.results))

    recall = write_report([short], tmp_path).read_text("utf-8").split('<section id="recall"')[1].split("</section>")[0]

    assert "<td>–</td>" in recall
    assert "nan" not in recall.casefold()


def test_runs_over_different_test_sets_are_refused() -> None:
    other = synthetic(5, 0.8, "x")
    other = Run(
        record=replace(other.record, cases={"name": "andere", "digest": "e", "number": 5}), results=other.results
    )

    with pytest.raises(RunError, match="andere, probe"):
        content_of([synthetic(5, 0.8, "x"), other])


def test_the_command_writes_a_report(tmp_path: Path) -> None:
    from eval.runs import append_result, write_record

    run = synthetic(10, 0.8, "product")
    write_record(tmp_path, run.record)
    for result in run.results:
        append_result(tmp_path, result)

    done = CliRunner().invoke(app, ["report", str(tmp_path), "--out", str(tmp_path / "out")])

    assert done.exit_code == 0, done.output
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"report.html", "report.md", "report.json"}
