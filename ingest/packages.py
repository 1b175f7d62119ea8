"""Office files are zip packages of XML: opened without unpacking to disk, without entities, and within limits."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ingest.failures import Unreadable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST = 200_000_000
"""Bytes of all parts of a package together, unpacked."""

LARGEST_PART = 60_000_000
"""Bytes of one part; parsed XML takes ten times as much memory."""

MOST_PARTS = 10_000

_CHANGED = ("{http://purl.org/dc/terms/}modified", "{http://purl.org/dc/elements/1.1/}date")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Package:
    """The parts of an office file by name. Nothing outside the file is ever read."""

    def __init__(self, archive: zipfile.ZipFile, suffix: str) -> None:
        self._archive = archive
        self._suffix = suffix

    def has(self, name: str) -> bool:
        """Whether there is a part of this name."""
        return name in self._archive.NameToInfo

    def xml(self, name: str) -> Element:
        """The root of an XML part.

        Raises:
            Unreadable: if it is missing, too large, no XML, or declares entities.
        """
        try:
            if self._archive.getinfo(name).file_size > LARGEST_PART:
                raise Unreadable("bomb", megabytes=LARGEST_PART // 1_000_000)
            root: Element = fromstring(self._archive.read(name), forbid_dtd=True)
        except (KeyError, ParseError, DefusedXmlException, zipfile.BadZipFile, OSError, RuntimeError) as error:
            raise Unreadable("no_office", suffix=self._suffix, reason=error) from error
        return root

    def dated(self, name: str) -> str:
        """The day of the last change as the part of this name tells it; empty where it does not."""
        try:
            root = self.xml(name)
        except Unreadable:  # the text is whole without it
            return ""
        said = (element.text or "" for element in root.iter() if element.tag in _CHANGED)
        return next((day[:10] for day in said if _DAY.match(day)), "")


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Open an office file for reading.

    Raises:
        Unreadable: if it is no such package, encrypted, or would unpack to more than ``LARGEST`` bytes.
    """
    suffix = path.suffix.lstrip(".").upper()
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST:
                raise Unreadable("bomb", megabytes=LARGEST // 1_000_000)
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable("encrypted")
            yield Package(archive, suffix)
    except zipfile.BadZipFile as error:
        # Office programs wrap encrypted files in an older container.
        encrypted = path.read_bytes()[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        failure = Unreadable("encrypted") if encrypted else Unreadable("no_office", suffix=suffix, reason=error)
        raise failure from error
