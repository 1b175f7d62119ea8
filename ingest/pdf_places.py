"""Where the characters of a PDF page stand, and what they look like. Part of ``pdf_text``, within its limits."""

from __future__ import annotations

import ctypes
import math
import re
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.layout.words import Ink
from ingest.pdf_tags import is_artifact

_MARGIN = 0.13
"""Part of a page's height, at its top and bottom, where marked decoration is a running head or foot."""

_PALE = 215
"""Brightness, of 255, from which on text may be as white as the paper."""

_FAINTEST = 26
"""Opacity, of 255, below which text is not seen."""

_SAME = 0.02
"""Points by which heights may differ and be the same."""

_DESCENT, _ASCENT = 0.22, 0.9
"""How far most fonts reach below and above the baseline, in parts of their size."""

_BOLD = re.compile(r"bold|black|heavy|semibold|demi|-bd|extrabd", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|-it\b", re.IGNORECASE)

Edges = tuple[float, float, float, float]
"""Left, bottom, right and top, in points."""


@dataclass(frozen=True, slots=True)
class View:
    """How the page's own coordinates become those it is read in: cropped, then turned clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @classmethod
    def of(cls, page: pdfium.PdfPage, turns: int) -> View:
        """``page`` turned by ``turns`` quarters."""
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page.raw, ctypes.byref(box))
        return cls(box.left, box.bottom, box.right, box.top, turns)

    @property
    def width(self) -> float:
        """Width of the page as it is read, in points."""
        return self.top - self.bottom if self.turns % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """Height of the page as it is read, in points."""
        return self.right - self.left if self.turns % 2 else self.top - self.bottom

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Edges:
        """A rectangle of the page's own coordinates on the page as it is read."""
        match self.turns:
            case 1:
                return y0 - self.bottom, self.right - x1, y1 - self.bottom, self.right - x0
            case 2:
                return self.right - x1, self.top - y1, self.right - x0, self.top - y0
            case 3:
                return self.top - y1, x0 - self.left, self.top - y0, x1 - self.left
            case _:
                return x0 - self.left, y0 - self.bottom, x1 - self.left, y1 - self.bottom


class Look(NamedTuple):
    """What all characters of a text object share.

    ``em`` is the size of the font, in points, where the font does not say how far its letters reach, else 0: a Type 3
    font gives the height of each letter's ink.
    """

    upright: bool = True
    bold: bool = False
    italic: bool = False
    figure: bool = False
    ink: Ink = Ink.PLAIN
    em: float = 0.0


class Places:
    """Rectangles and looks of the characters of a page.

    Calls into the library cost the time here, hence one question for each text object and not for each character.
    """

    def __init__(self, text: raw.FPDF_TEXTPAGE, view: View, figures: frozenset[int]) -> None:
        self.view = view
        self._text = text
        self._figures = figures
        self._turned, self._left, self._low = view.turns, view.left, view.bottom
        self._right, self._high = view.width, view.height
        rectangle = raw.FS_RECTF()
        self._pointer = ctypes.byref(rectangle)
        # All four at once take a quarter of the time of one after the other.
        self._values = (ctypes.c_float * 4).from_buffer(rectangle)
        self._edges = [ctypes.c_double() for _ in range(4)]
        self._ink = [ctypes.byref(value) for value in self._edges]
        self._buffer = ctypes.create_string_buffer(128)
        self._flags = ctypes.byref(ctypes.c_int())
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self._channels = [ctypes.byref(value) for value in self._colour]
        self._fonts: dict[bytes, tuple[bool, bool, bool]] = {}
        # By the address of the text object, which stays where it is while the page is open.
        self._looks: dict[bytes, Look] = {}
        self._artifacts: dict[bytes, bool] = {}

    def box(self, index: int) -> Edges:
        """Where a character stands, from the descent to the ascent of its font."""
        raw.FPDFText_GetLooseCharBox(self._text, index, self._pointer)
        left, top, right, bottom = self._values[:]
        if self._turned:
            return self.view.box(left, bottom, right, top)
        return left - self._left, bottom - self._low, right - self._left, top - self._low

    def look(self, index: int) -> Look:
        """What a character looks like."""
        item = raw.FPDFText_GetTextObject(self._text, index)
        if not item:
            return Look(upright=self._is_upright(index))
        address = bytes(item)
        look = self._looks.get(address)
        if look is None:
            look = self._looks[address] = self._look(index, item)
        return look

    def is_on_page(self, box: Edges) -> bool:
        """Whether something is to be seen of ``box``."""
        x0, y0, x1, y1 = box
        return x1 > 0 and y1 > 0 and x0 < self._right and y0 < self._high and y0 < y1

    def is_furniture(self, index: int, box: Edges) -> bool:
        """Whether a character in ``box``, near the edge of the page, is marked as no part of the text."""
        middle = (box[1] + box[3]) / 2 / self._high
        if _MARGIN < middle < 1 - _MARGIN:
            return False
        item = raw.FPDFText_GetTextObject(self._text, index)
        if not item:
            return False
        address = bytes(item)
        if address not in self._artifacts:
            self._artifacts[address] = is_artifact(item)
        return self._artifacts[address]

    def is_raised(self, index: int, other: int) -> bool:
        """Whether a character is smaller than the character ``other``, or its ink begins high above the baseline.

        Fonts may bring small raised figures of their own, in the size of the text.
        """
        here, size = self.box(index), height(self.box(other))
        if height(here) < 0.85 * size:
            return True
        ink = self._ink_box(index)
        return ink[1] - here[1] > 0.42 * size and height(ink) < 0.55 * size

    def line(self, index: int, em: float) -> tuple[float, float]:
        """Where the font of a character ends below and above, for fonts that say nothing about it themselves."""
        x, y = self._edges[:2]
        raw.FPDFText_GetCharOrigin(self._text, index, ctypes.byref(x), ctypes.byref(y))
        _, baseline, _, _ = self.view.box(x.value, y.value, x.value, y.value)
        return baseline - _DESCENT * em, baseline + _ASCENT * em

    def _look(self, index: int, item: raw.FPDF_PAGEOBJECT) -> Look:
        upright, (bold, italic, measured) = self._is_upright(index), self._font(index, item)
        return Look(
            upright=upright,
            bold=bold,
            italic=italic,
            figure=bool(self._figures) and raw.FPDFPageObj_GetMarkedContentID(item) in self._figures,
            ink=self._ink_of(item),
            em=0.0 if measured else self._em(index, item),
        )

    def _is_upright(self, index: int) -> bool:
        turn = (raw.FPDFText_GetCharAngle(self._text, index) + 0.5 * math.pi * self.view.turns) % math.tau
        return bool(turn < 0.1 or turn > math.tau - 0.1)

    def _font(self, index: int, item: raw.FPDF_PAGEOBJECT) -> tuple[bool, bool, bool]:
        """Whether a font is bold and whether it is italic, as its name says, and whether it says how high it is."""
        font = bytes(raw.FPDFTextObj_GetFont(item))
        if font not in self._fonts:
            size = raw.FPDFText_GetFontInfo(self._text, index, self._buffer, 128, self._flags)
            name = self._buffer.raw[: max(0, min(size, 128) - 1)].decode("utf-8", "replace")
            measured = abs(height(self.box(index)) - height(self._ink_box(index))) > _SAME
            self._fonts[font] = bool(_BOLD.search(name)), bool(_ITALIC.search(name)), measured
        return self._fonts[font]

    def _ink_box(self, index: int) -> Edges:
        raw.FPDFText_GetCharBox(self._text, index, *self._ink)
        left, right, bottom, top = (value.value for value in self._edges)
        return self.view.box(left, bottom, right, top)

    def _em(self, index: int, item: raw.FPDF_PAGEOBJECT) -> float:
        """The size that a text object is set in, in points; 0 if it cannot be that of its letters."""
        size, matrix = ctypes.c_float(), raw.FS_MATRIX()
        raw.FPDFTextObj_GetFontSize(item, ctypes.byref(size))
        raw.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
        em = abs(size.value) * math.hypot(matrix.c, matrix.d)
        return em if 0.9 * em < 3 * height(self.box(index)) < 9 * em else 0.0

    def _ink_of(self, item: raw.FPDF_PAGEOBJECT) -> Ink:
        mode = raw.FPDFTextObj_GetTextRenderMode(item)
        if mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP):
            return Ink.NONE
        if mode != raw.FPDF_TEXTRENDERMODE_FILL or not raw.FPDFPageObj_GetFillColor(item, *self._channels):
            return Ink.PLAIN
        red, green, blue, opacity = (value.value for value in self._colour)
        if opacity < _FAINTEST:
            return Ink.NONE
        return Ink.PALE if 0.3 * red + 0.59 * green + 0.11 * blue >= _PALE else Ink.PLAIN


def height(box: Edges) -> float:
    """The height of ``box``, in points."""
    return box[3] - box[1]
