"""What a page holds before anybody has understood it: words and rules at places, in the order they were drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from assistant.domain import Box

HYPHEN = "\ufffe"
"""A hyphen at the end of a line, real or not; the name pdfium has for it."""


class Ink(IntEnum):
    """How letters are drawn: so that they are seen, nearly white, or not at all."""

    PLAIN = 0
    PALE = 1
    NONE = 2


class Word(NamedTuple):
    """Characters without a blank, in one font. There are very many of them, hence no dataclass.

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
    ink: Ink = Ink.PLAIN

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
    """A page as drawn, turned so that its text is upright. ``number`` is physical, 1-based.

    ``rules`` are thin lines and frames, in points. ``turned`` counts quarter turns clockwise from the page as shown.
    ``pictured`` is the share of the page that pictures cover. ``searched`` says that we looked for words in the picture
    of the page, ``postponed`` that there was no time for it, ``recognised`` that its words come from a picture, whoever
    recognised them. ``hidden`` counts words left out because no reader sees them. ``damaged`` pages do not open.
    ``shapes`` counts what is drawn and no rule, ``lost`` the letters that the file does not tell from which alphabet.
    """

    number: int
    label: str
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Box, ...] = ()
    turned: int = 0
    pictured: float = 0.0
    searched: bool = False
    recognised: bool = False
    hidden: int = 0
    shapes: int = 0
    lost: int = 0
    postponed: bool = False
    damaged: bool = False

    def shown(self, box: Box) -> Box:
        """``box`` on the page as it is shown."""
        match self.turned:
            case 1:
                return Box(x0=self.height - box.y1, y0=box.x0, x1=self.height - box.y0, y1=box.x1)
            case 2:
                return Box(
                    x0=self.width - box.x1, y0=self.height - box.y1, x1=self.width - box.x0, y1=self.height - box.y0
                )
            case 3:
                return Box(x0=box.y0, y0=self.width - box.x1, x1=box.y1, y1=self.width - box.x0)
            case _:
                return box


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
    dated: str
    outline: tuple[OutlineItem, ...]
    pages: tuple[RawPage, ...]
