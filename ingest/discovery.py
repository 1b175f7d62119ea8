"""Which files the named sources hold, and what they are called. Nothing is read here but names and manifests."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.domain import KnownQuestion
from assistant.errors import CorpusError, SettingsError
from assistant.synonym_lists import Group, read_synonyms
from ingest import manifest
from ingest.failures import Unreadable
from ingest.known_questions import is_known_questions, lies_there, read_known_questions
from ingest.manifest import Entry, Manifest, read_manifest

FORMATS = (
    ".pdf", ".docx", ".odt", ".rtf", ".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".csv", ".xlsx", ".jsonl",
)  # fmt: skip

SYNONYMS = "synonyms.toml"
"""In the ingested folder itself: no document, but what means the same in the documents beside it."""

LARGEST = 300_000_000
"""Bytes of a file at most; a larger one is not even hashed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to read. ``name`` is its path relative to the ingested folder: NFC, forward slashes."""

    path: Path
    name: str
    entry: Entry

    @property
    def id(self) -> str:
        """The id of the document in this file."""
        return self.entry.id or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file that is not read: ``failed`` when it should have been, else it is merely no document."""

    name: str
    reason: str
    failed: bool


@dataclass(slots=True, kw_only=True)
class Found:
    """What the sources hold, in reading order.

    ``synonyms`` are the forms that mean the same in these documents, ``known`` the questions that people ask of them.
    """

    sources: list[Source] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    synonyms: list[Group] = field(default_factory=list)
    known: list[KnownQuestion] = field(default_factory=list)


def discover(paths: Sequence[Path]) -> Found:
    """All files under ``paths``, sorted by name within each path.

    Raises:
        CorpusError: ``path_missing``, ``manifest_invalid`` for a manifest nobody can read, or what is wrong with a list
            of synonyms or known questions.
    """
    found = Found()
    for path in paths:
        if path.is_dir():
            _folder(path, found)
        elif path.exists():
            _file(path, _nfc(path.name), Entry(file=path.name), found)
        else:
            raise CorpusError("path_missing", path=path)
    return found


def fingerprint(source: Source) -> str:
    """Hex SHA-256 over name, manifest entry and content: while it stays, reading the file again gives the same."""
    told = f"{source.name}\x1f{source.entry}\x1f{sha256(source.path)}"
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()


def digest(found: Found, fingerprints: Sequence[str]) -> str:
    """Hex SHA-256 over everything found, given the fingerprints of its sources; changes when report or index would."""
    whole = hashlib.sha256("\x1e".join(fingerprints).encode())
    for refused in found.refused:
        whole.update(f"{refused}\x1e".encode("utf-8", "surrogateescape"))
    for listed in (*found.synonyms, *found.known):
        whole.update(f"{listed}\x1e".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file, empty when it cannot be read (the reader says why)."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _folder(root: Path, found: Found) -> None:
    rules = read_manifest(root)
    names = {_nfc(path.relative_to(root).as_posix()): path for path in sorted(_walk(root))}
    for name, path in names.items():
        if name == SYNONYMS:
            found.synonyms.extend(_synonyms(path))
        elif name != manifest.NAME and not rules.ignores(name):
            _in_folder(root, path, name, rules, found)
    lost = set(rules.entries) - set(names) | {entry.id or entry.title for entry in rules.listed if not entry.file}
    for name in sorted(lost):
        found.refused.append(Refused(name=name, reason=str(Unreadable("file_missing")), failed=True))


def _synonyms(path: Path) -> Sequence[Group]:
    try:
        return read_synonyms(path)
    except SettingsError as error:
        raise CorpusError(error.code, **error.details) from error


def _in_folder(root: Path, path: Path, name: str, rules: Manifest, found: Found) -> None:
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        found.refused.append(Refused(name=name, reason=str(Unreadable("outside")), failed=True))
    elif is_known_questions(name) and not _is_too_large(path):
        found.known.extend(read_known_questions(path))
    elif lies_there(name):
        found.refused.append(Refused(name=name, reason=str(Unreadable("no_known_questions")), failed=False))
    else:
        _file(path, name, rules.entries.get(name, Entry(file=name)), found)


def _file(path: Path, name: str, entry: Entry, found: Found) -> None:
    if path.suffix.lower() in FORMATS and _is_too_large(path):
        reason = str(Unreadable("too_large", megabytes=LARGEST // 1_000_000))
        found.refused.append(Refused(name=name, reason=reason, failed=True))
    elif path.suffix.lower() in FORMATS:
        found.sources.append(Source(path=path, name=name, entry=entry))
    else:
        # Named by the manifest, it was meant to be read; else it just lies there.
        named = bool(entry.id or entry.title)
        reason = str(Unreadable("format", suffix=path.suffix or "–"))
        found.refused.append(Refused(name=name, reason=reason, failed=named))


def _is_too_large(path: Path) -> bool:
    try:
        return path.stat().st_size > LARGEST
    except OSError:
        return False  # the reader says what is wrong with it


def _walk(root: Path) -> Iterator[Path]:
    """All visible files below ``root``; symbolic links to folders are not followed but handed on, to be refused."""
    for folder, subfolders, files in os.walk(root):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        links = [name for name in subfolders if Path(folder, name).is_symlink()]
        yield from (Path(folder, name) for name in (*files, *links) if not name.startswith("."))


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)
