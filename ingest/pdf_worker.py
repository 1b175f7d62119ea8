"""The worker process: one PDF in, what it says out as JSON on standard output.

``python -m ingest.pdf_worker FILE MEMORY SECONDS OCR_SECONDS KEPT PARENT``, limits in bytes and seconds, the last of
which says how long pages without text may be recognised where Tesseract is installed. The folder ``KEPT``, unless it is
empty, keeps what was recognised. It ends with the process ``PARENT`` that started it. The exit code is 0 even if the
PDF cannot be read: then the answer holds the reason. Any other end is the death of the worker.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import Any

from ingest.blocks import Block
from ingest.failures import Unreadable
from ingest.layout.legible import lacks_text
from ingest.layout.reading import Reading, read
from ingest.layout.words import RawDocument
from ingest.worker_limits import alarm, end_with, limit


def main(arguments: list[str]) -> None:
    """Read the PDF named by ``arguments`` and write the answer."""
    path, memory, seconds, ocr_seconds, kept, parent = arguments
    end_with(int(parent))
    limit(int(memory), int(seconds))
    # Nearly everything made here stays until the end, so that looking for waste would only take time.
    gc.disable()
    try:
        # The C library is loaded only under the limits.
        from ingest.pdf_text import read_raw

        with alarm(int(seconds)):
            raw = read_raw(Path(path))
        if any(lacks_text(page) and not page.searched for page in raw.pages):
            raw = _with_ocr(raw, Path(path), int(ocr_seconds), Path(kept) if kept else None)
        answer = _answer(read(raw))
    except Unreadable as failure:
        answer = {"failure": str(failure)}
    json.dump(answer, sys.stdout, ensure_ascii=False, separators=(",", ":"))


def _with_ocr(raw: RawDocument, path: Path, seconds: int, kept: Path | None) -> RawDocument:
    # Few files need it.
    from ingest.discovery import sha256
    from ingest.ocr import is_available
    from ingest.pdf_ocr import with_ocr
    from ingest.recognised import RecognisedPages

    pages = RecognisedPages(kept / sha256(path) if kept else None)
    return with_ocr(raw, path, seconds, pages) if is_available() else raw


def _answer(reading: Reading) -> dict[str, Any]:
    pages = [[page.number, page.label, page.width, page.height, page.note] for page in reading.pages]
    blocks = [_block(block) for block in reading.blocks]
    return {"title": reading.title, "dated": reading.dated, "pages": pages, "blocks": blocks}


def _block(block: Block) -> list[Any]:
    places = [
        [place.start, place.end, place.page, place.line, *(round(value, 2) for value in _corners(place.box))]
        for place in block.places
    ]
    return [str(block.kind), block.text, block.level, places]


def _corners(box: Any) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1


if __name__ == "__main__":
    main(sys.argv[1:])
