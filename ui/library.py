"""The commands ``documents`` and ``text``."""

from __future__ import annotations

from typing import Annotated

import typer

from ui import options, terminal
from ui.german_typer import say
from ui.session import opened, read_settings


def documents(as_json: options.Json = False, index: options.Index = None) -> None:
    """List the documents of the index."""
    with opened(read_settings(index)) as assistant:
        found = assistant.documents()
    if as_json:
        from assistant.wire import document_json  # brings the core's types

        terminal.out_json([document_json(document) for document in found])
    else:
        from ui.render import documents_text  # brings the core's types

        terminal.out(documents_text(found))


def text(
    document: Annotated[str, typer.Argument(help=say("help", "document_id"), metavar="KENNUNG")],
    index: options.Index = None,
) -> None:
    """Write a document's text exactly as spans count it."""
    with opened(read_settings(index)) as assistant:
        terminal.out_exactly(assistant.document(document).text)
