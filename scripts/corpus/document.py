"""Turns chapters in Pandoc Markdown into Typst source: boxes, figures, tables, source notes, legal references."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import pypandoc

from scripts.corpus.facts import Fact, Source
from scripts.corpus.values import ARTICLE, LAWS, PARAGRAPH, article, paragraphs

Node: TypeAlias = dict[str, Any]  # one block or inline of Pandoc's JSON tree: {"t": type, "c": content}

CHARACTERS_PER_LINE = 92  # of a table that is as wide as the text
STAYING = frozenset({"Para", "Div", "BulletList", "OrderedList"})
SHORT_TABLE = 9  # rows including the head: a table of this size stays on one page
# Before or after these a line must not break.
BOUND_TO_NEXT = re.compile(
    r"^\(?„?(?:§§?|Abs\.|Nr\.|Art\.|Artikel|Anlage|S\.|Kap\.|z\.|o\.|d\.|u\.|i\.|FS|rund)$|^\d{1,2}\.$"
)
BOUND_TO_PREVIOUS = re.compile(r"^(?:%|€|EUR|Euro|Mio\.|Mrd\.|Prozent|Uhr|ha|BauGB|SächsGemO)\b|^[%€]")


def chapter(markdown: str, facts: Mapping[str, Fact]) -> str:
    """Convert one chapter to Typst source."""
    tree = json.loads(pypandoc.convert_text(markdown, "json", format="markdown"))
    blocks = with_source_notes(tree["blocks"], facts)
    tree["blocks"] = mark_laws(_convert(blocks))
    return str(pypandoc.convert_text(json.dumps(tree), "typst", format="json", extra_args=["--wrap=none"]))


def with_source_notes(blocks: Sequence[Node], facts: Mapping[str, Fact]) -> list[Node]:
    """Add the sources of a section's facts after the section's own text."""
    result: list[Node] = []
    sources: list[Source] = []
    for block in blocks:
        if block["t"] == "Header":
            named = _attribute(block["c"][1], "facts").split()
            if named or block["c"][0] < 3:
                _close_section(result, sources)
                sources = distinct_sources(facts[fact] for fact in named)
        result.append(block)
    _close_section(result, sources)
    return result


def distinct_sources(facts: Iterable[Fact]) -> list[Source]:
    """List the facts' sources, each once, general expertise last."""
    return sorted(dict.fromkeys(fact.source for fact in facts), key=lambda source: not source.url)


def _close_section(blocks: list[Node], sources: Sequence[Source]) -> None:
    if not sources:
        return
    if blocks[-1]["t"] in STAYING:  # the note stays on the page of the text it belongs to
        blocks[-1:] = [_raw("#block(sticky: true)["), blocks[-1], _raw("]")]
    blocks.append(_raw(source_note(sources)))


def source_note(sources: Sequence[Source]) -> str:
    """Write the note under a section."""
    return f"#quellen({', '.join(f'[{cite(source)}]' for source in sources)})"


def cite(source: Source) -> str:
    """Write title, date and address of a source in Typst."""
    text = ", ".join(filter(None, (source.title, source.stand))).replace("o. D.", "o.\u00a0D.")
    if not source.url:
        return escape(text)
    return f"{escape(text)}, #link({quote(source.url)})[{escape(shown_address(source.url))}]"


def shown_address(url: str) -> str:
    """Shorten an address for print: no scheme; the link itself keeps everything."""
    return re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/")


def escape(text: str) -> str:
    """Escape plain text for Typst's markup. Slashes too: two of them start a comment."""
    return re.sub(r"([\\#*_`<>@$\[\]~/\"'=+-])", r"\\\1", text)


def quote(text: str) -> str:
    """Write a string literal of Typst."""
    return json.dumps(text, ensure_ascii=False)


def _convert(node: Any) -> Any:
    """Rewrite the parts of the tree that the template sets itself."""
    if isinstance(node, list):
        items = [_convert(item) for item in node]
        if items and all(isinstance(item, dict) and "t" in item for item in items):
            return _flatten(_bind(items))
        return items
    if not isinstance(node, dict):
        return node
    node = {key: _convert(value) for key, value in node.items()}
    convert = _CONVERTERS.get(str(node.get("t")))
    return convert(node) if convert else node


def _flatten(nodes: Sequence[Node]) -> list[Node]:
    """Put the contents of a converted box in the place of the box."""
    return [part for node in nodes for part in (node["c"] if node["t"] == "Splice" else [node])]


def _box(node: Node) -> Node:
    attributes, blocks = node["c"]
    if "box" not in attributes[1]:
        return node
    opening = f"#kasten({quote(_attribute(attributes, 'title'))})["
    return {"t": "Splice", "c": [_raw(opening), *blocks, _raw("]")]}


def _figure(node: Node) -> Node:
    (identifier, _, _), (_, caption), content = node["c"]
    image = content[0]["c"][0]
    alternative = "".join(_texts(image["c"][1]))
    head = f"#figure(image({quote(image['c'][2][0])}, width: 100%, alt: {quote(alternative)}), caption: ["
    tail = f"]) <{identifier}>" if identifier else "])"
    return {"t": "Para", "c": [_raw_inline(head), *_inlines(caption), _raw_inline(tail)]}


def _glossary(node: Node) -> Node:
    parts = ((term, inline) for term, definitions in node["c"] for inline in (_inlines(definitions[0]),))
    entries = ([_raw_inline("#begriff["), *term, _raw_inline("]["), *text, _raw_inline("]")] for term, text in parts)
    return {"t": "Splice", "c": [{"t": "Para", "c": entry} for entry in entries]}


def _table(node: Node) -> Node:
    columns = node["c"][2]
    texts = [["".join(_texts(cell[4])) for cell in row[1]] for row in _rows(node)]
    widths = column_widths(texts)
    node["c"][2] = [
        [{"t": "AlignLeft"} if align["t"] == "AlignDefault" else align, {"t": "ColWidth", "c": width}]
        for (align, _), width in zip(columns, widths, strict=True)
    ]
    if len(texts) <= SHORT_TABLE:
        return {"t": "Splice", "c": [_raw("#zusammen["), node, _raw("]")]}
    return node


def column_widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Share out the line so that long cells get room and no word needs to break."""
    columns = list(zip(*rows, strict=True))
    words = [max(len(word) for cell in column for word in (*re.split(r"[\s-]", cell), "")) for column in columns]
    longest = [max(map(len, column)) for column in columns]
    means = [sum(map(len, column)) / len(column) for column in columns]
    weights = [
        max(word + 2, min(most, 18), (mean + min(most, 70)) / 2)
        for word, most, mean in zip(words, longest, means, strict=True)
    ]
    least = [min((word + 3.5) / CHARACTERS_PER_LINE, 0.5) for word in words]
    shares = [weight / sum(weights) for weight in weights]
    widened = [max(share, small) for share, small in zip(shares, least, strict=True)]
    return [round(share / sum(widened), 4) for share in widened]


def mark_laws(blocks: list[Node]) -> list[Node]:
    """Leave an invisible mark after every legal reference; the template's index is made of these marks."""
    act = ""
    for block in blocks:
        act = "" if block["t"] == "Header" else _mark(block, act)
    return blocks


def _mark(node: Any, act: str) -> str:
    """Mark below this node. Return the law named last, which a later bare "§ 137" means."""
    if isinstance(node, list):
        if node and all(isinstance(item, dict) and item.get("t") in _INLINES for item in node):
            node[:], act = _marked(node, act)
        for item in node:
            act = _mark(item, act)
    elif isinstance(node, dict) and "c" in node:
        content = node["c"]
        act = _mark(content[3:] if node["t"] == "Table" else content, act)  # captions show up in two places
    return act


def _marked(inlines: Sequence[Node], act: str) -> tuple[list[Node], str]:
    text = "".join(_text(inline) for inline in inlines)
    references, act = legal_references(text, act)
    result, end = [], 0
    for inline in inlines:
        begin, end = end, end + len(_text(inline))
        result.append(inline)
        result.extend(_raw_inline(_law_mark(place)) for at, place in references if begin < at <= end)
    return result, act


def legal_references(text: str, act: str = "") -> tuple[list[tuple[int, str]], str]:
    """Find where legal references end in a text, with their normal forms; and the law named last.

    A reference without a law belongs to the law named before it; where none is named, it is left out.
    """
    text = text.replace("\u00a0", " ")
    found: list[tuple[int, str]] = []
    pending = [
        (match.end(), place)
        for pattern, read in ((PARAGRAPH, paragraphs), (ARTICLE, article))
        for match in pattern.finditer(text)
        for place in read(match)
    ]
    for at, place in sorted(pending, key=lambda pair: pair[0]):
        named = next((law for law in LAWS.values() if place.endswith(f" {law}")), "")
        act = named or act
        if act:
            found.append((at, place if named else f"{place} {act}"))
    return found, act


def _law_mark(place: str) -> str:
    act = next(law for law in LAWS.values() if place.endswith(f" {law}"))
    where = place.removesuffix(act).strip()
    return f"#rechtsstelle({quote(act)}, {quote(where)}, {quote(order(where))})"


def order(place: str) -> str:
    """Give a key that sorts § 9 before § 10 and § 171 before § 171a."""
    kind = "§AL".index(place[0]) if place[0] in "§A" else 2
    return f"{kind} " + " ".join(f"{int(number):04}{letter}" for number, letter in re.findall(r"(\d+)([a-z]?)", place))


def _bind(inlines: list[Node]) -> list[Node]:
    """Set non-breaking spaces where a line must not break: § 1, 10 %, 1. März."""
    for before, space, after in zip(inlines, inlines[1:], inlines[2:], strict=False):
        if space["t"] == "Space" and before["t"] == after["t"] == "Str":
            number = before["c"][-1:].isdigit()
            if BOUND_TO_NEXT.match(before["c"]) or (number and BOUND_TO_PREVIOUS.match(after["c"])):
                space.update(t="Str", c="\u00a0")
    return inlines


def _attribute(attributes: Sequence[Any], name: str) -> str:
    return next((value for key, value in attributes[2] if key == name), "")


def _raw(typst: str) -> Node:
    return {"t": "RawBlock", "c": ["typst", typst]}


def _raw_inline(typst: str) -> Node:
    return {"t": "RawInline", "c": ["typst", typst]}


def _inlines(blocks: Sequence[Node]) -> list[Node]:
    return [inline for block in blocks for inline in block["c"]]


def _rows(table: Node) -> Iterator[Any]:
    yield from table["c"][3][1]
    for body in table["c"][4]:
        yield from body[3]


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, dict):
        yield _text(node)


def _text(node: Node) -> str:
    """Return the text of a node as it is read."""
    match node.get("t"):
        case "Str":
            return str(node["c"])
        case "Space" | "SoftBreak" | "LineBreak":
            return " "
        case "Note" | "RawInline" | "RawBlock":
            return ""
        case "Quoted":
            return f"„{''.join(_texts(node['c'][1]))}“"
        case "Code" | "Math":
            return str(node["c"][1])
        case "Link" | "Span":
            return "".join(_texts(node["c"][1]))
        case _:
            return "".join(_texts(node.get("c")))


# fmt: off
_INLINES = frozenset(
    (
        "Str", "Space", "SoftBreak", "LineBreak", "Emph", "Strong", "Underline", "Quoted",
        "Link", "Note", "Code", "Span", "RawInline", "Superscript", "Subscript",
    )
)
# fmt: on
_CONVERTERS: Mapping[str, Callable[[Node], Node]] = {
    "DefinitionList": _glossary,
    "Div": _box,
    "Figure": _figure,
    "Table": _table,
}
