"""Lines drawn on a PDF page: the rules and frames that part table rows, notes and boxes."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2.raw as raw

from assistant.domain import Box

THIN = 2.5
"""Thickness of a rule at most, in points."""

MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 400

View = Callable[[float, float, float, float], tuple[float, float, float, float]]
"""From a rectangle in the page's own coordinates to one on the page as shown."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What is drawn on a page: its rules, how many other shapes, square points of pictures, and whether anything is."""

    rules: tuple[Box, ...]
    shapes: int
    pictured: float
    blank: bool


def drawing(page: raw.FPDF_PAGE, view: View) -> Drawing:
    """The rules of a page: thin boxes, straight lines and the edges of frames."""
    rules: list[Box] = []
    shapes = 0
    pictured = 0.0
    count = raw.FPDFPage_CountObjects(page)
    for index in range(min(count, MOST_OBJECTS)):
        item = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            found = list(_rules(item, view))
            rules.extend(found)
            shapes += not found
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            box = _bounds(item, view)
            pictured += (box.x1 - box.x0) * (box.y1 - box.y0) if box else 0.0
    return Drawing(rules=tuple(rules), shapes=shapes, pictured=pictured, blank=not count)


def _rules(item: raw.FPDF_PAGEOBJECT, view: View) -> Iterator[Box]:
    box = _bounds(item, view)
    if box is None:
        return
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    if min(wide, high) <= THIN < max(wide, high):
        yield box
    elif _is_stroked(item):
        yield from _edges(item, view)


def _bounds(item: raw.FPDF_PAGEOBJECT, view: View) -> Box | None:
    values = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(item, *map(ctypes.byref, values)):
        return None
    x0, y0, x1, y1 = view(*(value.value for value in values))
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)


def _is_stroked(item: raw.FPDF_PAGEOBJECT) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))) and bool(stroke.value)


def _edges(item: raw.FPDF_PAGEOBJECT, view: View) -> Iterator[Box]:
    """The level and upright lines of a path that is drawn as it is written, without a transformation."""
    count = raw.FPDFPath_CountSegments(item)
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
    if not 0 < count <= _MOST_SEGMENTS:
        return
    last: tuple[float, float] | None = None
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        here = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        straight = raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO
        if straight and last is not None:
            yield from _edge(last, here, view)
        last = here


def _edge(one: tuple[float, float], other: tuple[float, float], view: View) -> Iterator[Box]:
    x0, y0, x1, y1 = view(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))
    if min(x1 - x0, y1 - y0) < 0.5 and max(x1 - x0, y1 - y0) > 8:
        yield Box(x0=x0, y0=y0, x1=x1, y1=y1)
