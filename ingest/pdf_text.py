"""The owner of pypdfium2: words with their places and the rules of a PDF; its structure is read by ``pdf_structure``.

Runs in a worker process with limits (``ingest.pdf_worker``): a hostile file can make the C library eat memory or abort.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.failures import Unreadable
from ingest.layout.words import HYPHEN, Ink, RawDocument, RawPage, Word
from ingest.pdf_hidden import shown
from ingest.pdf_places import Places, View
from ingest.pdf_rules import drawing
from ingest.pdf_structure import read_structure
from ingest.pdf_tags import drop_replacements, figure_ids
from ingest.pdf_unmapped import lost_letters

MOST_PAGES = 5_000
MOST_CHARACTERS = 20_000_000
_MOST_PER_PAGE = 200_000
_FEWEST_SHAPES = 6
"""Shapes on a page from which on it is worth asking which text belongs to a figure."""

_NARROWEST = 0.15
"""Width of a letter, in heights of its font, that no font falls below."""

_GLUED = 0.125
"""Gap between letters, in heights of the font, that is no blank unless one was written there."""

_SAMPLES = 60
"""Characters of a page that are asked for their direction."""

_WORD = re.compile(r"[^\s\x00-\x1f\u200b\ufffe]+[\x02\ufffe]?|[\x02\ufffe](?=[\s\x00])")
_TRAILING_MARK = re.compile(r"(?<=\D)(?P<mark>\d{1,3}|[*†‡]{1,3})[),.;:]?[\x02\ufffe]?$")
_LEADING_MARK = re.compile(r"(?:\d{1,3}|[*†‡]{1,3})\)?(?=[^\W\d])")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


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
        label = labels[index] if index < len(labels) else ""
        try:
            page = document[index]
            text = page.get_textpage()
        except pdfium.PdfiumError:
            # The other pages are worth having; the report names this one.
            yield RawPage(number=index + 1, label=label, width=0.0, height=0.0, words=(), searched=True, damaged=True)
            continue
        count = text.count_chars()
        view = View.of(page, _upright(text.raw, count, page.get_rotation() // 90))
        drawn = drawing(page.raw, view.box)
        characters += count
        if count > _MOST_PER_PAGE or characters > MOST_CHARACTERS:
            raise Unreadable("too_much_text", limit=MOST_CHARACTERS)
        figures = figure_ids(page) if tagged and drawn.shapes >= _FEWEST_SHAPES else frozenset()
        words = _words(text.raw, count, view, figures)
        if _are_squeezed(words):
            drop_replacements(page)
            text.close()
            text = page.get_textpage()
            words = _words(text.raw, text.count_chars(), view, figures)
        turned = (view.turns - page.get_rotation() // 90) % 4
        seen = shown(page, words, turned)
        yield RawPage(
            number=index + 1,
            label=label,
            width=view.width,
            height=view.height,
            words=seen,
            rules=drawn.rules,
            turned=turned,
            pictured=drawn.pictured / (view.width * view.height),
            searched=drawn.blank,
            recognised=sum(word.ink is Ink.NONE for word in seen) > 0.5 * len(seen),
            hidden=len(words) - len(seen),
            shapes=drawn.shapes,
            lost=lost_letters(text.raw, _characters(text.raw, text.count_chars())),
        )
        text.close()
        page.close()


def _are_squeezed(words: Sequence[Word]) -> bool:
    """Whether many words are far too narrow for their letters: what they stand for was drawn elsewhere."""
    long = [word for word in words if len(word.text) > 2]
    narrow = sum(word.x1 - word.x0 < _NARROWEST * word.size * len(word.text) for word in long)
    return narrow > 0.05 * len(long)


def _upright(text: raw.FPDF_TEXTPAGE, count: int, shown: int) -> int:
    """The quarter turns clockwise that put most letters of a page upright; ``shown`` are those it is shown with."""
    turns = Counter(
        round(-raw.FPDFText_GetCharAngle(text, index) / (0.5 * math.pi)) % 4
        for index in range(0, count, max(1, count // _SAMPLES))
        if raw.FPDFText_GetUnicode(text, index) > 0x20
    )
    most = max(turns, key=lambda turn: (turns[turn], turn == shown), default=shown)
    return most if turns[most] > turns[shown] else shown


def _words(text: raw.FPDF_TEXTPAGE, count: int, view: View, figures: frozenset[int]) -> list[Word]:
    """The words of a page in the order pdfium reads them; a footnote mark behind a word is one of its own."""
    place = Places(text, view, figures)
    found: list[Word | None] = []
    for match in _WORD.finditer(_characters(text, count)):
        first, end = match.span()
        shown = _whole_characters(match[0].replace("\x02", HYPHEN))
        if shown.isalpha():
            word = _word(place, first, end - 1, shown)
            torn = word and found and found[-1] and _is_torn(text, found[-1], word, first)
            found.append(word._replace(glued=True) if word and torn else word)
            continue
        # pdfium gives a hyphen at a line's end no place of its own.
        last = end - 2 if shown.endswith(HYPHEN) and end - first > 1 else end - 1
        start, stop, end = _between_marks(place, first, last, shown)
        if start > first:
            found.append(_word(place, first, start - 1, shown[: start - first], raised=True))
        stopped = shown[start - first : stop - first + 1] if stop < last else shown[start - first :]
        found.append(_word(place, start, stop, stopped, glued=start > first))
        if stop < end:
            mark = shown[stop - first + 1 : end - first + 1]
            found.append(_word(place, stop + 1, end, mark, glued=True, raised=True))
        if stop < end < last:
            found.append(_word(place, end + 1, last, shown[end - first + 1 :], glued=True))
    return [word for word in found if word is not None]


def _is_torn(text: raw.FPDF_TEXTPAGE, left: Word, right: Word, first: int) -> bool:
    """Whether ``right``, whose first character is ``first``, only goes on with ``left``: no blank was written there.

    Where a program places parts of a word one by one, the library takes the least gap for a blank.
    """
    gap = right.x0 - left.x1
    near = -_GLUED < gap / right.size < _GLUED and abs(left.y0 - right.y0) < 0.1 * right.size
    return near and left.text[-1:].isalpha() and raw.FPDFText_IsGenerated(text, first - 1) == 1


def _characters(text: raw.FPDF_TEXTPAGE, count: int) -> str:
    """The characters of a page, one for each of the library's numbers."""
    units = (ctypes.c_ushort * (count + 1))()
    size = raw.FPDFText_GetText(text, 0, count, units)
    found = bytes(units)[: 2 * max(0, size - 1)].decode("utf-16-le", "replace")
    if len(found) == count:
        return found
    # Rare characters take two units, and some are left out: then ask for each, which takes twenty times as long.
    return "".join([chr(raw.FPDFText_GetUnicode(text, index)) for index in range(count)])


def _between_marks(place: Places, first: int, last: int, shown: str) -> tuple[int, int, int]:
    """The first and last character of a word without the raised marks before and behind it, and the last of those.

    A mark may stand before a comma or a full stop that is none of it.
    """
    start, stop, end = first, last, last
    leading, trailing = _LEADING_MARK.match(shown), _TRAILING_MARK.search(shown)
    if leading and place.is_raised(first, last):
        start = first + leading.end()
    elif trailing:
        if not place.is_raised(last, first):
            end = min(last, first + trailing.end("mark") - 1)
        stop = end
        while stop > first and place.is_raised(stop, first):
            stop -= 1
        if stop == end:
            stop = end = last
    return start, stop, end


def _word(place: Places, first: int, last: int, shown: str, glued: bool = False, raised: bool = False) -> Word | None:
    """The word from the character ``first`` to ``last``, if it is upright and on the page."""
    x0, y0, x1, y1 = box = place.box(first)
    upright, bold, italic, figure, ink, em = place.look(first)
    if not (upright and place.is_on_page(box)):
        return None
    if last > first:
        left, bottom, right, top = place.box(last)
        x0, y0, x1, y1 = min(x0, left), min(y0, bottom), max(x1, right), max(y1, top)
    if em:
        y0, y1 = place.line(first, em)
    furniture = place.is_furniture(first, box)
    return Word(shown, x0, y0, x1, y1, bold, italic, glued, raised, furniture, figure, ink)


def _whole_characters(text: str) -> str:
    """``text`` with the halves of rare characters put together; pdfium hands out UTF-16."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
