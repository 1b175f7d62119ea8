"""The command ``verify``: whether the receipt of an earlier answer still holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import InputError
from ui import options, terminal
from ui.german_typer import say
from ui.session import opened, read_settings

if TYPE_CHECKING:
    from assistant.domain import Receipt
    from assistant.service import Assistant

MOST_BYTES = 10_000_000
"""Size from which a file is surely no receipt."""


def verify(
    receipt: Annotated[str, typer.Argument(help=say("help", "receipt"), metavar="BELEG", show_default=False)],
    question: Annotated[
        str | None, typer.Option("--question", help=say("help", "asked"), metavar="FRAGE", show_default=False)
    ] = None,
    as_json: options.Json = False,
    index: options.Index = None,
) -> None:
    """Check a receipt against today's index; ends with 1 if something no longer holds."""
    text = _read(receipt)
    with opened(read_settings(index)) as assistant:
        from assistant.receipt_checks import check_receipt  # pydantic

        found = check_receipt(text, assistant.document)
        same = None if question is None else same_answer(assistant, found.receipt, question)
    from ui.verifying_view import check_json, check_text  # brings the core's types

    if as_json:
        terminal.out_json(check_json(found, same))
    else:
        terminal.out(check_text(found, same, terminal.width()))
    if not found.holds or same is False:
        raise typer.Exit(1)


def same_answer(assistant: Assistant, receipt: Receipt, question: str) -> bool:
    """Whether the question of the receipt is answered today as it was then.

    Raises:
        InputError: if it is another question, or one that only its conversation makes clear.
    """
    from assistant.domain import Query
    from assistant.errors import UnknownDocumentError
    from assistant.questions import clean
    from assistant.receipts import digest

    if digest(clean(question)) != receipt.question_sha256:
        raise InputError("receipt_other_question")
    if receipt.turns:
        raise InputError("receipt_follow_up")
    try:
        answer = assistant.ask(Query(question=question, documents=receipt.scope))
    except UnknownDocumentError:  # it was asked in a document that is gone
        return False
    return digest(answer.text) == receipt.answer_sha256


def _read(path: str) -> str:
    try:
        if path == "-":
            return sys.stdin.buffer.read(MOST_BYTES).decode("utf-8-sig")
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError("receipt_unreadable", path=path, reason=reason) from error
