"""DOCX to blocks: paragraphs by their style, list items, tables and footnotes, without macros or fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.domain import Document, SentenceKind
from ingest.blocks import Block
from ingest.documents import Facts
from ingest.failures import Unreadable
from ingest.faq import Anchored, document_of
from ingest.german import SOURCES
from ingest.packages import Package, open_package
from ingest.rows import row_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HEADING = re.compile(r"(?:heading|überschrift|title|titel)\s*(\d)?", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|verzeichnis|table of figures|inhalt)", re.IGNORECASE)
_UNSEEN = (f"{_W}del", f"{_W}drawing", f"{_W}pict", f"{_W}object", f"{_COMPATIBILITY}AlternateContent")
_DEEPEST = 30


def read_docx(path: Path, id: str) -> Document:
    """The document in a DOCX file.

    Raises:
        Unreadable: if it is no DOCX, encrypted, too large, or empty.
    """
    with open_package(path) as package:
        styles = _styles(package)
        notes = _notes(package)
        dated = package.dated("docProps/core.xml")
        body = package.xml("word/document.xml").find(f"{_W}body")
        blocks = list(_blocks(body, styles, notes)) if body is not None else []
    if not blocks:
        raise Unreadable("empty")
    heading = next((block.text for block in blocks if block.kind is SentenceKind.HEADING), path.stem)
    return document_of(id, [Anchored(block=block) for block in blocks], Facts(title=heading, dated=dated))


def _blocks(parent: Element, styles: Mapping[str, str], notes: Mapping[str, str], depth: int = 0) -> Iterator[Block]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, styles, notes)
        elif child.tag == f"{_W}tbl":
            yield from _table(child)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}smartTag") and depth < _DEEPEST:
            yield from _blocks(child, styles, notes, depth + 1)


def _paragraph(paragraph: Element, styles: Mapping[str, str], notes: Mapping[str, str]) -> Iterator[Block]:
    text = _text(paragraph)
    style = styles.get(_value(paragraph, f"{_W}pPr/{_W}pStyle"), "")
    if text and not _CONTENTS.match(style):
        level = _level(paragraph, style)
        yield Block(kind=_kind(paragraph, style, text, level), text=text, level=level)
    for item in paragraph.iter():
        note = notes.get(item.tag + item.get(f"{_W}id", "")) if item.tag.endswith("noteReference") else None
        if note:
            yield Block(kind=SentenceKind.NOTE, text=note)


def _kind(paragraph: Element, style: str, text: str, level: int) -> SentenceKind:
    if level:
        return SentenceKind.HEADING
    if SOURCES.match(text):
        return SentenceKind.NOTE
    listed = paragraph.find(f"{_W}pPr/{_W}numPr") is not None or style.lower().startswith(("list", "aufzählung"))
    return SentenceKind.ITEM if listed else SentenceKind.PROSE


def _level(paragraph: Element, style: str) -> int:
    """The depth of a heading, by its outline level or its style; 0 for any other paragraph."""
    outline = _value(paragraph, f"{_W}pPr/{_W}outlineLvl")
    if outline.isdigit() and int(outline) < 9:
        return int(outline) + 1
    heading = _HEADING.match(style)
    return int(heading[1] or 1) if heading else 0


def _table(table: Element) -> Iterator[Block]:
    """Rows with the first row as their header; a table of one row or column is mere layout."""
    rows = [[_cell(cell) for cell in row.iter(f"{_W}tc")] for row in table.iter(f"{_W}tr")]
    widest = max(map(len, rows), default=0)
    if len(rows) < 2 or widest < 2:
        texts = [text for row in rows for cell in row for text in cell if text]
        yield from (Block(kind=SentenceKind.PROSE, text=text) for text in texts)
        return
    header = [" ".join(cell) for cell in rows[0]]
    for row in rows[1:]:
        text = row_text(header, [" ".join(cell) for cell in row])
        if text:
            yield Block(kind=SentenceKind.ROW, text=text)


def _cell(cell: Element) -> Sequence[str]:
    return [_text(paragraph) for paragraph in cell.iter(f"{_W}p")]


def _text(paragraph: Element) -> str:
    """What a reader sees of a paragraph: no deleted text, no field codes, nothing in boxes that float elsewhere."""
    return " ".join("".join(_pieces(paragraph)).replace("\u00ad", "").split())


def _pieces(element: Element, depth: int = 0) -> Iterator[str]:
    for item in element:
        if item.tag == f"{_W}t":
            yield item.text or ""
        elif item.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            yield " "
        elif item.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif item.tag not in _UNSEEN and depth < _DEEPEST:
            yield from _pieces(item, depth + 1)


def _styles(package: Package) -> Mapping[str, str]:
    """The names of paragraph styles by their id."""
    if not package.has("word/styles.xml"):
        return {}
    styles = package.xml("word/styles.xml").iter(f"{_W}style")
    return {style.get(f"{_W}styleId", ""): _value(style, f"{_W}name") for style in styles}


def _notes(package: Package) -> Mapping[str, str]:
    """The footnotes and endnotes by the tag and id that refer to them."""
    notes = {}
    for kind in ("footnote", "endnote"):
        name = f"word/{kind}s.xml"
        if package.has(name):
            for note in package.xml(name).iter(f"{_W}{kind}"):
                key = f"{_W}{kind}Reference{note.get(f'{_W}id', '')}"
                notes[key] = " ".join(filter(None, map(_text, note.iter(f"{_W}p"))))
    return notes


def _value(parent: Element, path: str) -> str:
    found = parent.find(path)
    return found.get(f"{_W}val", "") if found is not None else ""
