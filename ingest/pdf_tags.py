"""What a tagged PDF says about its content: what is decoration, and what belongs to a figure."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_DEEPEST = 60
_ARTIFACT = "Artifact"
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
