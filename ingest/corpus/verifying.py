"""Whether a corpus folder is what its manifest says. Only reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.texts import message
from ingest.discovery import Found, discover, sha256
from ingest.manifest import Entry, Manifest, read_manifest


class Problem(StrEnum):
    """What can be wrong. A dead entry is one that no ingest can make a document of, though its file may be there."""

    CHECKSUM = "checksum"
    MISSING = "missing"
    DUPLICATE_ID = "duplicate_id"
    DEAD = "dead"
    UNDESCRIBED = "undescribed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, with a German message that names it."""

    problem: Problem
    id: str
    file: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """All findings; how many entries the manifest has, and how many of them name a checksum."""

    findings: tuple[Finding, ...]
    entries: int
    checksums: int


def verify(folder: Path) -> Verification:
    """Compare the manifest of ``folder`` with its files.

    Raises:
        CorpusError: if there is no such folder, or its manifest cannot be read.
    """
    manifest, found = read_manifest(folder), discover([folder])
    findings = (*_entries(folder, manifest, found), *_duplicates(manifest, found), *_undescribed(manifest, found))
    checksums = sum(bool(entry.sha256) for entry in manifest.listed)
    return Verification(findings=findings, entries=len(manifest.listed), checksums=checksums)


def undescribed(manifest: Manifest, found: Found) -> list[str]:
    """The files that ingest reads without a word about them in the manifest. JSON lines describe themselves."""
    names = (source.name for source in found.sources if source.path.suffix.lower() != ".jsonl")
    return [name for name in names if name not in manifest.entries]


def _entries(folder: Path, manifest: Manifest, found: Found) -> Iterator[Finding]:
    reasons = {refused.name: refused.reason for refused in found.refused}
    readable = {source.name for source in found.sources}
    seen: set[str] = set()
    for entry in manifest.listed:
        path = folder / entry.file
        if not entry.file:
            yield _finding(Problem.DEAD, entry, "no_file")
        elif entry.file in seen:
            yield _finding(Problem.DEAD, entry, "file_twice")
        elif manifest.ignores(entry.file):
            yield _finding(Problem.DEAD, entry, "ignored")
        elif not path.is_file():
            yield _finding(Problem.MISSING, entry, "missing")
        elif entry.file not in readable:
            yield _finding(Problem.DEAD, entry, "not_read", reason=reasons.get(entry.file, "–"))
        elif entry.sha256 and sha256(path) != entry.sha256.lower():
            yield _finding(Problem.CHECKSUM, entry, "checksum")
        seen.add(entry.file)


def _duplicates(manifest: Manifest, found: Found) -> Iterator[Finding]:
    owners: dict[str, list[str]] = defaultdict(list)
    for entry in manifest.listed:
        owners[entry.id or entry.file].append(entry.file)
    for name in undescribed(manifest, found):
        owners[name].append(name)
    for id, files in owners.items():
        if len(files) > 1 and id:
            yield _finding(Problem.DUPLICATE_ID, Entry(id=id, file=files[1]), "duplicate_id", files=", ".join(files))


def _undescribed(manifest: Manifest, found: Found) -> Iterator[Finding]:
    for name in undescribed(manifest, found):
        yield _finding(Problem.UNDESCRIBED, Entry(id=name, file=name), "undescribed")


def _finding(problem: Problem, entry: Entry, text: str, **details: object) -> Finding:
    id = entry.id or entry.file
    named = {"id": id, "file": entry.file, "title": entry.title or "–", **details}
    return Finding(
        problem=problem, id=id, file=entry.file, message=message("findings", text, package="ingest", **named)
    )
