"""Table rows that can be understood alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest


def row_text(headers: Sequence[str], cells: Sequence[str]) -> str:
    """``Header: cell; header: cell``: each filled cell with its header, where it has one.

    >>> row_text(["Programm", "Satz"], ["Lebendige Zentren", "66,67 %"])
    'Programm: Lebendige Zentren; Satz: 66,67 %'
    """
    pairs = zip_longest(map(_clean, headers), map(_clean, cells), fillvalue="")
    return "; ".join(f"{header.rstrip(':')}: {cell}" if header else cell for header, cell in pairs if cell)


def _clean(cell: str) -> str:
    return " ".join(cell.split())
