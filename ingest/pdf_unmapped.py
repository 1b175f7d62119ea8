"""Letters that are drawn but stand for no character, as their font has no table of what they are.

Part of ``pdf_text``, within its limits. The library hands out the numbers of such letters in their font instead: low
ones are control characters, which nobody misses, and the others look like any text.
"""

from __future__ import annotations

import re

import pypdfium2.raw as raw

_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f]")
_LONG_WORD = re.compile(r"[^\s\x00-\x1f\u200b\ufffe]{3,}")


def lost_letters(text: raw.FPDF_TEXTPAGE, characters: str) -> int:
    """How many of the ``characters`` of a page are but numbers of letters."""
    controls = (match.start() for match in _CONTROL.finditer(characters))
    words = (match.span() for match in _LONG_WORD.finditer(characters))
    return sum(_is_unmapped(text, index) for index in controls) + sum(
        end - start for start, end in words if _is_unmapped(text, start)
    )


def _is_unmapped(text: raw.FPDF_TEXTPAGE, index: int) -> bool:
    return bool(raw.FPDFText_HasUnicodeMapError(text, index) == 1)
