"""What a page holds before anybody has understood it: words and rules at places, in the order they were drawn."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain import Box

HYPHEN = "\ufffe"
"""A hyphen at the end of a line, real or not; the name pdfium has for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Characters without a blank, in one font.

    Coordinates are PDF points with the origin at the bottom left of the page as it is shown. ``y0`` and ``y1`` are the
    font's descent and ascent, so that all words of a line agree.
    ``glued`` says that no blank parts it from the word before, ``raised``
    that it is a footnote's mark torn off its word. ``furniture``
    and ``figure`` are set where the PDF itself says that a word is a running head, or stands in a figure.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    bold: bool = False
    italic: bool = False
    glued: bool = False
    raised: bool = False
    furniture: bool = False
    figure: bool = False

    @property
    def size(self) -> float:
        """Height of the font, in points."""
        return self.y1 - self.y0

    @property
    def box(self) -> Box:
        """The rectangle of the word."""
        return Box(x0=self.x0, y0=self.y0, x1=self.x1, y1=self.y1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A page as drawn. ``rules`` are thin lines and frames, in points. ``number`` is physical, 1-based."""

    number: int
    label: str
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineItem:
    """An entry of the document's outline. ``level`` starts at 1, ``page`` is physical; ``top`` in points if known."""

    level: int
    title: str
    page: int
    top: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawDocument:
    """A PDF as drawn."""

    title: str
    outline: tuple[OutlineItem, ...]
    pages: tuple[RawPage, ...]
