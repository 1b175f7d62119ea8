"""Footnotes: the raised marks in the text, and the notes at the foot of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain import Box
from ingest.layout.lines import Line
from ingest.layout.words import Word

_MARK = re.compile(r"(?:\d{1,3}|[*†‡]{1,3})[).,]?")
_NOTE = re.compile(r"(?:\d{1,3}|[*†‡]{1,3})\)?\s")
_UNIT = re.compile(r"(?:^|[\s\d])(?:[kcdm]?m)$")
_SUPERSCRIPT = re.compile(r"(?:(?<=[.,;:!?)“”\"])|(?<=[a-zäöüß]{4}))[⁰¹²³⁴-⁹]{1,3}(?=[.,;:)]?$|[.,;:)]?\s)")
_RAISED = {"2": "²", "3": "³"}
SMALL = 0.94
"""Notes are set in at most this part of the text's size."""


def without_marks(line: Line) -> Line:
    """``line`` without the marks that point to footnotes; "m2" becomes "m²"."""
    if _SUPERSCRIPT.search(line.text):
        line = replace(line, words=tuple(map(_without_superscript, line.words)))
    if len(line.words) < 2:
        return line
    kept: list[Word] = []
    apart = False
    for word, after in zip(line.words, [*line.words[1:], None], strict=True):
        if not _is_raised(word, line) or not (kept or _numbers_sentence(word, after)):
            kept.append(word._replace(glued=False) if apart else word)
            apart = False
        elif kept and _UNIT.search(kept[-1].text) and word.text[:1] in _RAISED:
            kept.append(word._replace(text=_RAISED[word.text[0]] + word.text[1:], y0=kept[-1].y0, y1=kept[-1].y1))
        elif word.text[-1] in ".,":
            kept.append(word._replace(text=word.text[-1]))
        else:
            apart = not word.glued
    return replace(line, words=tuple(kept)) if len(kept) < len(line.words) or kept != list(line.words) else line


def _without_superscript(word: Word) -> Word:
    """``word`` without a mark that is a raised figure by itself: "2026.¹", but "m²"."""
    bare = _SUPERSCRIPT.sub("", word.text)
    return word._replace(text=bare) if bare else word


def _numbers_sentence(mark: Word, after: Word | None) -> bool:
    """Whether a raised ``mark`` at the beginning of a line is the number of the sentence that begins ``after`` it."""
    return mark.text.isdigit() and after is not None and after.glued and after.text[:1].isupper()


def _is_raised(word: Word, line: Line) -> bool:
    if _MARK.fullmatch(word.text) is None:
        return False
    above = word.y0 - line.box.y0
    small = word.size < 0.82 * line.size and above > 0.12 * line.size
    return word.raised or small or (word.size < 0.9 * line.size and above > 0.25 * line.size)


def split_notes(lines: Sequence[Line], body_size: float, rules: Sequence[Box]) -> tuple[list[Line], list[list[Line]]]:
    """The lines of the text, and the footnotes of a page, each as its lines from top to bottom.

    Notes are the small lines at the foot of the page below a line that begins with a mark. To be sure of that, the mark
    must be raised, or a short rule must part them from the text.
    """
    ordered = sorted(lines, key=lambda line: -line.box.y1)
    small = len(ordered)
    while small and ordered[small - 1].size <= SMALL * body_size:
        small -= 1
    starts = [index for index in range(small, len(ordered)) if _begins_note(ordered[index])]
    if not starts or not small or not _is_sure(ordered[starts[0]], rules):
        return list(lines), []
    notes = [ordered[start:end] for start, end in zip(starts, [*starts[1:], len(ordered)], strict=True)]
    taken = {id(line) for note in notes for line in note}
    return [line for line in lines if id(line) not in taken], [_without_number(note) for note in notes]


def _begins_note(line: Line) -> bool:
    return _mark_is_raised(line) or _NOTE.match(line.text) is not None


def _mark_is_raised(line: Line) -> bool:
    return len(line.words) > 1 and _is_raised(line.words[0], line)


def _is_sure(line: Line, rules: Sequence[Box]) -> bool:
    return _mark_is_raised(line) or any(_parts(rule, line) for rule in rules)


def _parts(rule: Box, line: Line) -> bool:
    """Whether ``rule`` is a short level line right above ``line``."""
    level = rule.y1 - rule.y0 < 3 and 20 < rule.x1 - rule.x0 < 260
    return level and -2 < rule.y0 - line.box.y1 < 2.5 * line.size and abs(rule.x0 - line.box.x0) < 20


def _without_number(note: Sequence[Line]) -> list[Line]:
    """The note without its mark: it said where the note belongs, and the note now stands there."""
    first = note[0]
    mark = _MARK.fullmatch(first.words[0].text)
    if mark and len(first.words) > 1:
        first = replace(first, words=first.words[1:])
    return [first, *note[1:]]
