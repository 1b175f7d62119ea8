"""What a tagged PDF says about its content: what is decoration, and what belongs to a figure."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_DEEPEST = 60
_ARTIFACT = "Artifact"
_REPLACEMENT = b"ActualText"
_FIGURES = frozenset({"Figure", "Formula"})


def is_artifact(item: raw.FPDF_PAGEOBJECT) -> bool:
    """Whether a page object is marked as no part of the text: a running head, a page number, decoration."""
    return any(_name(raw.FPDFPageObj_GetMark(item, index)) == _ARTIFACT for index in range(_marks(item)))


def figure_ids(page: pdfium.PdfPage) -> frozenset[int]:
    """The ids of the marked content of ``page`` that stands in figures.

    The library reads the tags of the whole document for that, which takes a twentieth of a second in a book.
    """
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return frozenset()
    children = (raw.FPDF_StructTree_GetChildAtIndex(tree, index) for index in range(_count(tree)))
    found = frozenset(number for child in children if child for number in _ids(child, inside=False, depth=0))
    raw.FPDF_StructTree_Close(tree)
    return found


def drop_replacements(page: pdfium.PdfPage) -> None:
    """Forget what a page's tags give as the text of several text objects at once, until the page is closed.

    The library would put all of it where the first of them stands; the letters themselves know better.
    """
    replacing: dict[bytes, list[tuple[raw.FPDF_PAGEOBJECT, raw.FPDF_PAGEOBJECTMARK]]] = defaultdict(list)
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        item = raw.FPDFPage_GetObject(page.raw, index)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_TEXT:
            for number in range(_marks(item)):
                mark = raw.FPDFPageObj_GetMark(item, number)
                if _replaces(mark):
                    replacing[bytes(mark)].append((item, mark))
    for found in replacing.values():
        if len(found) > 1:
            for item, mark in found:
                raw.FPDFPageObj_RemoveMark(item, mark)


def _replaces(mark: raw.FPDF_PAGEOBJECTMARK) -> bool:
    size = ctypes.c_ulong()
    found = raw.FPDFPageObjMark_GetParamStringValue(mark, _REPLACEMENT, None, 0, ctypes.byref(size))
    return bool(found) and size.value > 2


def _ids(element: raw.FPDF_STRUCTELEMENT, *, inside: bool, depth: int) -> Iterator[int]:
    inside = inside or _type(element) in _FIGURES
    if depth > _DEEPEST:
        return
    for index in range(max(0, raw.FPDF_StructElement_CountChildren(element))):
        number = raw.FPDF_StructElement_GetChildMarkedContentID(element, index)
        if inside and number >= 0:
            yield number
        child = raw.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            yield from _ids(child, inside=inside, depth=depth + 1)


def _count(tree: raw.FPDF_STRUCTTREE) -> int:
    return max(0, int(raw.FPDF_StructTree_CountChildren(tree)))


def _type(element: raw.FPDF_STRUCTELEMENT) -> str:
    size = raw.FPDF_StructElement_GetType(element, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDF_StructElement_GetType(element, buffer, size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


def _marks(item: raw.FPDF_PAGEOBJECT) -> int:
    return max(0, int(raw.FPDFPageObj_CountMarks(item)))


def _name(mark: raw.FPDF_PAGEOBJECTMARK) -> str:
    size = ctypes.c_ulong()
    buffer = (ctypes.c_ushort * 32)()
    raw.FPDFPageObjMark_GetName(mark, buffer, 64, ctypes.byref(size))
    return bytes(buffer)[: size.value].decode("utf-16-le", "replace").rstrip("\0")
