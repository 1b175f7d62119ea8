"""HTML to blocks: the main content of a page, and FAQs that it declares by schema.org."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from assistant.domain import Document, SentenceKind
from ingest.blocks import Block
from ingest.documents import Facts
from ingest.failures import Unreadable
from ingest.faq import KIND, Anchored, document_of
from ingest.german import SOURCES
from ingest.rows import row_text
from ingest.text_files import LARGEST

_SILENT = re.compile(
    "script|style|noscript|template|head|nav|header|footer|aside|form|button|select|iframe|object|svg|canvas|video|audio|"
    "dialog|menu|input|textarea|label"
)
_INLINE = re.compile(
    "a|abbr|acronym|b|bdi|bdo|br|cite|code|data|del|dfn|em|font|i|img|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|"
    "tt|u|var|wbr"
)
_BLOCKS = re.compile("p|li|dd|dt|blockquote|pre|figcaption|address|summary|td|th|caption")
_HIDDEN_ROLES = re.compile("navigation|banner|contentinfo|search|complementary|menu|dialog|alertdialog")
_DEEPEST = 200


def read_html(path: Path, id: str) -> Document:
    """The main content of an HTML page; a declared FAQPage becomes FAQs.

    Raises:
        Unreadable: if it is too large, no HTML, or holds no text.
    """
    if path.stat().st_size > LARGEST:
        raise Unreadable("too_large", megabytes=LARGEST // 1_000_000)
    data = path.read_bytes()
    try:
        root = lxml_html.document_fromstring(data, parser=_parser(data))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("damaged", reason=error) from error
    title = " ".join((root.findtext(".//title") or "").split())
    declared = list(_declared_faq(root))
    blocks = declared or list(_blocks(_main(root)))
    if not blocks:
        raise Unreadable("empty")
    heading = next((block.text for block in blocks if block.kind is SentenceKind.HEADING), path.stem)
    facts = Facts(title=title or heading, url=_canonical(root), kind=KIND if declared else "")
    return document_of(id, [Anchored(block=block) for block in blocks], facts)


def _parser(data: bytes) -> lxml_html.HTMLParser:
    """A parser that goes nowhere else and takes UTF-8 wherever the bytes are that."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return lxml_html.HTMLParser(no_network=True)
    return lxml_html.HTMLParser(no_network=True, encoding="utf-8")


def _main(root: Any) -> Any:
    """The element with the main content, the largest if there are several."""
    for path in ("//main", "//*[@role='main']", "//article", "//*[@id='content']", "//body"):
        found = root.xpath(path)
        if found:
            return max(found, key=lambda element: len(element.text_content()))
    return root


def _canonical(root: Any) -> str:
    links = root.xpath("//link[@rel='canonical']/@href")
    return str(links[0]) if links and str(links[0]).startswith(("https://", "http://")) else ""


def _blocks(element: Any, depth: int = 0) -> Iterator[Block]:
    if depth > _DEEPEST or not isinstance(element.tag, str) or _is_silent(element):
        return
    tag = element.tag.lower()
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        yield from _block(_text(element), SentenceKind.HEADING, int(tag[1]))
    elif tag == "table":
        yield from _table(element)
    elif _BLOCKS.fullmatch(tag) and not _has_blocks(element):
        yield from _block(_text(element), SentenceKind.ITEM if tag == "li" else SentenceKind.PROSE)
    else:
        kind = SentenceKind.ITEM if tag == "li" else SentenceKind.PROSE
        yield from _block(_own(element.text), kind)
        for child in element:
            if not _is_inline(child):
                yield from _blocks(child, depth + 1)
            else:
                yield from _block(_text(child), kind)
            yield from _block(_own(child.tail), kind)


def _block(text: str, kind: SentenceKind, level: int = 0) -> Iterator[Block]:
    if any(character.isalnum() for character in text):
        noted = kind is SentenceKind.PROSE and SOURCES.match(text)
        yield Block(kind=SentenceKind.NOTE if noted else kind, text=text, level=level)


def _table(table: Any) -> Iterator[Block]:
    rows = [[_text(cell) for cell in row.xpath("./td|./th")] for row in table.iter("tr")]
    if len(rows) < 2 or max(map(len, rows)) < 2:
        for row in rows:
            yield from _block(" ".join(row), SentenceKind.PROSE)
        return
    for row in rows[1:]:
        yield from _block(row_text(rows[0], row), SentenceKind.ROW)


def _is_silent(element: Any) -> bool:
    return (
        _SILENT.fullmatch(element.tag.lower()) is not None
        or _HIDDEN_ROLES.fullmatch(element.get("role", "").lower()) is not None
        or element.get("aria-hidden") == "true"
        or "hidden" in element.attrib
        or "display:none" in element.get("style", "").replace(" ", "").lower()
    )


def _has_blocks(element: Any) -> bool:
    return any(isinstance(child.tag, str) and not _is_inline(child) for child in element.iterdescendants())


def _is_inline(element: Any) -> bool:
    return isinstance(element.tag, str) and _INLINE.fullmatch(element.tag.lower()) is not None


def _text(element: Any) -> str:
    """The text of an element, a blank for each line break, without what is not shown."""
    return _own("".join(_pieces(element)))


def _pieces(element: Any, depth: int = 0) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and not _is_silent(child) and depth < _DEEPEST:
            yield "" if _is_inline(child) and child.tag != "br" else " "
            yield from _pieces(child, depth + 1)
            yield "" if _is_inline(child) else " "
        yield child.tail or ""


def _own(text: str | None) -> str:
    return " ".join((text or "").replace("\u00ad", "").split())


def _declared_faq(root: Any) -> Iterator[Block]:
    """Questions and answers of a schema.org FAQPage in JSON-LD."""
    for script in root.xpath("//script[@type='application/ld+json']"):
        try:
            values = json.loads(script.text or "")
        except (ValueError, RecursionError):
            # Not ours to mend; the page itself is read instead.
            continue
        for item in _items(values):
            question, answer = str(item.get("name") or ""), item.get("acceptedAnswer")
            text = str(answer.get("text") or "") if isinstance(answer, Mapping) else ""
            if question.strip() and text.strip():
                mark = "" if question.strip().endswith("?") else "?"
                yield Block(kind=SentenceKind.HEADING, text=_own(question) + mark, level=1)
                yield from _blocks(lxml_html.fragment_fromstring(text, create_parent="div"))


def _items(values: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """All things of type Question in a JSON-LD value."""
    if depth > 8:
        return
    if isinstance(values, list):
        for value in values:
            yield from _items(value, depth + 1)
    elif isinstance(values, Mapping):
        if values.get("@type") == "Question":
            yield values
        for value in values.values():
            yield from _items(value, depth + 1)
