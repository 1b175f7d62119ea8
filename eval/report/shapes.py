"""What a panel of the report is made of: a table, and a chart drawn from the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from eval.bootstrap import Interval

LABEL = 50
"""Characters of a label in a chart, beyond which it would leave no room for the drawing."""

Cell = str | float | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The data of a panel. The first column names the row; None and NaN are shown as a dash."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A line with an optional band around it. All sequences have the same length; ``band`` may be empty."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    band: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Curves in one picture. ``diagonal`` draws where x equals y; ``stairs`` draws steps; ``log`` scales x."""

    curves: Sequence[Curve]
    x: str
    y: str
    ticks: Sequence[float] = ()
    diagonal: bool = False
    stairs: bool = False
    log: bool = False
    unit_interval: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Groups of bars: one bar per series in each group, with its interval."""

    groups: Sequence[str]
    series: Sequence[tuple[str, Sequence[Interval]]]
    y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """Intervals one below the other, around a line at ``centre`` (None draws no line)."""

    rows: Sequence[tuple[str, Interval]]
    x: str
    centre: float | None = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """Counts in a grid."""

    rows: Sequence[str]
    columns: Sequence[str]
    counts: Sequence[Sequence[int]]


Chart = Lines | Bars | Forest | Heat


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One part of the report. Titles and captions are the texts of ``key`` in the section ``report``.

    ``says`` is the alternative text's second half: what the numbers say.
    """

    key: str
    table: Table
    chart: Chart | None = None
    says: str = ""


def shortened(label: str, length: int = LABEL) -> str:
    """``label`` in at most ``length`` printable characters; what is too long loses its middle."""
    shown = "".join(character if character.isprintable() else " " for character in label)
    end = length // 3
    return shown if len(shown) <= length else f"{shown[: length - end - 1]}…{shown[-end:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A case that went wrong, for the gallery. ``kind`` is a key of the section ``failures``."""

    kind: str
    id: str
    question: str
    answer: str
    gold: Sequence[str]
    cited: Sequence[str]
    tags: Sequence[str] = field(default=())
