"""From a model's raw text to draft sentences with the numbers they cite. Nothing here is trusted or checked yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MARK = r"[\[【]\^?(?:(?:Beleg(?:satz)?|Quelle)\s*)?\d{1,3}(?:\s*[,;/–-]\s*\d{1,3})*[\]】]"
_MARKS = re.compile(rf"\s*{_MARK}")
_NUMBER = re.compile(r"\d+")

_LINE = re.compile(r"\s*\n+\s*")
_END = re.compile(rf"(?P<word>\S*)[.!?…][\"“”»)*]*(?P<marks>(?:\s*{_MARK})*)\s+(?=[\"„»(*]*[A-ZÄÖÜ])")
_WHOLE = re.compile(rf"(?:[.!?…:][\"“”»)*]*|{_MARK}[\"“”»)*]*)\s*$|^[A-Z_ ]+\s*$")
_NO_END = re.compile(
    r"(?:^|[(„\"/–-])(?:[A-Za-zÄÖÜäöü]|\d{1,3}|Abs|Art|Nr|Nrn|Ziff|Buchst|Kap|Anl|Abb|Tab|vgl|Vgl|gem|Gem|ggf|bzw|ca|"
    r"rd|inkl|einschl|max|mind|insb|sog|sächs|Sächs|Dr|Prof|Dipl|Ing|Str|St|Tel|Mio|Mrd|Tsd|usw|u|o|i|z)$"
)
"""What stands before a dot that ends no sentence: initials, ordinals, abbreviations."""

_LABEL = re.compile(
    r"^\s*(?:[-–•*]\s+|\d{1,2}[.)]\s+(?=[A-ZÄÖÜ„])|#+\s*)*(?:\**(?:Antwort|Answer)\**\s*:\**\s*)?", re.I
)
_HEADINGS = re.compile(r"^\s*\((?:[^()]|\([^()]*\))*\)[\])]*\s*(?=[\w„\"])")
"""What an evidence sentence is led by, where the model copies it too."""

_EMPHASIS = re.compile(r"\*{1,3}|__|`+")

_OPEN = re.compile(r"<\s*(?:think|thinking|thought|reasoning|reflection)\s*>", re.I)
_CLOSE = re.compile(r"<\s*/\s*(?:think|thinking|thought|reasoning|reflection)\s*>", re.I)
_MAYBE_TAG = re.compile(r"<[^<>]{0,14}$")

FORGET = "\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A sentence as the model wrote it, and the evidence numbers it gave, which may not exist.

    One that is not ``whole`` broke off, and may say the contrary of what it was going to say.
    """

    text: str
    marks: tuple[int, ...] = ()
    whole: bool = True

    @property
    def asks(self) -> bool:
        """Whether it asks or announces instead of stating."""
        return self.text.rstrip(')"”“» ').endswith(("?", ":"))


def drafts(pieces: Iterable[str]) -> Iterator[Draft]:
    """The sentences of a text that comes in pieces, each as soon as it is complete."""
    pending = ""
    for piece in without_thoughts(pieces):
        if piece is FORGET:
            pending = ""
            continue
        pending += piece
        while cut := _first_end(pending):
            yield from _parsed(pending[:cut])
            pending = pending[cut:].lstrip()
    yield from _parsed(pending, whole=bool(_WHOLE.search(pending)))


def without_thoughts(pieces: Iterable[str]) -> Iterator[str]:
    """``pieces`` without what stands in ``<think>`` and its like; a thought that never ends swallows the rest.

    Some templates open the thought in the prompt, so that only its end shows: then ``FORGET`` follows what was a
    thought after all.
    """
    held, thinking = "", False
    for piece in pieces:
        held += piece
        while tag := (_CLOSE if thinking else _OPEN).search(held):
            if not thinking:
                yield held[: tag.start()]
            held, thinking = held[tag.end() :], not thinking
        if thinking:
            held = held[-20:]  # enough to recognise the closing tag
            continue
        if orphan := _CLOSE.search(held):
            yield FORGET
            held = held[orphan.end() :]
        keep = _MAYBE_TAG.search(held)
        cut = keep.start() if keep else len(held)
        yield held[:cut]
        held = held[cut:]
    if not thinking:
        yield held


def _first_end(text: str) -> int:
    """Where the first complete sentence of ``text`` ends, 0 if none does."""
    line = _LINE.search(text.lstrip())
    ends = [len(text) - len(text.lstrip()) + line.end()] if line else []
    for end in _END.finditer(text):
        if end["marks"] or not _NO_END.search(end["word"]):
            ends.append(end.end())
            break
    return min(ends, default=0)


def _parsed(raw: str, *, whole: bool = True) -> Iterator[Draft]:
    marks = tuple(dict.fromkeys(int(n) for mark in _MARKS.findall(raw) for n in _numbers(mark)))
    text = _HEADINGS.sub("", _EMPHASIS.sub("", _LABEL.sub("", _MARKS.sub("", raw), count=1)))
    text = " ".join(text.split())
    if any(character.isalnum() for character in text):
        yield Draft(text=text, marks=marks, whole=whole)


def _numbers(mark: str) -> Iterator[str]:
    yield from _NUMBER.findall(mark)
