"""What a corpus folder holds, for people and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.settings import SHIPPED_CORPUS
from ingest.corpus import official
from ingest.corpus.official import Official, missing_documents
from ingest.corpus.verifying import Verification, undescribed
from ingest.discovery import discover
from ingest.manifest import Entry, read_manifest
from ui.german_typer import say
from ui.places import date_in_words
from ui.terminal import columns, printable


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The manifest's entries, the files without one, and the documents that an operator should add."""

    folder: Path
    entries: tuple[Entry, ...]
    undescribed: tuple[str, ...]
    recommended: tuple[Official, ...]


def inventory(folder: Path) -> Inventory:
    """What lies in ``folder``.

    Raises:
        CorpusError: if there is no such folder, or one of its descriptions cannot be read.
    """
    manifest, found = read_manifest(folder), discover([folder])
    own = folder / official.NAME
    # An operator's own folder need not repeat the list that is shipped.
    recommended = missing_documents(own if own.is_file() else SHIPPED_CORPUS / official.NAME, manifest.listed)
    return Inventory(
        folder=folder,
        entries=manifest.listed,
        undescribed=tuple(undescribed(manifest, found)),
        recommended=tuple(recommended),
    )


def inventory_json(found: Inventory) -> dict[str, Any]:
    """The result of ``corpus list``."""
    return {
        "folder": str(found.folder),
        "documents": [asdict(entry) for entry in found.entries],
        "undescribed": list(found.undescribed),
        "recommended": [asdict(document) for document in found.recommended],
    }


def inventory_text(found: Inventory, width: int) -> str:
    """The result of ``corpus list`` for people."""
    head = (*(say("table", column) for column in ("id", "kind", "stand")), say("corpus", "file"), say("table", "title"))
    rows = [
        (entry.id or entry.file, entry.kind, date_in_words(entry.stand), entry.file, entry.title)
        for entry in found.entries
    ]
    rows += [(name, "", "", name, say("corpus", "undescribed")) for name in found.undescribed]
    lines = [say("corpus", "folder", folder=printable(str(found.folder))), ""]
    lines.append(columns((head, *rows)) if rows else say("corpus", "none"))
    if found.recommended:
        lines += ["", say("corpus", "recommended")]
        lines += [line for document in found.recommended for line in _recommendation(document, width)]
    return "\n".join(lines)


def verification_json(folder: Path, found: Verification) -> dict[str, Any]:
    """The result of ``corpus verify``."""
    return {
        "folder": str(folder),
        "ok": not found.findings,
        "entries": found.entries,
        "checksums": found.checksums,
        "findings": [{**asdict(finding), "problem": finding.problem.value} for finding in found.findings],
    }


def verification_text(found: Verification, width: int) -> str:
    """The result of ``corpus verify`` for people."""
    if not found.findings:
        return say("corpus", "sound", entries=found.entries, checksums=found.checksums)
    lines = [textwrap.fill(printable(finding.message), width, subsequent_indent="    ") for finding in found.findings]
    return "\n".join((*lines, say("corpus", "findings", count=len(found.findings))))


def _recommendation(document: Official, width: int) -> Iterator[str]:
    publisher = ", ".join(str(part) for part in (document.publisher, document.year) if part)
    yield from ("", textwrap.fill(printable(document.title), width))
    for line in (publisher, document.why, say("corpus", "rights", rights=document.rights) if document.rights else ""):
        if line:
            yield textwrap.fill(printable(line), width, initial_indent="    ", subsequent_indent="    ")
    if document.address:
        yield f"    {printable(document.address)}"
