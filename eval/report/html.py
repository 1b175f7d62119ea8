"""The report as one HTML page: no script, nothing from elsewhere, readable without colour and without sight."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from assistant.texts import message
from eval.report.charts import svg
from eval.report.content import Content, card, heading
from eval.report.shapes import Cell, Failure, Panel, Table

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(content: Content) -> str:
    """The whole page."""
    style = files("eval.report").joinpath("style.css").read_text(encoding="utf-8")
    title = escape(heading(content))
    return "\n".join(
        [
            '<!doctype html>\n<html lang="de">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>",
            _said("lead"),
            _said("no_baseline") if content.lacks_baseline else "",
            f"</header>\n{_contents(content.panels)}\n<main>",
            *(_panel(panel) for panel in content.panels),
            _gallery(content.failures, content.failed),
            _cards(content),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _said(key: str) -> str:
    """A paragraph in German and in English."""
    return f'<p>{_words(key)}</p>\n<p class="english" lang="en">{_words(f"{key}_en")}</p>'


def _contents(panels: Sequence[Panel]) -> str:
    keys = [*(panel.key for panel in panels), "failures", "cards"]
    items = "".join(f'<li><a href="#{key}">{_title(key)}</a></li>' for key in keys)
    return f'<nav aria-label="{_words("contents")}"><ul>{items}</ul></nav>'


def _panel(panel: Panel) -> str:
    title = _title(panel.key)
    parts = [
        f'<section id="{panel.key}"><h2>{title}</h2>',
        f"<p>{_caption(panel.key, 'de')}</p>",
        f'<p class="english" lang="en">{_caption(panel.key, "en")}</p>',
    ]
    table = _scrolling(f"{_words('data')}: {title}", _table(panel.table, title))
    if panel.chart is None:
        return "\n".join([*parts, table, "</section>"])
    figure = f"{_words('figure')}: {title}"
    drawing = svg(panel.chart, f"chart-{panel.key}", title, panel.says or title)
    return "\n".join(
        [
            *parts,
            f"<figure>{_scrolling(figure, drawing)}<figcaption>{escape(panel.says)}</figcaption></figure>",
            f"<details><summary>{_words('data')}: {title}</summary>{table}</details>\n</section>",
        ]
    )


def _scrolling(label: str, inner: str) -> str:
    """A part that may be wider than the page; the keyboard can reach it to scroll."""
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">{inner}</div>'


def _table(table: Table, caption: str) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    body = "\n".join(
        f'<tr><th scope="row">{_cell(row[0])}</th>' + "".join(f"<td>{_cell(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in table.rows
    )
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _cell(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return "–"
    return f"{cell:.3f}".replace(".", ",") if isinstance(cell, float) else escape(str(cell))


def _gallery(shown: Sequence[Failure], failed: int) -> str:
    counts = message("report_words", "failures_shown", package="eval", n=len(shown), all=failed)
    return "\n".join(
        [
            f'<section id="failures"><h2>{_title("failures")}</h2>',
            f"<p>{_caption('failures', 'de')} {counts}</p>",
            f'<p class="english" lang="en">{_caption("failures", "en")}</p>',
            *(_failure(failure) for failure in shown),
            "</section>",
        ]
    )


def _failure(failure: Failure) -> str:
    kind = message("failures", failure.kind, package="eval")
    return "".join(
        [
            f"<article><h3>{escape(failure.question)}</h3><dl>",
            _entry("kind", [f"{kind} ({failure.id})"]),
            _entry("answer", [failure.answer]),
            _entry("cited", failure.cited),
            _entry("gold", failure.gold),
            _entry("tags", [", ".join(failure.tags)] if failure.tags else []),
            "</dl></article>",
        ]
    )


def _entry(key: str, values: Sequence[str]) -> str:
    filled = [value for value in values if value]
    return f"<dt>{_words(key)}</dt>" + "".join(f"<dd>{escape(value)}</dd>" for value in filled) if filled else ""


def _cards(content: Content) -> str:
    return "\n".join(
        [
            f'<section id="cards"><h2>{_title("cards")}</h2>',
            f"<p>{_caption('cards', 'de')}</p>",
            f'<p class="english" lang="en">{_caption("cards", "en")}</p>',
            *_card_tables(content),
            "</section>",
        ]
    )


def _card_tables(content: Content) -> Iterator[str]:
    for run in (*content.runs, *content.variants):
        rows = [[name, value] for name, value in card(run).items()]
        table = Table(columns=[_words("circumstance"), _words("value")], rows=rows)
        yield f'<details class="card"><summary>{escape(run.label)}</summary>'
        yield _scrolling(escape(run.label), _table(table, escape(run.label))) + "</details>"


def _title(key: str) -> str:
    return escape(message("report_titles", key, package="eval"))


def _caption(key: str, language: str) -> str:
    return escape(message(f"report_captions_{language}", key, package="eval"))


def _words(key: str) -> str:
    return escape(message("report_words", key, package="eval"))
