"""The fact ledger: where every fact comes from, which values it backs, and where it is used."""

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.corpus.values import LAWS, MONTHS, address, values

COLUMNS = ("id", "chapter", "confidence", "values", "source", "url", "stand", "used_in", "reason")
# The part of a source note that tells when: "…, o. D. (2024)", "…, Januar 2021", "…, gespeicherter Stand 2025".
SOURCE_DATE = re.compile(
    r", ((?:o\. D\.|Stand|Termin|Ende|Herbst|nach \w+|(?:gespeicherter |Gebiets)[Ss]?tand|Lieferung"
    rf"|historische Fassung|Fassung|geändert|{'|'.join(MONTHS)}|\d{{2}}\.\d{{2}}\.\d{{4}}|(?:19|20)\d{{2}})(?!\w).*)$"
)
NOT_VERIFIED = "niedrig: nicht belegt oder nicht geprüft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact stands: title or publisher, address (may be empty), date as the source gives it."""

    title: str
    url: str
    stand: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One row of the ledger. ``values`` are normal forms as ``scripts.corpus.values`` defines them."""

    id: str
    chapter: int
    confidence: str
    values: tuple[str, ...]
    source: Source
    used_in: tuple[str, ...] = ()
    reason: str = ""

    def backing(self) -> frozenset[str]:
        """Return all values this fact backs: its own and those of its source."""
        own = {*self.values, *values(f"{self.source.title}, {self.source.stand}")}
        return frozenset(own | {address(self.source.url)} if self.source.url else own)


def read_facts(path: Path) -> list[Fact]:
    """Read the ledger as ``write_facts`` writes it."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_fact(row) for row in csv.DictReader(file)]


def write_facts(path: Path, facts: Iterable[Fact]) -> None:
    """Write the ledger, one row for each fact."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_row(fact) for fact in facts)


def import_notes(path: Path, reasons: Mapping[str, str]) -> list[Fact]:
    """Take facts from research notes (JSON lines), whose texts stay outside the repository."""
    notes = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [_from_note(note, reasons.get(note["id"], "")) for note in notes]


def used(facts: Iterable[Fact], uses: Mapping[str, Iterable[str]]) -> list[Fact]:
    """Give the facts their uses: fact id → places like ``guideline:auftrag`` and ``faq:kosten``."""
    return [replace(fact, used_in=tuple(uses.get(fact.id, ())), reason=_reason(fact, uses)) for fact in facts]


def _reason(fact: Fact, uses: Mapping[str, Iterable[str]]) -> str:
    if fact.id in uses:
        return ""
    return fact.reason or (NOT_VERIFIED if fact.confidence == "niedrig" else "")


def _fact(row: Mapping[str, str]) -> Fact:
    return Fact(
        id=row["id"],
        chapter=int(row["chapter"]),
        confidence=row["confidence"],
        values=tuple(filter(None, row["values"].split(";"))),
        source=Source(title=row["source"], url=row["url"], stand=row["stand"]),
        used_in=tuple(filter(None, row["used_in"].split(";"))),
        reason=row["reason"],
    )


def _row(fact: Fact) -> tuple[str | int, ...]:
    source = fact.source
    return (
        fact.id,
        fact.chapter,
        fact.confidence,
        ";".join(fact.values),
        source.title,
        source.url,
        source.stand,
        ";".join(fact.used_in),
        fact.reason,
    )


def _from_note(note: Mapping[str, str], reason: str) -> Fact:
    url = note["quelle"] if note["quelle"].startswith("http") else ""
    title, stand = split_source(note["stand"] if url else f"{note['stand'][:1].upper()}{note['stand'][1:]}")
    return Fact(
        id=note["id"],
        chapter=int(note["kapitel"]),
        confidence=note["konfidenz"],
        values=tuple(sorted(_with_law(values(note["text"], words=True), f"{note['text']} {note['stand']}"))),
        source=Source(title=title, url=url, stand=stand),
        reason=reason,
    )


def _with_law(found: Iterable[str], text: str) -> list[str]:
    """Give paragraphs their law where the note and its source name exactly one."""
    named = {short for pattern, short in LAWS.items() if re.search(rf"\b(?:{pattern})\b", text)}
    act = named.pop() if len(named) == 1 else ""
    bare = re.compile(r"(?:§|Anlage) \d+[a-z]?(?: (?:Abs\.|Nr\.) \w+)*")
    return [f"{value} {act}".strip() if bare.fullmatch(value) else value for value in found]


def split_source(text: str) -> tuple[str, str]:
    """Split a source note such as "SMR-Medieninformation, 01.03.2024" into title and date."""
    head, separator, tail = text.partition("; geprüft im Spiegel ")
    if separator:
        return head, f"geprüft im Spiegel {tail}"
    match = SOURCE_DATE.search(text)
    return (text[: match.start()], match[1].removeprefix("Stand ")) if match else (text, "")
