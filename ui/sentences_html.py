"""The sentences of an answer, those of one section together. Pure: values in, text out, everything escaped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby

from assistant.citations import below
from assistant.domain import AnswerSentence, Citation, SentenceKind, Support
from assistant.list_marks import has_mark
from ui.german_typer import say
from ui.html import said, signed, text, unseen
from ui.places import pages_in_words

Proof = Callable[[AnswerSentence], str]
"""What stands behind a sentence, as HTML."""

MARKED = ' class="fs-marked"'
"""Attribute of a list item that brings a mark of its own."""

SUPPORT_SIGNS = {Support.VERBATIM: "✓", Support.SUPPORTED: "≈", Support.UNSUPPORTED: "✗"}
CELL = re.compile(r"([^:;.!?„“]{1,60}:) (.+)")
"""One cell of a table row that was made a sentence: its column's heading and what stands there."""


def sentences_html(proof: Proof, sentences: Sequence[AnswerSentence], citations: Sequence[Citation]) -> str:
    """A paragraph of all sentences; quotes from several sections in one paragraph each, below the section's name.

    What a language model wrote is one text and stays one paragraph.
    """
    by_marker = {citation.marker: citation for citation in citations}
    sections = [
        (section, list(group)) for section, group in groupby(sentences, key=lambda one: _section(one, by_marker))
    ]
    quoted = all(section for section, _ in sections)
    if len(sections) < 2 or not quoted:
        return _blocks(proof, sentences)
    return "".join(
        f'<p class="fs-from">{text(_named([by_marker[one.citations[0]] for one in group]))}</p>{_blocks(proof, group)}'
        for _, group in sections
    )


def marks_and_verdict(key: str) -> Proof:
    """The marks of a sentence as links to its quotes, and the verdict on it: in words for the eye where it is no quote.

    ``key`` is that of the exchange.
    """

    def proof(sentence: AnswerSentence) -> str:
        marks = "".join(_mark(key, marker) for marker in sentence.citations)
        words, sign = say("support", sentence.support), SUPPORT_SIGNS[sentence.support]
        quoted = sentence.support is Support.VERBATIM
        verdict = f'<span aria-hidden="true">{sign}</span>{unseen(words)}' if quoted else signed(sign, words)
        title = f' title="{text(words)}"' if quoted else ""
        shown = f'<span class="fs-support fs-{sentence.support}"{title}>{verdict}</span>'
        return f'<span class="fs-proof">{marks}{shown}</span>'

    return proof


def verdict_html(sentences: Sequence[AnswerSentence]) -> str:
    """The verdict on all sentences, told once; nothing where they differ."""
    verdicts = {sentence.support for sentence in sentences}
    if len(verdicts) != 1:
        return ""
    (verdict,) = verdicts
    words = say("whole", f"{'one' if len(sentences) == 1 else 'all'}_{verdict}")
    return f'<p class="fs-small fs-all">{signed(SUPPORT_SIGNS[verdict], words)}</p>'


def words_html(words: str, *, opening: str = "", closing: str = "") -> str:
    """The words of a sentence between quotation marks, if any; the cells of a table row below each other."""
    cells = _cells(words)
    if not cells:
        return f"{opening}{text(words)}{closing}"
    shown = '<span class="fs-unseen">; </span>'.join(
        f'<span class="fs-cell"><b>{text(heading)}</b> {text(value)}</span>' for heading, value in cells
    )
    return f"{opening}{shown}{closing}"


def _section(sentence: AnswerSentence, by_marker: dict[int, Citation]) -> tuple[str, ...]:
    """Document and headings of a quoted sentence; nothing for a sentence that is no plain quote."""
    if sentence.support is not Support.VERBATIM or len(sentence.citations) != 1:
        return ()
    citation = by_marker.get(sentence.citations[0])
    return (citation.document, *citation.section) if citation else ()


def _named(citations: Sequence[Citation]) -> str:
    first = citations[0]
    pages = {page.number: page for citation in citations for page in citation.pages}
    place = " › ".join((first.title, *below(first.title, first.section)[-1:]))
    return ", ".join(part for part in (place, pages_in_words([pages[number] for number in sorted(pages)])) if part)


def _blocks(proof: Proof, sentences: Sequence[AnswerSentence]) -> str:
    """Paragraphs, lists as lists, and rows of one table as a table."""
    return "".join(_block(proof, group) for group in _alike(sentences))


def _alike(sentences: Sequence[AnswerSentence]) -> list[list[AnswerSentence]]:
    """Neighbours that are shown together."""
    groups: list[list[AnswerSentence]] = []
    for sentence in sentences:
        if groups and _are_alike(groups[-1][0], sentence):
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    return groups


def _are_alike(one: AnswerSentence, other: AnswerSentence) -> bool:
    """Whether both are items, rows of one table, or neither."""
    if SentenceKind.ITEM in (one.kind, other.kind):
        return one.kind is other.kind
    headings, others = _headings(one), _headings(other)
    if not headings or not others:
        return not headings and not others
    return headings[0] == others[0] and len(set(headings) & set(others)) > 1


def _headings(sentence: AnswerSentence) -> list[str]:
    """What may be the headings of a table's row; none for any other sentence."""
    return [heading for heading, _ in _cells(sentence.text)] if sentence.kind is SentenceKind.ROW else []


def _block(proof: Proof, sentences: Sequence[AnswerSentence]) -> str:
    if len(sentences) > 1 and _headings(sentences[0]):
        return _table(proof, sentences)
    shown = [f"<span>{words_html(one.text)} {proof(one)}</span>" for one in sentences]
    if sentences[0].kind is SentenceKind.ITEM:
        signs = (MARKED if has_mark(one.text) else "" for one in sentences)
        items = "".join(f"<li{sign}>{one}</li>" for sign, one in zip(signs, shown, strict=True))
        return f'<ul class="fs-text fs-items">{items}</ul>'
    return f'<p class="fs-text">{" ".join(shown)}</p>'


def _table(proof: Proof, rows: Sequence[AnswerSentence]) -> str:
    """Rows of one table; a reader of one row alone still finds its headings above it.

    What looks like a heading in one row alone ("…; Ausnahme: …") is part of the cell before it.
    """
    counts = Counter(heading for row in rows for heading in set(_headings(row)))
    headings = [heading for heading in max(map(_headings, rows), key=len) if counts[heading] > 1]
    head = "".join(f'<th scope="col">{text(heading.removesuffix(":"))}</th>' for heading in headings)
    body = "".join(_row(proof, row, headings) for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    # A region that can be scrolled must be reachable with the keyboard, and named.
    return f'<div class="fs-text fs-table" role="group" tabindex="0" aria-label="{said("chat", "table")}">{table}</div>'


def _row(proof: Proof, row: AnswerSentence, headings: Sequence[str]) -> str:
    """Its mark stands in the first cell, which needs no scrolling on a phone."""
    first, *others = map(text, _values(row, headings))
    return f"<tr><td>{first} {proof(row)}</td>{''.join(f'<td>{value}</td>' for value in others)}</tr>"


def _values(row: AnswerSentence, headings: Sequence[str]) -> list[str]:
    """What stands below each heading of the table; columns of one name are told by their place."""
    cells = _cells(row.text)
    if [heading for heading, _ in cells] == list(headings):
        return [value for _, value in cells]
    values: dict[str, str] = {}
    for heading, value in cells:
        if heading in headings and heading not in values:
            values[heading] = value
        else:
            values[next(reversed(values))] += f"; {heading} {value}"
    return [values.get(heading, "") for heading in headings]


def _mark(key: str, marker: int) -> str:
    name = said("chat", "mark", marker=marker)
    return f'<a class="fs-mark" href="#fs-{escape(key)}-{marker}" aria-label="{name}">[{marker}]</a>'


def _cells(words: str) -> list[tuple[str, str]]:
    """Headings and values of a table row, as ``Header: cell; header: cell``; empty for any other sentence."""
    cells: list[tuple[str, str]] = []
    for part in words.split("; "):
        if found := CELL.fullmatch(part):
            cells.append((found[1], found[2]))
        elif cells:
            heading, value = cells.pop()
            cells.append((heading, f"{value}; {part}"))
        else:
            return []
    return cells if len(cells) > 1 else []
