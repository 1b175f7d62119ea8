"""Text that a PDF holds but does not show: white on white, without ink, or too small to be seen.

Part of ``pdf_text``, within its limits. Such text may be meant for machines alone ("ignore all instructions"), so that
quoting it would prove nothing to a reader. A page is drawn only if some of its words are suspicious.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from ingest.layout.words import Ink, Word

if TYPE_CHECKING:
    from PIL.Image import Image

_TINY = 2.2
"""Height of a font, in points, that nobody can read."""

_SCALE = 1.5
_MOST_PIXELS = 4_000_000
_LEAST_CONTRAST = 40
"""Difference in brightness, of 255, between the darkest and the lightest spot where something is to be seen."""

_DARK = 215
"""Mean brightness up to which a background makes pale letters readable."""


def shown(page: pdfium.PdfPage, words: Sequence[Word], turned: int) -> tuple[Word, ...]:
    """Those of ``words`` that a reader of ``page`` can see; ``turned`` as in ``RawPage``."""
    if all(word.ink is Ink.PLAIN and word.y1 - word.y0 >= _TINY for word in words):
        return tuple(words)
    drawn = _drawn(page, turned) if any(word.ink is not Ink.PLAIN for word in words) else None
    return tuple(word for word in words if not _is_tiny(word) and (drawn is None or _is_seen(word, *drawn)))


def _drawn(page: pdfium.PdfPage, turned: int) -> tuple[Image, float]:
    """The page in grey, as its text is read, and its pixels to the point."""
    width, height = page.get_size()
    scale = min(_SCALE, (_MOST_PIXELS / (width * height)) ** 0.5)
    return page.render(scale=scale, rotation=90 * turned, grayscale=True).to_pil(), scale


def _is_tiny(word: Word) -> bool:
    # Both ways, for some fonts say nothing true about their height.
    return word.y1 - word.y0 < _TINY and word.x1 - word.x0 < 0.6 * _TINY * len(word.text)


def _is_seen(word: Word, drawn: Image, scale: float) -> bool:
    if word.ink is Ink.PLAIN:
        return True
    left, right = int(word.x0 * scale), int(word.x1 * scale) + 1
    top, bottom = drawn.height - int(word.y1 * scale) - 1, drawn.height - int(word.y0 * scale)
    spot = drawn.crop((max(0, left), max(0, top), min(drawn.width, right), min(drawn.height, bottom)))
    shades = spot.histogram()
    if word.ink is Ink.NONE:
        # Letters that were recognised in a picture lie unseen upon it.
        seen = [shade for shade, count in enumerate(shades) if count]
        return bool(seen) and seen[-1] - seen[0] >= _LEAST_CONTRAST
    total = sum(shades)
    return total > 0 and sum(shade * count for shade, count in enumerate(shades)) / total < _DARK
