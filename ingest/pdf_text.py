"""The owner of pypdfium2: words with their places and the rules of a PDF; its structure is read by ``pdf_structure``.

Runs in a worker process with limits (``ingest.pdf_worker``): a hostile file can make the C library eat memory or abort.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.failures import Unreadable
from ingest.layout.words import HYPHEN, RawDocument, RawPage, Word
from ingest.pdf_rules import drawing
from ingest.pdf_structure import read_structure
from ingest.pdf_tags import figure_ids, is_artifact

MOST_PAGES = 5_000
MOST_CHARACTERS = 20_000_000
_MOST_PER_PAGE = 200_000
_FEWEST_SHAPES = 6
"""Shapes on a page from which on it is worth asking which text belongs to a figure."""

_SAMPLES = 60
"""Characters of a page that are asked for their direction."""

_MARGIN = 0.13
"""Part of a page's height, at its top and bottom, where marked decoration is a running head or foot."""

_WORD = re.compile(r"[^\s\x00-\x1f\u200b\ufffe]+[\x02\ufffe]?|[\x02\ufffe](?=[\s\x00])")
_TRAILING_MARK = re.compile(r"(?<=\D)(?:\d{1,3}|[*†‡]{1,3})[),.;:]?[\x02\ufffe]?$")
_LEADING_MARK = re.compile(r"(?:\d{1,3}|[*†‡]{1,3})\)?(?=[^\W\d])")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BOLD = re.compile(r"bold|black|heavy|semibold|demi|-bd|extrabd", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|-it\b", re.IGNORECASE)


def read_raw(path: Path) -> RawDocument:
    """Everything drawn in a PDF.

    Raises:
        Unreadable: if it is damaged, needs a password, or is larger than the limits.
    """
    structure = read_structure(path)
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        encrypted = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        raise (Unreadable("encrypted") if encrypted else Unreadable("damaged", reason=error)) from error
    with document:
        if len(document) > MOST_PAGES:
            raise Unreadable("too_many_pages", limit=MOST_PAGES)
        if not len(document):
            raise Unreadable("empty")
        return RawDocument(
            title=structure.title,
            dated=structure.dated,
            outline=structure.outline,
            pages=tuple(_pages(document, structure.labels)),
        )


def _pages(document: pdfium.PdfDocument, labels: Sequence[str]) -> Iterator[RawPage]:
    characters = 0
    tagged = bool(raw.FPDFCatalog_IsTagged(document.raw))
    for index in range(len(document)):
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise Unreadable("damaged", reason=error) from error
        text = page.get_textpage()
        count = text.count_chars()
        view = _View.of(page, _upright(text.raw, count, page.get_rotation() // 90))
        drawn = drawing(page.raw, view.box)
        characters += count
        if count > _MOST_PER_PAGE or characters > MOST_CHARACTERS:
            raise Unreadable("too_much_text", limit=MOST_CHARACTERS)
        figures = figure_ids(page) if tagged and drawn.shapes >= _FEWEST_SHAPES else frozenset()
        yield RawPage(
            number=index + 1,
            label=labels[index] if index < len(labels) else "",
            width=view.width,
            height=view.height,
            words=tuple(_words(text.raw, count, view, figures)),
            rules=drawn.rules,
            turned=(view.turns - page.get_rotation() // 90) % 4,
        )
        text.close()
        page.close()


@dataclass(frozen=True, slots=True)
class _View:
    """How the page's own coordinates become those it is read in: cropped, then turned clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @classmethod
    def of(cls, page: pdfium.PdfPage, turns: int) -> _View:
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page.raw, ctypes.byref(box))
        return cls(box.left, box.bottom, box.right, box.top, turns)

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.turns % 2 else self.right - self.left

    @property
    def height(self) -> float:
        return self.right - self.left if self.turns % 2 else self.top - self.bottom

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        match self.turns:
            case 1:
                return y0 - self.bottom, self.right - x1, y1 - self.bottom, self.right - x0
            case 2:
                return self.right - x1, self.top - y1, self.right - x0, self.top - y0
            case 3:
                return self.top - y1, x0 - self.left, self.top - y0, x1 - self.left
            case _:
                return x0 - self.left, y0 - self.bottom, x1 - self.left, y1 - self.bottom


def _upright(text: raw.FPDF_TEXTPAGE, count: int, shown: int) -> int:
    """The quarter turns clockwise that put most letters of a page upright; ``shown`` are those it is shown with."""
    turns = Counter(
        round(-raw.FPDFText_GetCharAngle(text, index) / (0.5 * math.pi)) % 4
        for index in range(0, count, max(1, count // _SAMPLES))
        if raw.FPDFText_GetUnicode(text, index) > 0x20
    )
    most = max(turns, key=lambda turn: (turns[turn], turn == shown), default=shown)
    return most if turns[most] > turns[shown] else shown


def _words(text: raw.FPDF_TEXTPAGE, count: int, view: _View, figures: frozenset[int]) -> Iterator[Word]:
    """The words of a page in the order pdfium reads them; a footnote mark behind a word is one of its own.

    Calls into the library are what costs time here, hence the characters first and then two rectangles a word.
    """
    characters = _characters(text, count)
    place = _Places(text, view, figures)
    for match in _WORD.finditer(characters):
        first, end = match.span()
        shown = _whole_characters(match[0].replace("\x02", HYPHEN))
        # pdfium gives a hyphen at a line's end no place of its own.
        last = end - 2 if shown.endswith(HYPHEN) and end - first > 1 else end - 1
        start, stop = (first, last) if shown.isalpha() else _between_marks(place, first, last, shown)
        behind = len(shown) - (last - stop)
        if start > first:
            yield from _word(place, first, start - 1, shown[: start - first], raised=True)
        yield from _word(place, start, stop, shown[start - first : behind], glued=start > first)
        if stop < last:
            yield from _word(place, stop + 1, last, shown[behind:], glued=True, raised=True)


def _characters(text: raw.FPDF_TEXTPAGE, count: int) -> str:
    """The characters of a page, one for each of the library's numbers."""
    units = (ctypes.c_ushort * (count + 1))()
    size = raw.FPDFText_GetText(text, 0, count, units)
    found = bytes(units)[: 2 * max(0, size - 1)].decode("utf-16-le", "replace")
    if len(found) == count:
        return found
    # Rare characters take two units, and some are left out: then ask for each, which takes twenty times as long.
    return "".join([chr(raw.FPDFText_GetUnicode(text, index)) for index in range(count)])


class _Places:
    """Rectangles, angles and fonts of the characters of a page."""

    def __init__(self, text: raw.FPDF_TEXTPAGE, view: _View, figures: frozenset[int]) -> None:
        self._text = text
        self._figures = figures
        self._view = view
        self._rectangle = raw.FS_RECTF()
        self._pointer = ctypes.byref(self._rectangle)
        self._edges = [ctypes.c_double() for _ in range(4)]
        self._ink = [ctypes.byref(value) for value in self._edges]
        self._buffer = ctypes.create_string_buffer(128)
        self._flags = ctypes.byref(ctypes.c_int())
        self._styles: dict[bytes, tuple[bool, bool]] = {}

    def box(self, index: int) -> tuple[float, float, float, float]:
        """Where a character stands, from the descent to the ascent of its font."""
        raw.FPDFText_GetLooseCharBox(self._text, index, self._pointer)
        found = self._rectangle
        return self._view.box(found.left, found.bottom, found.right, found.top)

    def is_raised(self, index: int, other: int) -> bool:
        """Whether a character is smaller than the character ``other``, or its ink begins high above the baseline.

        Fonts may bring small raised figures of their own, in the size of the text.
        """
        here, size = self.box(index), _height(self.box(other))
        if _height(here) < 0.85 * size:
            return True
        raw.FPDFText_GetCharBox(self._text, index, *self._ink)
        left, right, bottom, top = (value.value for value in self._edges)
        ink = self._view.box(left, bottom, right, top)
        return ink[1] - here[1] > 0.42 * size and _height(ink) < 0.55 * size

    def is_shown(self, index: int, box: tuple[float, float, float, float]) -> bool:
        """Whether a character is upright and on the page."""
        x0, y0, x1, y1 = box
        inside = x1 > 0 and y1 > 0 and x0 < self._view.width and y0 < self._view.height and y0 < y1
        turn = (raw.FPDFText_GetCharAngle(self._text, index) + 0.5 * math.pi * self._view.turns) % math.tau
        return inside and (turn < 0.1 or turn > math.tau - 0.1)

    def is_furniture(self, index: int, box: tuple[float, float, float, float]) -> bool:
        """Whether a character near the edge of the page is marked as no part of the text."""
        middle = (box[1] + box[3]) / 2 / self._view.height
        if _MARGIN < middle < 1 - _MARGIN:
            return False
        item = raw.FPDFText_GetTextObject(self._text, index)
        return bool(item) and is_artifact(item)

    def is_figure(self, index: int) -> bool:
        """Whether a character belongs to a figure."""
        if not self._figures:
            return False
        item = raw.FPDFText_GetTextObject(self._text, index)
        return bool(item) and raw.FPDFPageObj_GetMarkedContentID(item) in self._figures

    def style(self, index: int) -> tuple[bool, bool]:
        """Whether a character is bold, and whether it is italic, as its font's name says."""
        size = raw.FPDFText_GetFontInfo(self._text, index, self._buffer, 128, self._flags)
        name = self._buffer.raw[: max(0, min(size, 128) - 1)]
        if name not in self._styles:
            shown = name.decode("utf-8", "replace")
            self._styles[name] = bool(_BOLD.search(shown)), bool(_ITALIC.search(shown))
        return self._styles[name]


def _height(box: tuple[float, float, float, float]) -> float:
    return box[3] - box[1]


def _between_marks(place: _Places, first: int, last: int, shown: str) -> tuple[int, int]:
    """The first and last character of a word without the raised marks before and behind it."""
    start, stop = first, last
    leading, trailing = _LEADING_MARK.match(shown), _TRAILING_MARK.search(shown)
    if leading and place.is_raised(first, last):
        start = first + leading.end()
    elif trailing:
        while stop > first and place.is_raised(stop, first):
            stop -= 1
    return start, stop


def _word(place: _Places, first: int, last: int, shown: str, glued: bool = False, raised: bool = False) -> list[Word]:
    """The word from the character ``first`` to ``last``, if it is to be seen."""
    box = place.box(first)
    if not place.is_shown(first, box):
        return []
    end = place.box(last) if last > first else box
    bold, italic = place.style(first)
    word = Word(
        text=shown,
        x0=min(box[0], end[0]),
        y0=min(box[1], end[1]),
        x1=max(box[2], end[2]),
        y1=max(box[3], end[3]),
        bold=bold,
        italic=italic,
        glued=glued,
        raised=raised,
        furniture=place.is_furniture(first, box),
        figure=place.is_figure(first),
    )
    return [word]


def _whole_characters(text: str) -> str:
    """``text`` with the halves of rare characters put together; pdfium hands out UTF-16."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
