"""RTF, read as the plain text it holds."""

from __future__ import annotations

from pathlib import Path

from assistant.domain import Document
from ingest.documents import Facts, from_pieces
from ingest.failures import Unreadable
from ingest.plain import pieces_of
from ingest.text_files import LARGEST


def read_rtf(path: Path, id: str) -> Document:
    r"""The text of an RTF file.

    Raises:
        Unreadable: if it does not begin with ``{\rtf``, is too large, or holds no text.
    """
    # For the few RTF files alone.
    from striprtf.striprtf import rtf_to_text

    if path.stat().st_size > LARGEST:
        raise Unreadable("too_large", megabytes=LARGEST // 1_000_000)
    data = path.read_bytes()
    if not data.lstrip().startswith(b"{\\rtf"):
        raise Unreadable("no_text_file")
    text: str = rtf_to_text(data.decode("cp1252", "replace"), errors="replace")  # type: ignore[no-untyped-call]
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Unreadable("empty")
    return from_pieces(id, text, pieces_of(text), Facts(title=path.stem))
