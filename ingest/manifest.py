"""``manifest.toml`` of a corpus folder: what its documents are called and which files are no documents."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

from assistant.errors import CorpusError

NAME = "manifest.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the manifest says of one file; empty fields leave the word to the file itself.

    ``sha256`` is what the file should be and ``retrieved`` the day on which ``fundstelle corpus add`` brought it.
    """

    file: str = ""
    id: str = ""
    title: str = ""
    kind: str = ""
    stand: str = ""
    url: str = ""
    publisher: str = ""
    notice: str = ""
    # Not in the repr, which the corpus digest is made of: no document changes with them.
    sha256: str = field(default="", repr=False)
    retrieved: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """All entries in their order, and patterns of files to leave out.

    A ``*`` in a pattern matches slashes too: ``guideline/*`` means everything below that folder.
    """

    listed: tuple[Entry, ...] = ()
    ignore: tuple[str, ...] = ()

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """The entries by file (relative to the folder, forward slashes); of two for one file, the later."""
        return {entry.file: entry for entry in self.listed if entry.file}

    def ignores(self, file: str) -> bool:
        """Whether ``file`` is no document."""
        return any(fnmatchcase(file, pattern) for pattern in self.ignore)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of ``folder``, an empty one when there is none.

    Raises:
        CorpusError: ``manifest_invalid``, if it is no such TOML or an entry has an unknown or wrong field.
    """
    path = folder / NAME
    if not path.is_file():
        return Manifest()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        listed = tuple(_entry(item) for item in values.get("document", []))
        ignore = tuple(str(pattern) for pattern in values.get("corpus", {}).get("ignore", []))
    except (ValueError, TypeError, AttributeError) as error:
        raise CorpusError("manifest_invalid", file=path, reason=error) from error
    return Manifest(listed=listed, ignore=ignore)


def _entry(item: Mapping[str, object]) -> Entry:
    unknown = set(item) - {known.name for known in fields(Entry)}
    if unknown:
        raise ValueError(", ".join(sorted(unknown)))
    return Entry(**{key: str(value) for key, value in item.items()})
