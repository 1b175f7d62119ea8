"""Pieces of HTML for the chat page. Pure: everything that comes in leaves escaped, on one line.

No blank line is ever written: the page shows this as one HTML block in which nothing is read as Markdown.
"""

from __future__ import annotations

from html import escape

from ui.german_typer import say


def text(words: str) -> str:
    """Words on one line."""
    return escape(one_line(words))


def lines(words: str) -> str:
    """Words with their line ends, for text areas and values, as references: a blank line would end the HTML block."""
    return escape(words).replace("\n", "&#10;")


def one_line(words: str) -> str:
    """Words without line ends."""
    return " ".join(words.split())


def said(section: str, key: str, **details: object) -> str:
    """A text of ours."""
    return escape(say(section, key, **details))


def signed(sign: str, words: str) -> str:
    """Words with a sign that only the eye needs."""
    return f'<span aria-hidden="true">{sign}</span> {text(words)}'


def unseen(words: str) -> str:
    """Words for screen readers alone, after a blank."""
    return f'<span class="fs-unseen"> {text(words)}</span>'


def button(name: str, words: str, attributes: str = "") -> str:
    """A button that the page's script answers to by the class ``name``."""
    return f'<button type="button" class="fs-button {name}"{attributes}>{text(words)}</button>'
