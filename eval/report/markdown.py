"""The report as Markdown: the same tables, captions and failures, without pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from assistant.texts import message
from eval.report.content import Content, card, heading
from eval.report.shapes import Cell, Failure, Table


def document(content: Content) -> str:
    """The whole document."""
    parts = [_note(content), _panels(content), _gallery(content), _cards(content)]
    return "\n".join([f"# {heading(content)}", "", *(line for part in parts for line in part)]) + "\n"


def _note(content: Content) -> Iterator[str]:
    for key in ("no_baseline", "no_baseline_en") if content.lacks_baseline else ():
        yield from (_plain(message("report_words", key, package="eval")), "")


def _panels(content: Content) -> Iterator[str]:
    for panel in content.panels:
        yield from _head(panel.key)
        yield from _table(panel.table)
        yield ""


def _gallery(content: Content) -> Iterator[str]:
    yield from _head("failures")
    yield message("report_words", "failures_shown", package="eval", n=len(content.failures), all=content.failed)
    yield ""
    for failure in content.failures:
        yield from _failure(failure)


def _failure(failure: Failure) -> Iterator[str]:
    yield f"### {_plain(failure.question)}"
    yield ""
    kind = message("failures", failure.kind, package="eval")
    yield f"- {kind} ({_plain(failure.id)})"
    entries = (("answer", [failure.answer]), ("cited", failure.cited), ("gold", failure.gold))
    for key, values in entries:
        for value in values:
            if value:
                yield f"- {message('report_words', key, package='eval')}: {_plain(value)}"
    yield ""


def _cards(content: Content) -> Iterator[str]:
    yield from _head("cards")
    for run in (*content.runs, *content.variants):
        yield f"### {_plain(run.label)}"
        yield ""
        for name, value in card(run).items():
            yield f"- {name}: {_plain(value)}"
        yield ""


def _head(key: str) -> Sequence[str]:
    return [
        f"## {message('report_titles', key, package='eval')}",
        "",
        message("report_captions_de", key, package="eval"),
        "",
        f"*{message('report_captions_en', key, package='eval')}*",
        "",
    ]


def _table(table: Table) -> Iterator[str]:
    yield "| " + " | ".join(_plain(name) for name in table.columns) + " |"
    yield "|---" + "|---:" * (len(table.columns) - 1) + "|"
    for row in table.rows:
        yield "| " + " | ".join(_cell(cell) for cell in row) + " |"


def _cell(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return "–"
    return f"{cell:.3f}".replace(".", ",") if isinstance(cell, float) else _plain(str(cell))


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    line = " ".join(text.split())
    return "".join(f"\\{character}" if character in "\\|*_`<>#[]" else character for character in line)
