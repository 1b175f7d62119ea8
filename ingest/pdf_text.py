"""The owner of pypdfium2: words with their places, rules, outline, page labels and title of a PDF.

Runs in a worker process with limits (``ingest.pdf_worker``): a hostile file can make the C library eat memory or abort.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.domain import Box
from ingest.failures import Unreadable
from ingest.layout.words import HYPHEN, OutlineItem, RawDocument, RawPage, Word

MOST_PAGES = 5_000
MOST_CHARACTERS = 20_000_000
_MOST_PER_PAGE = 200_000
_MOST_OBJECTS = 20_000
_THIN = 2.5
_BLANKS = frozenset(map(ord, " \t\r\n\xa0\u2002\u2003\u2009\u200b\u202f\x00\x02\ufffe"))
_LINE_HYPHENS = (0x02, 0xFFFE)
_BOLD = re.compile(r"bold|black|heavy|semibold|demi|-bd|extrabd", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|-it\b", re.IGNORECASE)


def read_raw(path: Path) -> RawDocument:
    """Everything drawn in a PDF.

    Raises:
        Unreadable: if it is damaged, needs a password, or is larger than the limits.
    """
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
            title=(document.get_metadata_value("Title") or "").strip(),
            outline=tuple(_outline(document)),
            pages=tuple(_pages(document)),
        )


def _outline(document: pdfium.PdfDocument) -> Iterator[OutlineItem]:
    for item in document.get_toc(max_depth=8):
        destination = item.get_dest()
        page = destination.get_index() if destination else None
        title = " ".join(item.get_title().split())
        if page is None or not title:
            continue
        _, view = destination.get_view()
        top = view[1] if len(view) > 1 else view[0] if view else None
        yield OutlineItem(level=item.level + 1, title=title, page=page + 1, top=top)


def _pages(document: pdfium.PdfDocument) -> Iterator[RawPage]:
    characters = 0
    for index in range(len(document)):
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise Unreadable("damaged", reason=error) from error
        view = _View.of(page)
        text = page.get_textpage()
        count = text.count_chars()
        characters += count
        if count > _MOST_PER_PAGE or characters > MOST_CHARACTERS:
            raise Unreadable("too_much_text", limit=MOST_CHARACTERS)
        yield RawPage(
            number=index + 1,
            label=document.get_page_label(index),
            width=view.width,
            height=view.height,
            words=tuple(_words(text.raw, count, view)),
            rules=tuple(_rules(page.raw, view)),
        )
        text.close()
        page.close()


@dataclass(frozen=True, slots=True)
class _View:
    """How the page's own coordinates become those of the page as shown: cropped, then turned clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> _View:
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page.raw, ctypes.byref(box))
        return cls(box.left, box.bottom, box.right, box.top, page.get_rotation() // 90)

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


def _words(text: raw.FPDF_TEXTPAGE, count: int, view: _View) -> Iterator[Word]:
    """The words of a page in the order pdfium reads them; a change of font size or baseline begins a new one."""
    rectangle = raw.FS_RECTF()
    pointer = ctypes.byref(rectangle)
    get_code, get_box = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    codes: list[int] = []
    first = 0
    glued = False
    box = (0.0, 0.0, 0.0, 0.0)
    for index in range(count + 1):
        code = get_code(text, index) if index < count else 0x20
        if code in _LINE_HYPHENS and codes:
            # pdfium gives a hyphen at a line's end no place of its own.
            yield from _word(text, first, [*codes, ord(HYPHEN)], box, glued, view)
            codes, glued = [], False
            continue
        blank = code in _BLANKS
        if not blank:
            get_box(text, index, pointer)
            here = view.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        if codes and (blank or not _same_word(box, here)):
            yield from _word(text, first, codes, box, glued, view)
            codes, glued = [], not blank
        if blank:
            glued = False
            continue
        if not codes:
            first, box = index, here
        codes.append(code)
        box = (min(box[0], here[0]), min(box[1], here[1]), max(box[2], here[2]), max(box[3], here[3]))


def _same_word(word: tuple[float, ...], here: tuple[float, ...]) -> bool:
    """Whether a character goes on with a word: of the same height, on the same line, and right behind it."""
    size = word[3] - word[1]
    return (
        abs(here[1] - word[1]) <= 0.12 * size
        and abs(here[3] - word[3]) <= 0.15 * size
        and -0.5 * size <= here[0] - word[2] <= 0.5 * size
    )


def _word(
    text: raw.FPDF_TEXTPAGE, first: int, codes: list[int], box: tuple[float, ...], glued: bool, view: _View
) -> Iterator[Word]:
    """The word, unless it lies outside the page or its letters are not upright."""
    x0, y0, x1, y1 = box
    upright = abs(raw.FPDFText_GetCharAngle(text, first) - 1.5707963 * view.turns) % 6.2831853
    if x1 < 0 or y1 < 0 or x0 > view.width or y0 > view.height or 0.1 < upright < 6.18 or y1 <= y0:
        return
    name = _font_name(text, first)
    yield Word(
        text=_decoded(codes),
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        bold=bool(_BOLD.search(name)),
        italic=bool(_ITALIC.search(name)),
        glued=glued,
    )


def _font_name(text: raw.FPDF_TEXTPAGE, index: int) -> str:
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    size = raw.FPDFText_GetFontInfo(text, index, buffer, 128, ctypes.byref(flags))
    return buffer.raw[: max(0, min(size, 128) - 1)].decode("utf-8", "replace")


def _decoded(codes: list[int]) -> str:
    if all(code < 0xD800 or 0xE000 <= code < 0x10000 for code in codes):
        return "".join(map(chr, codes))
    units = b"".join((code & 0xFFFF).to_bytes(2, "little") for code in codes)
    return units.decode("utf-16-le", "replace")


def _rules(page: raw.FPDF_PAGE, view: _View) -> Iterator[Box]:
    """The thin lines on a page, and the edges of frames."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pointers = [ctypes.byref(value) for value in (left, bottom, right, top)]
    for index in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        item = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_PATH:
            continue
        if not raw.FPDFPageObj_GetBounds(item, *pointers):
            continue
        x0, y0, x1, y1 = view.box(left.value, bottom.value, right.value, top.value)
        if min(x1 - x0, y1 - y0) <= _THIN < max(x1 - x0, y1 - y0):
            yield Box(x0=x0, y0=y0, x1=x1, y1=y1)
