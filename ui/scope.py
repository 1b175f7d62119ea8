"""The choice of documents to ask. Pure: values in, text out, everything escaped.

Plain checkboxes in HTML of ours; the page's script hands what is picked to the server with each question.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain import DocumentSummary
from ui.german_typer import say
from ui.html import button, lines, said, text
from ui.places import date_in_words

KINDS = ("guideline", "faq")
"""Kinds of documents with a group of their own; all others share one."""

FILTER_FROM = 12
"""Documents from which on a field to filter them helps more than it is in the way."""


def scope_html(documents: Sequence[DocumentSummary]) -> str:
    """A disclosure with a checkbox for each document, in groups by kind; empty if there is nothing to choose."""
    if len(documents) < 2:
        return ""
    groups = "".join(_group(kind, [one for one in documents if _kind(one) == kind]) for kind in (*KINDS, "other"))
    all_of_them = say("scope", "all", count=len(documents))
    # Whole sentences for the script to fill in.
    words = {
        "all": all_of_them,
        "one": say("scope", "one", title="{title}"),
        "some": say("scope", "some", count="{count}"),
    }
    words["none"] = say("scope", "none")
    attributes = " ".join(f'data-{name}="{text(sentence)}"' for name, sentence in words.items())
    return (
        f'<details class="fs-scope" {attributes}><summary><span class="fs-scope-label">{said("scope", "label")} </span>'
        f'<span class="fs-scope-told">{text(all_of_them)}</span></summary>'
        f'<div class="fs-scope-panel"><p class="fs-small">{said("scope", "how")}</p>'
        f"{_filter() if len(documents) >= FILTER_FROM else ''}{groups}"
        f'<p class="fs-small fs-scope-none" role="status"></p>'
        f'<p class="fs-actions">{button("fs-scope-clear", say("scope", "clear"))}</p></div></details>'
    )


def _group(kind: str, documents: Sequence[DocumentSummary]) -> str:
    if not documents:
        return ""
    whole = f'<input type="checkbox" class="fs-whole"> {said("scope", "whole", count=len(documents))}'
    first = f'<label class="fs-check fs-whole-label">{whole}</label>' if len(documents) > 1 else ""
    boxes = "".join(_box(document) for document in documents)
    return f"<fieldset><legend>{said('scope', f'kind_{kind}')}</legend>{first}{boxes}</fieldset>"


def _box(document: DocumentSummary) -> str:
    stand = say("place", "stand", stand=date_in_words(document.stand)) if document.stand else ""
    small = f' <span class="fs-small">{text(stand)}</span>' if stand else ""
    box = f'<input type="checkbox" name="document" value="{lines(document.id)}">'
    title = f'<span class="fs-title">{text(document.title)}</span>'
    return f'<label class="fs-check">{box} <span>{title}{small}</span></label>'


def _filter() -> str:
    return (
        f'<p class="fs-filter"><label for="fs-scope-filter">{said("scope", "filter")}</label>'
        '<input type="search" id="fs-scope-filter" autocomplete="off"></p>'
    )


def _kind(document: DocumentSummary) -> str:
    return document.kind if document.kind in KINDS else "other"
