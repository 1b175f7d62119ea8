"""Text out of text files, whatever encoding an office of the last thirty years wrote it in."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.failures import Unreadable

LARGEST = 50_000_000
"""Bytes of a text file at most."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read_text(path: Path) -> str:
    """The text of a file, its line ends unified: UTF-8, UTF-16 with a byte order mark, else Windows-1252.

    Raises:
        Unreadable: if the file is too large or no text.
    """
    if path.stat().st_size > LARGEST:
        raise Unreadable("too_large", megabytes=LARGEST // 1_000_000)
    text = decode(path.read_bytes())
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes) -> str:
    """The text that ``data`` holds.

    Raises:
        Unreadable: if it holds none.
    """
    text = _decoded(data)
    if _CONTROL.search(text):
        raise Unreadable("no_text_file")
    return text


def _decoded(data: bytes) -> str:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("no_text_file")
