"""Lines to running text whose every word knows its place."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise, zip_longest

from assistant.domain import SentenceKind
from ingest.blocks import Block, Place
from ingest.german import BULLET
from ingest.layout.hyphens import clean, ends_in_hyphen, is_broken_address, joined
from ingest.layout.lines import Line, median
from ingest.layout.words import Word

Known = Container[str]
"""Words of the document in lower case, to tell how a word is spelt."""

Numbered = tuple[Word, int, int]
"""A word with its page and a number that is its line's alone on that page."""

_FEWEST_LETTERS = 4
"""Single letters in a row that make a word printed with wide spaces."""

_WIDER, _BLANK = 1.5, 0.15
"""How many times as wide as between the letters, and how much more in heights of the font, a blank is among them."""


def block(kind: SentenceKind, lines: Sequence[Line], known: Known = frozenset(), level: int = 0) -> Block | None:
    """A block of ``lines``, hyphens at line ends mended; None if nothing but marks is in them."""
    words = list(_numbered(lines))
    if sum(len(word.text) == 1 for word, _, _ in words) >= _FEWEST_LETTERS:
        words = list(_spaced_out(words))
    text = ""
    places: list[Place] = []
    for (word, page, line), following in zip_longest(words, words[1:]):
        shown, attached = clean(word.text), False
        if following is not None and (following[2] != line or following[1] != page):
            if ends_in_hyphen(word.text):
                shown, attached = joined(word.text, following[0].text, known)
            else:
                attached = is_broken_address(word.text, following[0].text)
        elif following is not None:
            attached = following[0].glued
        start, end = len(text), len(text) + len(shown)
        places.append(Place(start=start, end=end, page=page, line=line, box=word.box))
        text += shown if attached else f"{shown} "
    return _without_bullet(kind, text.rstrip(), places, level)


def _numbered(lines: Iterable[Line]) -> Iterator[Numbered]:
    for line in lines:
        number = int(10 * line.box.y0) * 10_000 + int(line.box.x0)
        leaders = sum(word.text == "." for word in line.words) > 2
        # The dots of a table of contents may be words of their own.
        yield from ((word, line.page, number) for word in line.words if not leaders or word.text != ".")


def _spaced_out(words: Sequence[Numbered]) -> Iterator[Numbered]:
    """Words printed with wide spaces between their letters, put together again: "B e s c h l u s s"."""
    index = 0
    while index < len(words):
        end = index
        while end < len(words) and _is_letter(words[end]) and words[end][1:] == words[index][1:]:
            end += 1
        if end - index >= _FEWEST_LETTERS:
            for run in _words_of([word for word, _, _ in words[index:end]]):
                yield _one_word(run), *words[index][1:]
            index = end
        else:
            yield words[index]
            index += 1


def _words_of(letters: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Letters with wide spaces between them by word: the blank between two words is wider still."""
    gaps = [right.x0 - left.x1 for left, right in pairwise(letters)]
    usual = median(gaps)
    start = 0
    for index, gap in enumerate(gaps, start=1):
        if gap > _WIDER * usual and gap - usual > _BLANK * letters[index].size:
            yield letters[start:index]
            start = index
    yield letters[start:]


def _is_letter(word: Numbered) -> bool:
    return len(word[0].text) == 1 and word[0].text.isalpha()


def _one_word(run: Sequence[Word]) -> Word:
    return run[0]._replace(text="".join(word.text for word in run), x1=run[-1].x1)


def _without_bullet(kind: SentenceKind, text: str, places: list[Place], level: int) -> Block | None:
    """The block without a bullet at its beginning, which says nothing."""
    bullet = BULLET.match(text)
    cut = bullet.end() if bullet else 0
    kept = tuple(_moved(place, cut) for place in places if place.start >= cut) if cut else tuple(places)
    text = text[cut:]
    if not any(character.isalnum() for character in text):
        return None
    return Block(kind=kind, text=text, level=level, places=kept)


def _moved(place: Place, cut: int) -> Place:
    return Place(start=place.start - cut, end=place.end - cut, page=place.page, line=place.line, box=place.box)
