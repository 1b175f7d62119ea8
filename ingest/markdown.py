"""Markdown to blocks: CommonMark with tables, footnotes, front matter and Pandoc's attributes and fenced boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from assistant.domain import Document, SentenceKind
from ingest.blocks import Block
from ingest.documents import Facts
from ingest.failures import Unreadable
from ingest.faq import Anchored, document_of
from ingest.rows import row_text
from ingest.text_files import read_text

_ATTRIBUTES = re.compile(r"\s*\{(?P<inner>[^{}]*)\}\s*$")
_ID = re.compile(r"#([\w.:-]+)")
_FENCE = re.compile(r"^:{3,}.*$", re.MULTILINE)
_CAPTION = re.compile(r"^:\s+")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(slots=True)
class _Found:
    blocks: list[Anchored] = field(default_factory=list)
    notes: Mapping[int, Sequence[Block]] = field(default_factory=dict)

    def add(self, kind: SentenceKind, text: str, level: int = 0, anchor: str = "") -> None:
        text = " ".join(text.split())
        if text:
            self.blocks.append(Anchored(block=Block(kind=kind, text=text, level=level), anchor=anchor))


def read_markdown(path: Path, id: str, kind: str = "") -> Document:
    """A Markdown file; ``kind`` is what the manifest says it is.

    Raises:
        Unreadable: if it is no text file, or holds no text.
    """
    front, blocks = parse(read_text(path))
    if not blocks:
        raise Unreadable("empty")
    heading = next((item.block.text for item in blocks if item.block.kind is SentenceKind.HEADING), path.stem)
    return document_of(id, blocks, Facts(kind=kind).over(front).over(Facts(title=heading)))


def as_html(text: str) -> str:
    """A Markdown text of our own or of the operator's as HTML. HTML in it stays text."""
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def parse(text: str) -> tuple[Facts, list[Anchored]]:
    """The facts of the front matter and the blocks of a Markdown text."""
    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).use(footnote_plugin)
    tokens = parser.parse(_FENCE.sub("", text))
    front = next((token.content for token in tokens if token.type == "front_matter"), "")
    tree = SyntaxTreeNode(tokens)
    found = _Found(notes=_notes(tree))
    for node in tree.children:
        _block(node, found)
    return front_matter(front), found.blocks


def front_matter(text: str) -> Facts:
    """``key: value`` lines; quotes around values and unknown keys do not matter."""
    pairs = (line.partition(":") for line in text.splitlines() if not line.startswith((" ", "#")))
    values = {key.strip().lower(): value.strip().strip("\"'") for key, _, value in pairs}
    return Facts(**{key: values.get(key, "") for key in ("title", "kind", "url", "stand", "notice")})


def _block(node: SyntaxTreeNode, found: _Found, marker: str = "") -> None:
    """Add the blocks of ``node``. ``marker`` is set inside a list item: its number, or a blank for a bullet."""
    kind = SentenceKind.ITEM if marker else SentenceKind.PROSE
    match node.type:
        case "heading":
            _heading(node, found)
        case "paragraph":
            found.add(kind, marker + _CAPTION.sub("", _without_attributes(inline(node))))
            _add_notes(node, found)
        case "bullet_list" | "ordered_list":
            _list(node, found)
        case "table":
            _table(node, found)
        case "code_block" | "fence":
            found.add(kind, node.content)
        case "html_block":
            found.add(kind, _TAG.sub(" ", node.content))
        case "front_matter" | "footnote_block" | "hr":
            pass
        case _:
            for child in node.children:
                _block(child, found)


def _heading(node: SyntaxTreeNode, found: _Found) -> None:
    text = inline(node)
    attributes = _ATTRIBUTES.search(text)
    anchor = _ID.search(attributes["inner"]) if attributes else None
    level = int(node.tag[1:])
    found.add(SentenceKind.HEADING, _without_attributes(text), level, anchor[1] if anchor else "")
    _add_notes(node, found)


def _list(node: SyntaxTreeNode, found: _Found) -> None:
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, start=first):
        marker = f"{number}{item.markup} " if node.type == "ordered_list" else " "
        for child in item.children:
            _block(child, found, marker)
            # Only the first paragraph of an item carries its number.
            marker = " "


def _table(node: SyntaxTreeNode, found: _Found) -> None:
    rows = [[inline(cell) for cell in row.children] for part in node.children for row in part.children]
    for row in rows[1:]:
        found.add(SentenceKind.ROW, row_text(rows[0], row))
    _add_notes(node, found)


def inline(node: SyntaxTreeNode) -> str:
    """The text of ``node`` as a reader sees it: no markup, no footnote marks, pictures by their description."""
    tokens = [token for inner in node.walk() if inner.type == "inline" for token in (inner.token,) if token]
    return " ".join("".join(_visible(token.children or [])) for token in tokens)


def _visible(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline", "image", "text_special"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak") or token.content.lower().startswith("<br"):
            yield " "


def _without_attributes(text: str) -> str:
    return _ATTRIBUTES.sub("", text)


def _notes(tree: SyntaxTreeNode) -> Mapping[int, Sequence[Block]]:
    """The footnotes by their number."""
    notes: dict[int, Sequence[Block]] = {}
    for node in tree.walk():
        if node.type == "footnote":
            text = " ".join(inline(node).split())
            notes[int(node.meta["id"])] = [Block(kind=SentenceKind.NOTE, text=text)] if text else []
    return notes


def _add_notes(node: SyntaxTreeNode, found: _Found) -> None:
    """Add the footnotes that ``node`` refers to right behind it."""
    for inner in node.walk():
        if inner.type == "footnote_ref" and inner.meta.get("subId", 0) == 0:
            found.blocks.extend(Anchored(block=block) for block in found.notes.get(int(inner.meta["id"]), ()))
