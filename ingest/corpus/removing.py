"""Taking a document out of a corpus folder."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ingest.corpus.editing import rewrite, without_entry
from ingest.corpus.errors import CorpusRefusal
from ingest.corpus.folder import changing
from ingest.discovery import discover, sha256
from ingest.manifest import Entry, read_manifest


class FileFate(StrEnum):
    """What became of the file: deleted, not there, or kept – as asked, as not brought by ``add``, or as changed."""

    DELETED = "deleted"
    ABSENT = "absent"
    KEPT = "kept"
    FOREIGN = "foreign"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """The entry that is gone, and what became of its file."""

    entry: Entry
    file: FileFate


def remove(id: str, folder: Path, *, keep_file: bool = False) -> Removed:
    """Remove the entry ``id`` from the manifest, and its file if ``add`` brought it and it is still the same.

    Raises:
        CorpusRefusal: if there is no such entry, or several, or the folder cannot be changed.
        CorpusError: if there is no such folder, its manifest cannot be read, or someone else changes it.
    """
    found = discover([folder])
    with changing(folder):
        listed = read_manifest(folder).listed
        numbers = [number for number, entry in enumerate(listed) if id in (entry.id or entry.file,)]
        if not numbers:
            named = any(source.id == id for source in found.sources)
            raise CorpusRefusal("not_described" if named else "id_unknown", id=id)
        if len(numbers) > 1:
            raise CorpusRefusal("id_ambiguous", id=id)
        entry = listed[numbers[0]]
        rewrite(folder, lambda text: without_entry(text, numbers[0]))
        fate = FileFate.KEPT if keep_file else _fate(folder, entry)
        if fate is FileFate.DELETED:
            (folder / entry.file).unlink()
    return Removed(entry=entry, file=fate)


def _fate(folder: Path, entry: Entry) -> FileFate:
    path = folder / entry.file
    if not path.is_file():
        return FileFate.ABSENT
    # Only ``add`` writes when it fetched a copy. A link could lead to somebody else's file.
    inside = path.resolve().is_relative_to(folder.resolve()) and not path.is_symlink()
    if not entry.retrieved or not inside:
        return FileFate.FOREIGN
    return FileFate.DELETED if sha256(path) == entry.sha256 else FileFate.CHANGED
