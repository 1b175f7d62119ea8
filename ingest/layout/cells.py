"""Cells of a table, and whether its first row names the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.layout.lines import Line

Cell = tuple[Line, ...]
Row = tuple[Cell, ...]

_NO_NAME = re.compile(r"\d|:$")
_NUMBER = re.compile(r"[-–+]?\d[\d.,\s]*")


def is_header(first: Sequence[Cell], rest: Sequence[Sequence[Cell]], *, first_of_three: bool) -> bool:
    """Whether the first row names the columns.

    It is bold where the others are not, or set apart by the only inner rule, or it holds words above numbers.
    """
    filled = [cell for cell in first if cell]
    if len(filled) < len(first) - 1 or any(len(_text(cell).split()) > 8 for cell in filled):
        return False
    return first_of_three or _is_bolder(first, rest) or _is_above_numbers(first, rest)


def _is_bolder(first: Sequence[Cell], rest: Sequence[Sequence[Cell]]) -> bool:
    """Whether ``first`` is bold but for one cell of many, and what stands below is not, at least in one column."""
    plain = sum(not all(line.bold for line in cell) for cell in first if cell)
    below = zip(*rest, strict=True)
    columns = [[line.bold for cell in column for line in cell] for column in below]
    bold = [bool(cell) and all(line.bold for line in cell) for cell in first]
    if plain == 0:
        return not all(line for column in columns[1:] for line in column)
    return (
        plain == 1
        and len(first) > 2
        and any(head and column and not any(column) for head, column in zip(bold[1:], columns[1:], strict=True))
    )


def _is_above_numbers(first: Sequence[Cell], rest: Sequence[Sequence[Cell]]) -> bool:
    """Whether no cell of ``first`` holds a number, and below one of them stand but numbers of one unit.

    In a list of particulars ("Ort: Rathaus", "Datum: 1. März", "Beginn: 19 Uhr") no row names the others.
    """
    names = list(map(_text, first))
    if len(rest) < (2 if len(first) > 2 else 3) or not all(names) or any(map(_NO_NAME.search, names)):
        return False
    columns = ([_text(cell) for cell in column] for column in list(zip(*rest, strict=True))[1:] if all(column))
    return any(
        all(map(_NUMBER.match, column)) and len({_NUMBER.sub("", text) for text in column}) == 1 for column in columns
    )


def _text(cell: Cell) -> str:
    return " ".join(line.text for line in cell)
