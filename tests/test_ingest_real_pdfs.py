"""Real PDFs of public bodies, with passages that must come out whole. They are not part of the repository."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from defusedxml.ElementTree import fromstring
from ingest_support import SHARED, assert_sound

from ingest.failures import Unreadable
from ingest.pdf import read_pdf

PDFS = SHARED / "pdfs"
PROBES = PDFS / "probes.jsonl"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

pytestmark = pytest.mark.skipif(not PROBES.exists(), reason="the collection of real PDFs is not on this machine")


def probes() -> list[dict[str, Any]]:
    if not PROBES.exists():
        return []
    return [json.loads(line) for line in PROBES.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("probe", probes(), ids=lambda probe: f"{probe['file']}-{probe['kind']}")
def test_a_probe_comes_out_as_expected(probe: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    path = PDFS / probe["file"]
    match probe.get("expect"):
        case "no_text_flagged":
            # Where Tesseract is installed, it is read and marked as such.
            monkeypatch.setenv("PATH", "/nonexistent")
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


def test_the_words_of_the_source_are_found_in_its_pdf_in_order() -> None:
    with ZipFile(PDFS / "dcatapde_1.1_implrules.docx") as package:
        [body] = fromstring(package.read("word/document.xml"))
    # Its tables stand beside the paragraphs; what is neither text nor part of a word is a break or a tabulator.
    blank = {f"{WORD}br", f"{WORD}tab", f"{WORD}p"}
    parts = (part for paragraph in body.findall(f"{WORD}p") for part in paragraph.iter())
    wanted = words(
        "".join(" " if part.tag in blank else part.text or "" for part in parts if part.tag in {*blank, f"{WORD}t"})
    )
    found = words(read_pdf(PDFS / "dcatapde_1.1_implrules.pdf", "x").text)

    assert recall(wanted, found, 1) >= 0.985
    assert recall(wanted, found, 5) >= 0.92


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def recall(wanted: list[str], found: list[str], length: int) -> float:
    """The share of the runs of ``length`` words, however often each comes, that are found as well."""
    runs, there = (Counter(zip(*(of[start:] for start in range(length)), strict=False)) for of in (wanted, found))
    return (runs & there).total() / runs.total()


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
