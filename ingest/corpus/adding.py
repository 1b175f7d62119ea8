"""Adding a document to a corpus folder: a copy of a file, a download, or a file that already lies there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.domain import Document
from assistant.errors import CorpusError
from ingest.corpus.bringing import Brought, copied, downloaded, draft_folder
from ingest.corpus.descriptions import checked, cleaned
from ingest.corpus.editing import rewrite, with_entry
from ingest.corpus.errors import CorpusRefusal
from ingest.corpus.folder import changing
from ingest.corpus.kinds import check_kind
from ingest.corpus.limits import Limits
from ingest.discovery import Source, discover, sha256
from ingest.faq import slug
from ingest.manifest import Entry, read_manifest
from ingest.readers import Failure, read

_UNNAMED = "dokument"


def add(source: str, folder: Path, said: Entry, limits: Limits, *, today: date, allow_private: bool = False) -> Entry:
    """Add a file or what lies at an address, and describe it in the manifest. Nothing changes if it is refused.

    Args:
        source: a path, or an address with ``http://`` or ``https://``.
        folder: the corpus folder.
        said: what the operator says of the document; empty fields are taken from the document.
        limits: how large it may be and how long a download may take.
        today: the date that is written down.
        allow_private: also fetch from a host inside the own network; a redirect to one is never followed.

    Raises:
        CorpusRefusal: if the document or the folder cannot be used.
        CorpusError: if there is no such file, the manifest cannot be read, or someone else changes the folder.
    """
    said = checked(said)
    with changing(folder):
        _refuse_taken_id(folder, said.id)
        path = Path(source)
        if "://" in source:
            return _moved_in(folder, said, today, lambda draft: downloaded(source, draft, limits, allow_private))
        if not path.is_file():
            raise CorpusError("path_missing", path=path)
        if path.resolve().is_relative_to(folder.resolve()):
            return _described(folder, path, said)
        return _moved_in(folder, said, today, lambda draft: copied(path, draft, limits))


def _moved_in(folder: Path, said: Entry, today: date, bring: Callable[[Path], Brought]) -> Entry:
    with draft_folder(folder) as draft:
        brought = bring(draft)
        entry = _entry(brought.path, said)
        # The last part of an address is seldom a name.
        name = entry.title if brought.url else brought.path.stem
        id = said.id or slug(name) or _UNNAMED
        file = f"{slug(id) or _UNNAMED}{brought.path.suffix.lower()}"
        entry = replace(entry, id=id, file=file, url=said.url or brought.url, retrieved=today.isoformat())
        _refuse_taken(folder, entry, brought.path)
        target = folder / file
        brought.path.rename(target)
        try:
            _write(folder, entry)
        except BaseException:
            target.unlink()
            raise
    return entry


def _described(folder: Path, path: Path, said: Entry) -> Entry:
    """An entry for a file that lies in the corpus folder already. It was not brought by ``add`` and stays its owner's.

    Raises:
        CorpusRefusal: if ingest would not read it, or the manifest describes it.
    """
    sources = {source.path.resolve(): source for source in discover([folder]).sources}
    source = sources.get(path.resolve())
    if source is None:
        raise CorpusRefusal("not_read", file=path)
    if source.name in read_manifest(folder).entries:
        raise CorpusRefusal("described", file=source.name, id=source.id)
    entry = replace(_entry(path, said), id=said.id or source.name, file=source.name, url=said.url)
    _write(folder, entry)
    return entry


def _write(folder: Path, entry: Entry) -> None:
    rewrite(folder, lambda text: with_entry(text, entry))


def _entry(path: Path, said: Entry) -> Entry:
    """What ``said`` and the file itself say of a document, without its id, file and address.

    Raises:
        CorpusRefusal: if the file is not what its name says, or cannot be read.
    """
    check_kind(path)
    document = _read(path, said.kind)
    # A file of many documents says of each what it is.
    own = document if path.suffix.lower() != ".jsonl" else Document(id="", title=path.stem, text="", kind="")
    return replace(
        said,
        title=said.title or cleaned(own.title),
        kind=said.kind or own.kind,
        stand=said.stand or cleaned(own.stand),
        sha256=sha256(path),
    )


def _read(path: Path, kind: str) -> Document:
    """The (first) document in the file, so that what nobody can read is refused here and now."""
    entry = Entry(file=path.name, id=path.stem, kind=kind)
    first = next(read(Source(path=path, name=path.name, entry=entry)), None)
    if isinstance(first, Document):
        return first
    reason = first.reason if isinstance(first, Failure) else "–"
    raise CorpusRefusal("unreadable", name=cleaned(path.name), reason=reason)


def _refuse_taken(folder: Path, entry: Entry, draft: Path) -> None:
    """Refuse what would hide, repeat or overwrite something in the corpus, or be passed over itself."""
    _refuse_taken_id(folder, entry.id)
    if read_manifest(folder).ignores(entry.file):
        raise CorpusRefusal("ignored", file=entry.file)
    if (folder / entry.file).exists():
        raise CorpusRefusal("file_taken", file=entry.file)
    size = draft.stat().st_size
    for source in discover([folder]).sources:
        if source.path.stat().st_size == size and sha256(source.path) == entry.sha256:
            raise CorpusRefusal("same_content", file=source.name, id=source.id)


def _refuse_taken_id(folder: Path, id: str) -> None:
    owners = {source.id: source.name for source in discover([folder]).sources}
    owners |= {entry.id: entry.file for entry in read_manifest(folder).listed if entry.id}
    if id and id in owners:
        raise CorpusRefusal("id_taken", id=id, file=owners[id])
