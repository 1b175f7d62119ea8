"""ODT to blocks: headings, paragraphs, list items, tables and notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.domain import Document, SentenceKind
from ingest.blocks import Block
from ingest.documents import Facts
from ingest.failures import Unreadable
from ingest.faq import Anchored, document_of
from ingest.german import SOURCES
from ingest.packages import open_package
from ingest.rows import row_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_HIDDEN = (f"{_TEXT}note", f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}table-of-content")
_DEEPEST = 50


def read_odt(path: Path, id: str) -> Document:
    """The document in an ODT file.

    Raises:
        Unreadable: if it is no ODT, encrypted, too large, or empty.
    """
    with open_package(path) as package:
        dated = package.dated("meta.xml")
        body = package.xml("content.xml").find(f"{_OFFICE}body/{_OFFICE}text")
    blocks = list(_blocks(body, SentenceKind.PROSE)) if body is not None else []
    if not blocks:
        raise Unreadable("empty")
    heading = next((block.text for block in blocks if block.kind is SentenceKind.HEADING), path.stem)
    return document_of(id, [Anchored(block=block) for block in blocks], Facts(title=heading, dated=dated))


def _blocks(parent: Element, kind: SentenceKind, depth: int = 0) -> Iterator[Block]:
    for child in parent:
        if child.tag in _HIDDEN or depth > _DEEPEST:
            continue
        if child.tag == f"{_TEXT}h":
            level = int(child.get(f"{_TEXT}outline-level", "1"))
            yield from _block(child, SentenceKind.HEADING, level)
        elif child.tag == f"{_TEXT}p":
            yield from _block(child, kind)
        elif child.tag == f"{_TABLE}table":
            yield from _table(child)
        else:
            inside = SentenceKind.ITEM if child.tag == f"{_TEXT}list-item" else kind
            yield from _blocks(child, inside, depth + 1)


def _block(element: Element, kind: SentenceKind, level: int = 0) -> Iterator[Block]:
    text = _shown(element)
    if text:
        noted = kind is SentenceKind.PROSE and SOURCES.match(text)
        yield Block(kind=SentenceKind.NOTE if noted else kind, text=text, level=level)
    for note in element.iter(f"{_TEXT}note-body"):
        inside = _shown(note)
        if inside:
            yield Block(kind=SentenceKind.NOTE, text=inside)


def _table(table: Element) -> Iterator[Block]:
    rows = [[_shown(cell) for cell in row.iter(f"{_TABLE}table-cell")] for row in table.iter(f"{_TABLE}table-row")]
    for row in rows[1:]:
        text = row_text(rows[0], row)
        if text:
            yield Block(kind=SentenceKind.ROW, text=text)


def _shown(element: Element) -> str:
    return " ".join("".join(_pieces(element)).replace("\u00ad", "").split())


def _pieces(element: Element, depth: int = 0) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break", f"{_TEXT}p"):
            yield " "
        if child.tag not in _HIDDEN and depth < _DEEPEST:
            yield from _pieces(child, depth + 1)
        yield child.tail or ""
