"""The owner of Tesseract: the words in the picture of a page, where the program and its German data are installed.

Debian has both as ``tesseract-ocr`` and ``tesseract-ocr-deu``. The program is called as it is: a wrapper library would
only add a dependency between us and its hOCR output, the one format that tells the height and baseline of a line.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import TYPE_CHECKING

from defusedxml.ElementTree import fromstring

from ingest.failures import Unreadable
from ingest.layout.words import Word

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SECONDS = 60
"""Time for one page."""

_PROGRAM = "tesseract"
_LANGUAGE = "deu"
_LANGUAGES = "deu+eng"
"""The German data know no section sign and read "&", "$" or "8"; the English do, and go without saying if absent."""

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_BOX = re.compile(rf"bbox {_NUMBER} {_NUMBER} {_NUMBER} {_NUMBER}")
_BASELINE = re.compile(rf"baseline {_NUMBER} {_NUMBER}")
_HEIGHT = re.compile(rf"x_size {_NUMBER}")
_TURN = re.compile(r"textangle (\d+)")
_CONFIDENCE = re.compile(rf"x_wconf {_NUMBER}")

_LEAST_SURE = 45
"""Percent; a line of which the program is less sure is a stain, a signature or part of a picture."""

_LEAST_SURE_OF_PAGE = 65
"""The same for a page, which is then written in letters that the program was not taught, or not legible."""

SAME_SIZE = 0.16
"""Heights of lines are measured from their ink; what differs less from the usual height is of that height."""

_DESCENT, _ASCENT = 0.25, 0.92
"""Where a font ends below and above the baseline, in parts of the height from its ascenders to its descenders."""


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """The words in a picture, in points with the origin at its bottom left, in the order they are read.

    ``turned`` counts the quarter turns clockwise by which the picture should be turned for its text to be upright.
    """

    words: tuple[Word, ...]
    turned: int


def is_available() -> bool:
    """Whether Tesseract and its German data are installed."""
    program = shutil.which(_PROGRAM)
    if program is None:
        return False
    try:
        done = subprocess.run([program, "--list-langs"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return _LANGUAGE in done.stdout.decode("utf-8", "replace").split()


def recognise(picture: bytes, height: float, scale: float) -> Recognition:
    """Read a ``picture`` that is ``height`` points high and has ``scale`` pixels to the point.

    Raises:
        Unreadable: if Tesseract fails or takes too long.
    """
    # One page is read on one core: pages are read side by side.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    command = [_PROGRAM, "-", "-", "-l", _LANGUAGES, "--psm", "1", "hocr"]
    try:
        done = subprocess.run(
            command, input=picture, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("worker_time", seconds=SECONDS) from error
    if done.returncode != 0:
        raise Unreadable("worker_died", reason=f"{_PROGRAM}, {done.returncode}")
    found = list(_lines(fromstring(done.stdout)))
    sure = mean([one for line in found for one in line.confidences] or [0.0]) >= _LEAST_SURE_OF_PAGE
    lines = [line for line in found if line.is_sure] if sure else []
    turns = [line.turned for line in lines]
    return Recognition(
        words=tuple(_words(lines, height, scale)),
        turned=max(set(turns), key=turns.count) if turns else 0,
    )


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A line as Tesseract sees it, in pixels from the top left. ``slope`` is that of its baseline."""

    left: float
    baseline: float
    slope: float
    height: float
    turned: int
    words: Sequence[tuple[str, float, float]]
    confidences: Sequence[float]

    @property
    def is_sure(self) -> bool:
        says_something = any(character.isalnum() for text, _, _ in self.words for character in text)
        return says_something and sum(self.confidences) / len(self.confidences) >= _LEAST_SURE


def _lines(page: Element) -> Iterator[_Line]:
    for element in page.iter():
        # A heading may be an "ocr_header", a line in a picture an "ocr_textfloat".
        title = element.get("title", "")
        height = _HEIGHT.search(title)
        if height is None:
            continue
        words = list(_texts(element))
        if words:
            left, _, _, bottom = _numbers(_BOX, title)
            slope, offset = _numbers(_BASELINE, title) if "baseline" in title else (0.0, 0.0)
            turn = _TURN.search(title)
            yield _Line(
                left=left,
                baseline=bottom + offset,
                slope=slope,
                height=float(height[1]),
                turned=int(turn[1]) // 90 % 4 if turn else 0,
                words=[(text, _numbers(_BOX, said)[0], _numbers(_BOX, said)[2]) for text, said in words],
                confidences=[_numbers(_CONFIDENCE, said)[0] for _, said in words],
            )


def _texts(line: Element) -> Iterator[tuple[str, str]]:
    """The words of a line, each with what is said about it."""
    for element in line.iter():
        text = "".join(element.itertext()).strip()
        if element.get("class") == "ocrx_word" and text:
            yield text, element.get("title", "")


def _numbers(pattern: re.Pattern[str], title: str) -> tuple[float, ...]:
    found = pattern.search(title)
    return tuple(map(float, found.groups())) if found else (0.0,) * pattern.groups


def _words(lines: Sequence[_Line], height: float, scale: float) -> Iterator[Word]:
    usual = median([line.height for line in lines for _ in line.words]) if lines else 0.0
    for line in lines:
        size = usual if abs(line.height - usual) <= SAME_SIZE * usual else line.height
        for text, left, right in line.words:
            baseline = height - (line.baseline + line.slope * (left - line.left)) / scale
            yield Word(
                text=text,
                x0=left / scale,
                y0=baseline - _DESCENT * size / scale,
                x1=right / scale,
                y1=baseline + _ASCENT * size / scale,
            )
