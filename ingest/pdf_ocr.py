"""Pages of a PDF without readable text, read from their picture where Tesseract is installed.

Runs in the worker of ``pdf``, yet every page is drawn and recognised by processes of their own with their own limits:
whatever becomes of them, the text of the other pages is not lost.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import median

from assistant.cores import cores
from ingest.layout.legible import lacks_text
from ingest.layout.words import RawDocument, RawPage, Word
from ingest.ocr import SAME_SIZE, Recognition, recognise
from ingest.pdf_picture import grey_picture
from ingest.recognised import RecognisedPages

_SCALE = 300 / 72
"""Pixels to the point; Tesseract was trained on 300 dots to the inch."""

_CLEARLY_MORE = 1.5
"""Letters recognised for each that the page holds as text, from which on the picture is the better source."""

MOST_AT_ONCE = 8
"""Pages recognised at the same time at most: threads take address space, which this process has little of."""

log = logging.getLogger(__name__)


def with_ocr(raw: RawDocument, path: Path, seconds: float, kept: RecognisedPages) -> RawDocument:
    """``raw`` with the words recognised on the pages that lack text.

    After so many ``seconds`` no page is begun: the others are ``postponed``, and find again what was ``kept`` of those
    before them. A page that cannot be recognised stays as it is.
    """
    lacking = [page for page in raw.pages if lacks_text(page) and not page.searched]
    end = time.monotonic() + seconds

    def recognised(page: RawPage) -> RawPage:
        if time.monotonic() > end:
            return replace(page, postponed=True)
        try:
            return _recognised(page, path, kept)
        except Exception:  # programs and their output can fail in many ways, and the other pages are worth having
            log.exception("%s: page %d was not recognised", path.name, page.number)
            return page

    with ThreadPoolExecutor(max_workers=min(MOST_AT_ONCE, cores())) as workers:
        found = {page.number: page for page in _evened(list(workers.map(recognised, lacking)))}
    return replace(raw, pages=tuple(found.get(page.number, page) for page in raw.pages))


def _evened(pages: Sequence[RawPage]) -> Iterator[RawPage]:
    """``pages`` with one height for the text of all, which is measured page by page from the ink of its lines."""
    heights = [word.size for page in pages if page.recognised for word in page.words]
    usual = median(heights) if heights else 0.0
    for page in pages:
        even = page.recognised and page.searched
        yield replace(page, words=tuple(_even(word, usual) for word in page.words)) if even else page


def _even(word: Word, usual: float) -> Word:
    return word._replace(y1=word.y0 + usual) if abs(word.size - usual) <= SAME_SIZE * usual else word


def _recognised(page: RawPage, path: Path, kept: RecognisedPages) -> RawPage:
    """``page`` with the words of its picture, if they say clearly more than its text."""
    upright = replace(page, words=(), rules=(), turned=0)
    if page.turned % 2:
        upright = replace(upright, width=page.height, height=page.width)
    found = _read(upright, path, kept)
    if found.turned:
        # A sheet that lay askew in the scanner is read as it should lie.
        turned = upright.height, upright.width
        width, height = turned if found.turned % 2 else turned[::-1]
        upright = replace(upright, width=width, height=height, turned=found.turned)
        found = _read(upright, path, kept)
    letters, known = (sum(len(word.text) for word in words) for words in (found.words, page.words))
    if not letters or (lacks_text(page) != "unreadable" and letters < _CLEARLY_MORE * known):
        return replace(page, searched=True)
    return replace(upright, words=found.words, recognised=bool(found.words), searched=True)


def _read(page: RawPage, path: Path, kept: RecognisedPages) -> Recognition:
    known = kept.find(page.number, page.turned)
    if known:
        return known
    picture = grey_picture(path, page.number, scale=_SCALE, turned=page.turned)
    pixels = int(picture.split(maxsplit=3)[2])
    found = recognise(picture, page.height, pixels / page.height)
    kept.keep(page.number, page.turned, found)
    return found
