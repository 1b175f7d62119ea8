"""Pages that were recognised, kept until all of their file is, so that an interrupted OCR goes on where it stopped.

One folder for each file, named by the SHA-256 of its content, with one JSON file for each page and way it was turned.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Container
from pathlib import Path

from ingest.layout.words import Word
from ingest.ocr import Recognition

NAME = "recognised"
"""The folder of them in that of an index."""

log = logging.getLogger(__name__)


class RecognisedPages:
    """What was recognised of one file; nothing is kept without a ``folder``."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def find(self, number: int, turned: int) -> Recognition | None:
        """What was recognised on page ``number`` when it was drawn ``turned`` by so many quarters."""
        if self._folder is None:
            return None
        try:
            text = self._file(self._folder, number, turned).read_text(encoding="utf-8")
            found, words = json.loads(text)
            return Recognition(words=tuple(Word(*values) for values in words), turned=found)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            log.warning("page %d is recognised again, as what is kept of it is not readable: %s", number, error)
            return None

    def keep(self, number: int, turned: int, found: Recognition) -> None:
        """Write it down, if there is a folder and room in it: it only saves time."""
        if self._folder is None:
            return
        file = self._file(self._folder, number, turned)
        words = [[word.text, word.x0, word.y0, word.x1, word.y1] for word in found.words]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(".draft")
            draft.write_text(json.dumps([found.turned, words], ensure_ascii=False), encoding="utf-8")
            draft.replace(file)
        except OSError as error:
            log.warning("page %d will have to be recognised again: %s", number, error)

    @staticmethod
    def _file(folder: Path, number: int, turned: int) -> Path:
        return folder / f"{number}-{turned}.json"


def keep_only(folder: Path, files: Container[str]) -> None:
    """Forget what was recognised of all files but those whose SHA-256 is in ``files``."""
    if not folder.is_dir():
        return
    kept = 0
    for entry in folder.iterdir():
        if entry.name in files:
            kept += 1
        else:
            shutil.rmtree(entry, ignore_errors=True)
    if not kept:
        shutil.rmtree(folder, ignore_errors=True)
