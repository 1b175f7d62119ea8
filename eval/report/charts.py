"""Charts as SVG by matplotlib, without a colour of their own: the page's style sheet colours them, light and dark.

matplotlib can only write fixed colours, so each role gets a colour that nothing else uses, and is then replaced by the
style sheet's variable.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from eval.errors import MissingExtraError
from eval.report.shapes import Bars, Chart, Curve, Forest, Heat, Lines, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

INK, GRID, PAPER = "#010203", "#040506", "#070809"
SERIES = ("#0a0b01", "#0a0b02", "#0a0b03", "#0a0b04", "#0a0b05", "#0a0b06")
_VARIABLES = {INK: "ink", GRID: "grid", PAPER: "paper", **{c: f"series{at}" for at, c in enumerate(SERIES, start=1)}}
# Told apart without colour as well.
_STYLES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))
_MARKERS = ("o", "s", "^", "D", "v", "P")
_HATCHES = ("", "//", "..", "xx", "\\\\", "++")
_WIDTH = 7.4
LONG = 16
"""Rows of a forest from which its scale is also drawn above."""


def svg(chart: Chart, key: str, title: str, description: str) -> str:
    """``chart`` as an inline SVG with a title and a description for screen readers. ``key`` keeps its ids apart."""
    try:
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib") from error
    with _style():
        figure = Figure(figsize=(_WIDTH, _height(chart)), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        draw(chart, axes)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _inline(drawn.getvalue(), key, title, description)


@singledispatch
def draw(chart: Any, axes: Axes) -> None:
    """Draw ``chart`` on ``axes``."""
    raise TypeError(chart)


@draw.register(Lines)
def _(chart: Lines, axes: Axes) -> None:
    from matplotlib.ticker import LogLocator

    for at, curve in enumerate(chart.curves):
        _curve(axes, curve, at, stairs=chart.stairs, marked=len(curve.x) <= 20)
    if chart.diagonal:
        axes.plot([0, 1], [0, 1], color=INK, linestyle="--", linewidth=1, zorder=0)
    if chart.log:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    if chart.ticks:
        axes.set_xticks(list(chart.ticks))
    axes.minorticks_off()
    _german_numbers(axes.xaxis, axes.yaxis)
    if chart.unit_interval:
        axes.set_ylim(-0.02, 1.02)
    axes.set_xlabel(chart.x)
    axes.set_ylabel(chart.y)
    _legend(axes, _entries(chart))


@draw.register(Bars)
def _(chart: Bars, axes: Axes) -> None:
    width = 0.8 / len(chart.series)
    for at, (label, intervals) in enumerate(chart.series):
        places = [group + (at - (len(chart.series) - 1) / 2) * width for group in range(len(chart.groups))]
        values = [found.value for found in intervals]
        # Bootstrap bounds may lie beside a value at the edge by rounding; an error bar has no negative length.
        errors = [[max(0.0, f.value - f.low) for f in intervals], [max(0.0, f.high - f.value) for f in intervals]]
        axes.bar(
            places, values, width * 0.92, label=shortened(label), color=_colour(at), edgecolor=PAPER, linewidth=0.5,
            hatch=_HATCHES[at % len(_HATCHES)], yerr=errors, ecolor=INK, error_kw={"elinewidth": 0.9, "capsize": 2},
        )  # fmt: skip
    axes.set_xticks(range(len(chart.groups)), [_broken(group) for group in chart.groups])
    axes.set_ylim(0, 1.05)
    axes.set_ylabel(chart.y)
    _german_numbers(axes.yaxis)
    _legend(axes, _entries(chart))


@draw.register(Forest)
def _(chart: Forest, axes: Axes) -> None:
    for at, (_label, found) in enumerate(chart.rows):
        axes.plot([found.low, found.high], [at, at], color=SERIES[0], linewidth=2, solid_capstyle="butt")
        axes.plot([found.value], [at], marker="o", color=SERIES[0], markersize=6)
    if chart.centre is not None:
        axes.axvline(chart.centre, color=INK, linewidth=1, linestyle="--")
    axes.set_yticks(range(len(chart.rows)), [shortened(label) for label, _ in chart.rows])
    axes.set_ylim(len(chart.rows) - 0.4, -0.6)
    axes.set_xlabel(chart.x)
    if len(chart.rows) > LONG:
        axes.tick_params(axis="x", top=True, labeltop=True)
    _german_numbers(axes.xaxis)
    axes.grid(visible=False, axis="y")


@draw.register(Heat)
def _(chart: Heat, axes: Axes) -> None:
    most = max(max(row) for row in chart.counts) or 1
    for y, row in enumerate(chart.counts):
        for x, count in enumerate(row):
            axes.fill_between([x, x + 1], y, y + 1, color=SERIES[0], alpha=0.08 + 0.4 * count / most, linewidth=0)
            axes.text(x + 0.5, y + 0.5, str(count), ha="center", va="center", fontsize=14, color=INK)
    axes.set_xticks([x + 0.5 for x in range(len(chart.columns))], list(chart.columns))
    axes.set_yticks([y + 0.5 for y in range(len(chart.rows))], list(chart.rows))
    axes.set_xlim(0, len(chart.columns))
    axes.set_ylim(len(chart.rows), 0)
    axes.grid(visible=False)


def _curve(axes: Axes, curve: Curve, at: int, *, stairs: bool, marked: bool) -> None:
    axes.plot(
        curve.x, curve.y, label=shortened(curve.label), color=_colour(at), linestyle=_STYLES[at % len(_STYLES)],
        linewidth=1.8, marker=_MARKERS[at % len(_MARKERS)] if marked else None, markersize=5,
        drawstyle="steps-post" if stairs else "default",
    )  # fmt: skip
    if curve.band:
        lows, highs = zip(*curve.band, strict=True)
        axes.fill_between(curve.x, lows, highs, color=_colour(at), alpha=0.15, linewidth=0)


def _legend(axes: Axes, labels: Sequence[str]) -> None:
    if len(labels) > 1:
        columns = _legend_columns(labels)
        axes.legend(frameon=False, fontsize=9, labelcolor=INK, ncols=columns, loc="lower left", bbox_to_anchor=(0, 1))


def _german_numbers(*axes: Axis) -> None:
    """Write the ticks with a decimal comma."""
    from matplotlib.ticker import FuncFormatter

    for axis in axes:
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace(".", ",")))


def _colour(at: int) -> str:
    return SERIES[at % len(SERIES)]


def _height(chart: Chart) -> float:
    if isinstance(chart, Forest):
        return 0.8 + 0.26 * len(chart.rows) + 0.3 * (len(chart.rows) > LONG)
    labels = _entries(chart)
    rows = math.ceil(len(labels) / _legend_columns(labels)) if len(labels) > 1 else 1
    return 2.2 if isinstance(chart, Heat) else 3.4 + 0.2 * rows


def _entries(chart: Chart) -> list[str]:
    """The labels of the legend."""
    if isinstance(chart, Lines):
        return [shortened(curve.label) for curve in chart.curves]
    return [shortened(label) for label, _ in chart.series] if isinstance(chart, Bars) else []


def _legend_columns(labels: Sequence[str]) -> int:
    """As many as fit beside each other."""
    return max(1, min(len(labels), 80 // (max(map(len, labels)) + 6)))


def _broken(label: str, width: int = 14) -> str:
    """A long label on several lines."""
    lines = [""]
    for word in label.split():
        joined = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], joined] if len(joined) <= width or not lines[-1] else [*lines, word]
    return "\n".join(lines)


@contextmanager
def _style() -> Iterator[None]:
    from cycler import cycler
    from matplotlib import rc_context

    names = ("axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color", "text.color")
    settings: Any = {
        **dict.fromkeys(names, INK),
        "svg.fonttype": "none",
        "svg.hashsalt": "fundstelle",
        "text.parse_math": False,
        "font.size": 10,
        "axes.grid": True,
        "grid.color": GRID,
        "grid.linewidth": 0.6,
        "axes.axisbelow": True,
        "axes.prop_cycle": cycler(color=SERIES),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "hatch.color": PAPER,
        "hatch.linewidth": 0.8,
    }
    with rc_context(settings), warnings.catch_warnings():
        # Texts stay texts; the browser has the letters that matplotlib's own font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield


def _inline(document: str, key: str, title: str, description: str) -> str:
    """The drawing as part of a page: no declaration, own ids, colours by variable, named for screen readers."""
    drawn = document[document.index("<svg") :]
    drawn = re.sub(r"<metadata>.*?</metadata>\s*", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{key}-", drawn)
    drawn = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1", drawn)
    for colour, variable in _VARIABLES.items():
        drawn = drawn.replace(colour, f"var(--{variable})")
    opening = re.search(r'viewBox="[^"]*"', drawn)
    box = opening[0] if opening else ""
    named = f'<title id="{key}-title">{_escaped(title)}</title><desc id="{key}-desc">{_escaped(description)}</desc>'
    start = drawn.index(">") + 1
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'aria-labelledby="{key}-title {key}-desc" {box}>{named}{drawn[start:]}'
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
