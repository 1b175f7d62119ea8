"""What stands around the conversation on the chat page, as HTML. Pure: values in, text out, everything escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.domain import DocumentSummary
from ui.german_typer import say
from ui.html import said, text
from ui.places import date_in_words
from ui.viewer_html import document_address, footer_html

SPOKEN = (
    "copied", "not_copied", "lost", "busy", "retry", "blank", "sending", "wide", "beside", "beside_tab", "beside_close",
)  # fmt: skip
"""What the page's script may have to say."""


def intro_html(question_limit: int) -> str:
    """What the page is, and that an AI system answers: to be read before the first question."""
    return (
        f'<header class="fs-header"><h1>{said("chat", "title")}</h1><p>{said("chat", "subtitle")}</p></header>'
        f'<aside class="fs-notice" aria-label="{said("chat", "notice_label")}"><p>{said("chat", "notice")}</p>'
        f"<p>{said('chat', 'edition')}</p></aside>{_words(question_limit)}"
    )


def log_html() -> str:
    """Where the page's script shows the conversation. It speaks by a region of its own, not word by word."""
    return f'<div id="fs-log" role="log" aria-live="off" aria-label="{said("chat", "conversation")}"></div>'


def examples_title_html() -> str:
    """The heading above the example questions."""
    return f'<h2 class="fs-heading">{said("chat", "examples")}</h2>'


def end_html(documents: Sequence[DocumentSummary]) -> str:
    """The documents that answers are taken from, and the foot of the page."""
    items = "".join(f"<li>{_document(document)}</li>" for document in documents)
    head = said("chat", "documents", count=len(documents))
    listed = f'<details class="fs-documents"><summary>{head}</summary><ul>{items}</ul></details>' if documents else ""
    return f"<div>{listed}{footer_html(beside=True)}</div>"


def _document(document: DocumentSummary) -> str:
    stand = f" · {text(say('place', 'stand', stand=date_in_words(document.stand)))}" if document.stand else ""
    return (
        f'<a href="{escape(document_address(document.id))}" target="fundstelle-seite">{text(document.title)}</a>{stand}'
    )


def _words(question_limit: int) -> str:
    words = {f"data-{key.replace('_', '-')}": say("chat", key) for key in SPOKEN}
    words["data-too-long"] = say("chat", "too_long", length="{length}", limit=question_limit)
    words["data-limit"] = str(question_limit)
    words["data-thanks"], words["data-unsent"] = say("feedback", "thanks"), say("feedback", "failed")
    attributes = " ".join(f'{name}="{text(sentence)}"' for name, sentence in words.items())
    return f'<span id="fs-words" hidden {attributes}></span>'
