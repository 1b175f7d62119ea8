"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from assistant.texts import message
from ingest.corpus.errors import CorpusRefusal
from ingest.discovery import FORMATS

HEAD = 4096
"""Bytes that are looked at."""

_FITTING: Mapping[str, tuple[str, ...]] = {
    ".pdf": ("pdf",),
    ".docx": ("docx",),
    ".odt": ("odt",),
    ".xlsx": ("xlsx",),
    ".rtf": ("rtf",),
    ".html": ("html", "markup"),
    ".htm": ("html", "markup"),
    ".xhtml": ("html", "markup"),
}
_TEXTS = ("text", "markup")
"""What every other format may be: Markdown may well begin with a tag."""

_TYPES: Mapping[str, str] = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/plain": ".txt",
}
_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "content.xml": "odt"}

_BEFORE = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]*>|<!--.*?-->)*", re.DOTALL)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def check_kind(path: Path) -> None:
    """Refuse a file that is empty or not what its name says.

    Raises:
        CorpusRefusal: ``empty`` or ``kind``.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip():
        raise CorpusRefusal("empty", name=path.name)
    found = kind_of(head)
    if found == "zip":
        found = _office_kind(path)
    suffix = path.suffix.lower()
    if found not in _FITTING.get(suffix, _TEXTS):
        what = message("kinds", found, package="ingest")
        raise CorpusRefusal("kind", name=path.name, suffix=suffix, found=what)


def kind_of(head: bytes) -> str:
    """What begins like this: ``pdf``, ``zip``, ``rtf``, ``ole``, ``html``, ``markup``, ``text`` or ``binary``."""
    text = head[_match_end(head) :]
    if _HTML.match(text):
        return "html"
    # Some programs put a line in front of a PDF.
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for start, kind in ((b"PK\x03\x04", "zip"), (b"{\\rtf", "rtf"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole")):
        if head.startswith(start):
            return kind
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"  # UTF-16
    if _CONTROL.search(head):
        return "binary"
    return "markup" if re.match(rb"<[A-Za-z!]", text) else "text"


def suffix_in(name: str) -> str:
    """The ending of ``name`` if it is that of a format which can be read, else nothing."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix in FORMATS else ""


def suffix_for(content_type: str) -> str:
    """The ending for what a server calls a file, nothing for what it does not tell."""
    return _TYPES.get(content_type.partition(";")[0].strip().lower(), "")


def _match_end(head: bytes) -> int:
    before = _BEFORE.match(head)
    return before.end() if before else 0


def _office_kind(path: Path) -> str:
    """What a zip package is by the part that its readers look for."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, EOFError):
        return "zip"
    return next((kind for part, kind in _PARTS.items() if part in names), "zip")
