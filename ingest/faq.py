"""FAQs: headings that ask a question, with the answer below."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.domain import Document, Faq, SentenceKind, Span
from assistant.texts import texts
from ingest.blocks import Block, join
from ingest.documents import Facts, from_pieces

KIND = "faq"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """A block and, for a heading, the id its author gave it."""

    block: Block
    anchor: str = ""


@dataclass(slots=True, kw_only=True)
class Entry:
    """A question and what stands below it. ``answer`` are the numbers of the answer's blocks in the document."""

    question: str
    anchor: str
    level: int
    wordings: list[str] = field(default_factory=list)
    answer: list[int] = field(default_factory=list)
    stand: str = ""
    source: str = ""


def document_of(id: str, blocks: Sequence[Anchored], facts: Facts) -> Document:
    """A document of ``blocks``; questions among its headings become FAQs if that is what the document is for."""
    kept, entries = entries_of(blocks)
    answered = [entry for entry in entries if entry.answer]
    if not _is_faq(blocks, answered, facts.kind):
        text, pieces = join([item.block for item in blocks])
        return from_pieces(id, text, pieces, facts)
    text, pieces = join(kept)
    names = unique([entry.anchor or slug(entry.question) for entry in answered])
    faqs = [
        Faq(
            id=name,
            question=entry.question,
            wordings=tuple(entry.wordings),
            answer=Span(start=pieces[entry.answer[0]].span.start, end=pieces[entry.answer[-1]].span.end),
            stand=entry.stand,
            source=entry.source,
        )
        for name, entry in zip(names, answered, strict=True)
    ]
    return from_pieces(id, text, pieces, replace(facts, kind=facts.kind or KIND), faqs)


def entries_of(blocks: Sequence[Anchored]) -> tuple[list[Block], list[Entry]]:
    """The blocks that readers see, and the questions found, with wordings, sources and dates taken out."""
    kept: list[Block] = []
    entries: list[Entry] = []
    open_entry: Entry | None = None
    in_wordings = False
    for item in blocks:
        block = item.block
        if block.kind is SentenceKind.HEADING:
            in_wordings = False
            open_entry = _after_heading(open_entry, item, entries)
        elif open_entry:
            in_wordings = _is_label(block.text, "wordings") or (in_wordings and block.kind is SentenceKind.ITEM)
            if in_wordings or _is_label(block.text, "source") or _is_label(block.text, "stand"):
                _note(open_entry, block.text, in_wordings)
                continue
            open_entry.answer.append(len(kept))
        kept.append(block)
    return kept, entries


def _after_heading(entry: Entry | None, item: Anchored, entries: list[Entry]) -> Entry | None:
    """The entry that is open below this heading: a new one, the old one for its subheadings, or none."""
    block = item.block
    if block.text.endswith("?"):
        entries.append(Entry(question=block.text, anchor=item.anchor, level=block.level))
        return entries[-1]
    return entry if entry and block.level > entry.level else None


def _note(entry: Entry, text: str, in_wordings: bool) -> None:
    """Keep what a line beside the answer says."""
    value = text.partition(":")[2].strip()
    if _is_label(text, "stand"):
        entry.stand = value
    elif _is_label(text, "source"):
        entry.source = value
    elif in_wordings and not _is_label(text, "wordings"):
        entry.wordings.append(text)


def _is_label(text: str, name: str) -> bool:
    labels: Sequence[str] = texts("ingest")["faq"][name]
    return any(text.startswith(f"{label}:") for label in labels)


def _is_faq(blocks: Sequence[Anchored], answered: Sequence[Entry], kind: str) -> bool:
    """What is called so is one; without a kind, a file half of whose headings are answered questions."""
    if kind:
        return kind == KIND
    headings = sum(item.block.kind is SentenceKind.HEADING for item in blocks)
    return len(answered) >= 2 and 2 * len(answered) >= headings


def unique(names: Sequence[str]) -> list[str]:
    """``names`` with a number behind each one that was given before."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return found


def slug(text: str) -> str:
    """``text`` as an ASCII id.

    >>> slug("Was ist eine Fußgängerzone?")
    'was-ist-eine-fussgaengerzone'
    """
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.lower().replace(letter, plain)
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:80]
