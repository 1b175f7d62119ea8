"""What an ingest did, file by file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class FileStatus(StrEnum):
    """What became of a file. Skipped files are no documents; a duplicate has the content of an earlier file."""

    READ = "read"
    FAILED = "failed"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """One file. ``reason`` is German and says why it was not read; ``line`` is set for a bad line of a file.

    ``document`` is the id when the file holds one document; ``tables`` counts its tables, ``rows`` theirs. ``language``
    is ISO 639, empty where it does not show. ``stand`` is the date of validity, ``dated`` when the file says it was
    last changed.
    ``duplicate_of`` names an earlier file with the same text, ``similar_to`` one with nearly the same. ``fingerprint``
    changes with the file's content, name and manifest entry, and is empty where part of the file failed.

    Physical page numbers: ``without_text`` where hardly anything can be read without OCR, ``searched`` those of them
    where OCR found nothing either, ``unreadable`` where the font is, ``ocr`` what was read by it, ``gaps``
    where letters are lost, ``hidden`` where
    words that nobody sees were left out, ``damaged`` those that do not open. ``postponed`` says that time for OCR ran
    out, and that the next ingest goes on with it.
    """

    file: str
    status: FileStatus
    document: str = ""
    kind: str = ""
    documents: int = 0
    pages: int = 0
    passages: int = 0
    sentences: int = 0
    tables: int = 0
    rows: int = 0
    without_text: tuple[int, ...] = ()
    searched: tuple[int, ...] = ()
    unreadable: tuple[int, ...] = ()
    ocr: tuple[int, ...] = ()
    gaps: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()
    damaged: tuple[int, ...] = ()
    postponed: bool = False
    duplicate_of: str = ""
    similar_to: str = ""
    line: int | None = None
    reason: str = ""
    language: str = ""
    stand: str = ""
    dated: str = ""
    fingerprint: str = ""
    seconds: float = 0.0

    @property
    def needs_ocr(self) -> bool:
        """Whether OCR may read what could not be read of this file."""
        failed_pdf = self.status is FileStatus.FAILED and self.file.lower().endswith(".pdf")
        return failed_pdf or bool(self.unreadable) or bool(self.unsearched)

    @property
    def unsearched(self) -> tuple[int, ...]:
        """The pages without text that OCR has not looked at, or failed on."""
        return tuple(page for page in self.without_text if page not in self.searched)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """The whole ingest. ``unchanged`` says that the index already held exactly this and nothing was done.

    ``ocr_available`` says whether pages without text could be recognised.
    """

    documents: int
    pages: int
    passages: int
    sentences: int
    seconds: float
    unchanged: bool
    files: tuple[FileReport, ...]
    ocr_available: bool = False

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """The files and lines that should have been read but could not be."""
        return tuple(file for file in self.files if file.status is FileStatus.FAILED)

    @property
    def read(self) -> int:
        """How many files were read."""
        return sum(file.status is FileStatus.READ for file in self.files)

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        values = asdict(self)
        values["failed"] = len(self.failed)
        values["files"] = [{**file, "status": str(file["status"])} for file in values["files"]]
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> IngestReport:
        """The report that ``to_json`` wrote."""
        files = tuple(_file(item) for item in values["files"])
        numbers = {key: value for key, value in values.items() if key not in ("files", "failed")}
        return cls(files=files, **numbers)


def _file(values: Mapping[str, Any]) -> FileReport:
    lists = ("without_text", "searched", "unreadable", "ocr", "gaps", "hidden", "damaged")
    pages = {key: tuple(values.get(key, ())) for key in lists}
    return FileReport(**{**values, **pages, "status": FileStatus(values["status"])})
