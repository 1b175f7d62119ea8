"""Real PDFs of public bodies, with passages that must come out whole. They are not part of the repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ingest_support import SHARED, assert_sound

from ingest.failures import Unreadable
from ingest.pdf import read_pdf

PDFS = SHARED / "pdfs"
PROBES = PDFS / "probes.jsonl"

pytestmark = pytest.mark.skipif(not PROBES.exists(), reason="the collection of real PDFs is not on this machine")


def probes() -> list[dict[str, Any]]:
    if not PROBES.exists():
        return []
    return [json.loads(line) for line in PROBES.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("probe", probes(), ids=lambda probe: f"{probe['file']}-{probe['kind']}")
def test_a_probe_comes_out_as_expected(probe: dict[str, Any]) -> None:
    path = PDFS / probe["file"]
    match probe.get("expect"):
        case "no_text_flagged":
            with pytest.raises(Unreadable, match="OCR"):
                read_pdf(path, "x")
        case "clean_error":
            with pytest.raises(Unreadable, match="keine PDF-Datei"):
                read_pdf(path, "x")
        case "header_removed":
            assert probe["text"] not in read_pdf(path, "x").text
        case _:
            document = read_pdf(path, "x")
            assert probe["text"] in document.text
            start = document.text.index(probe["text"])
            pages = {page.number for page in document.pages if page.span.start <= start < page.span.end}
            assert pages == {probe["page"]}


@pytest.mark.parametrize("path", sorted(PDFS.glob("*.pdf")), ids=lambda path: path.stem)
def test_whatever_is_read_is_sound_and_located(path: Path) -> None:
    try:
        document = read_pdf(path, "x")
    except Unreadable:
        return
    assert_sound(document)
    pages = {page.number: page for page in document.pages}
    for sentence in document.sentences:
        assert sentence.boxes
        for number, boxes in sentence.boxes.items():
            page = pages[number]
            assert all(-1 <= box.x0 < box.x1 <= page.width + 1 for box in boxes)
            assert all(-1 <= box.y0 < box.y1 <= page.height + 1 for box in boxes)
