"""Bringing a file as far as a draft folder, where it can be looked at before it is part of the corpus."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ingest.corpus.descriptions import cleaned
from ingest.corpus.errors import CorpusRefusal
from ingest.corpus.kinds import suffix_for, suffix_in
from ingest.corpus.limits import Limits, refuse_larger

DRAFT = ".adding"
"""Hidden, so that it is never ingested; on the same disk, so that a file can be moved out of it in one step."""

_UNNAMED = "download"
_LONGEST_STEM = 60
"""Characters of a file's name; four bytes each, they still fit any file system."""

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A file in the draft folder, under a name that says what it is, and where it was downloaded from."""

    path: Path
    url: str = ""


@contextmanager
def draft_folder(folder: Path) -> Iterator[Path]:
    """An empty folder for one file; whatever is left in it goes with it. Hold the corpus folder meanwhile."""
    draft = folder / DRAFT
    shutil.rmtree(draft, ignore_errors=True)  # what an ``add`` left that was killed
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def copied(path: Path, draft: Path, limits: Limits) -> Brought:
    """A copy of a file.

    Raises:
        CorpusRefusal: ``format``, ``file_unreadable`` or ``too_large``.
    """
    if not suffix_in(path.name):
        raise CorpusRefusal("format", name=cleaned(path.name))
    target = draft / path.name
    try:
        source = path.open("rb")
    except OSError as error:
        raise CorpusRefusal("file_unreadable", file=path, reason=error.strerror or error) from error
    with source, target.open("xb") as copy:
        while block := source.read(_BLOCK):
            refuse_larger(copy.tell() + len(block), limits)
            copy.write(block)
    return Brought(path=target)


def downloaded(url: str, draft: Path, limits: Limits, allow_private: bool) -> Brought:
    """What lies at an address.

    Raises:
        CorpusRefusal: ``type_unknown``, or as for every download.
    """
    from ingest.corpus.addresses import all_addresses, public_addresses
    from ingest.corpus.download import download  # brings httpx

    unnamed = draft / "download"
    with unnamed.open("xb") as file:
        said = download(url, file, limits, first=all_addresses if allow_private else public_addresses)
    names = [said.name, *(unquote(PurePosixPath(urlsplit(address).path).name) for address in (said.url, url))]
    # The type only where no name tells: many servers call every file a stream of bytes.
    suffix = next(filter(None, map(suffix_in, names)), suffix_for(said.content_type))
    if not suffix:
        raise CorpusRefusal("type_unknown", type=cleaned(said.content_type) or "–")
    stems = (cleaned(PurePosixPath(name).stem)[:_LONGEST_STEM] for name in names)
    return Brought(path=unnamed.rename(draft / f"{next(filter(None, stems), _UNNAMED)}{suffix}"), url=url)
