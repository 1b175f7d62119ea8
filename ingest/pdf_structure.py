"""The owner of pypdf: what a PDF says about itself – encryption, title, page labels and outline.

Runs in the same limited worker process as ``pdf_text``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError
from pypdf.generic import Destination

from ingest.failures import Unreadable
from ingest.layout.words import OutlineItem

_DEEPEST = 8
"""Levels of an outline that are read; deeper ones are no headings."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What is empty the file does not say.

    ``labels`` are the printed page numbers in page order, ``dated`` the ISO date of the last change.
    """

    title: str = ""
    dated: str = ""
    labels: tuple[str, ...] = ()
    outline: tuple[OutlineItem, ...] = ()


def read_structure(path: Path) -> Structure:
    """The structure of a PDF; none for a file that only a more forgiving reader can open.

    Raises:
        Unreadable: if the file needs a password.
    """
    try:
        reader = PdfReader(path)
        # A file that only its owner may change opens with the empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted")
        title = str(reader.metadata.title or "").strip() if reader.metadata else ""
        dated = _dated(reader)
        outline = tuple(_items(reader, reader.outline, 1))
        # Where the file labels no pages, pypdf counts them; what is printed on them is then the better label.
        labels = tuple(reader.page_labels) if "/PageLabels" in reader.root_object else ()
        return Structure(title=title, dated=dated, labels=labels, outline=outline)
    except FileNotDecryptedError as error:
        raise Unreadable("encrypted") from error
    except DependencyError:
        # Modern encryption needs a further library; pdfium has it built in and says whether a password is missing.
        log.warning("%s: no structure read, for it is encrypted", path.name)
        return Structure()
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError) as error:
        # Broken structure must not cost the text: pdfium decides whether the file itself is readable.
        log.warning("%s: no structure read (%s: %s)", path.name, type(error).__name__, error)
        return Structure()


def _dated(reader: PdfReader) -> str:
    """When the file was last changed, else made; many programs write dates that are none."""
    for name in ("modification_date", "creation_date"):
        with suppress(ValueError, TypeError, AttributeError):
            return f"{getattr(reader.metadata, name):%Y-%m-%d}"
    return ""


def _items(reader: PdfReader, outline: list[Any], level: int) -> Iterator[OutlineItem]:
    """The outline's entries in order; a nested list holds the entries below the one before it."""
    for entry in outline:
        if isinstance(entry, Destination):
            page = reader.get_destination_page_number(entry)
            title = " ".join(str(entry.title or "").split())
            if page is not None and page >= 0 and title:
                top = float(entry.top) if isinstance(entry.top, (int, float)) else None
                yield OutlineItem(level=level, title=title, page=page + 1, top=top)
        elif level < _DEEPEST:
            yield from _items(reader, entry, level + 1)
