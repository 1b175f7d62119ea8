"""The commands ``ask`` and ``search``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.domain import Query
from assistant.errors import InputError
from ui import options, terminal
from ui.batch import read_lines, results
from ui.german_typer import say
from ui.ingesting import build_missing_index
from ui.session import opened, read_settings

if TYPE_CHECKING:
    from assistant.service import Assistant


def ask(
    question: options.Question = None,
    document: options.Documents = None,
    kind: options.Kinds = None,
    stand_from: options.StandFrom = "",
    stand_to: options.StandTo = "",
    batch: options.Batch = None,
    as_json: options.Json = False,
    index: options.Index = None,
) -> None:
    """Answer one question or a batch of them."""
    _require_one(question, batch)
    settings = read_settings(index)
    build_missing_index(settings)
    with opened(settings) as assistant:
        if batch is not None:
            _run_batch(batch, lambda query: _answer_json(assistant, query))
            return
        query = _query(question, document, kind, stand_from, stand_to)
        if as_json:
            terminal.out_json(_answer_json(assistant, query))
        else:
            from ui.render import answer_text  # brings the core's types

            terminal.out(answer_text(assistant.ask(query), terminal.width()))


def search(
    question: options.Question = None,
    k: Annotated[int, typer.Option("-k", help=say("help", "k"), min=1, max=1000)] = 10,
    document: options.Documents = None,
    kind: options.Kinds = None,
    stand_from: options.StandFrom = "",
    stand_to: options.StandTo = "",
    batch: options.Batch = None,
    as_json: options.Json = False,
    index: options.Index = None,
) -> None:
    """Search for one question or a batch of them."""
    _require_one(question, batch)
    with opened(read_settings(index)) as assistant:
        if batch is not None:
            _run_batch(batch, lambda query: _search_json(assistant, query, k))
            return
        query = _query(question, document, kind, stand_from, stand_to)
        if as_json:
            terminal.out_json(_search_json(assistant, query, k))
        else:
            from ui.render import hits_text  # brings the core's types

            found = assistant.search(query, k)
            titles = {document.id: document.title for document in assistant.documents()}
            terminal.out(hits_text(found, titles, terminal.width()))


def _query(
    question: str | None, documents: list[str] | None, kinds: list[str] | None, stand_from: str, stand_to: str
) -> Query:
    return Query(
        question=question or "",
        documents=tuple(documents or ()),
        kinds=tuple(kinds or ()),
        stand_from=stand_from,
        stand_to=stand_to,
    )


def _answer_json(assistant: Assistant, query: Query) -> Mapping[str, Any]:
    from assistant.wire import answer_json

    return answer_json(assistant.ask(query))


def _search_json(assistant: Assistant, query: Query, k: int) -> Mapping[str, Any]:
    from assistant.wire import search_json

    found = assistant.search(query, k)
    return search_json(query.question, found.hits, found.texts, found.timings)


def _require_one(question: str | None, batch: str | None) -> None:
    if (question is None) == (batch is None):
        raise typer.BadParameter(say("usage", "question_or_batch"))


def _run_batch(path: str, answer: Callable[[Query], Mapping[str, Any]]) -> None:
    """Answer every line of the file; exit with 1 at the end when a line was bad."""
    from assistant.requests import read_question  # pydantic

    failed = False
    with _lines(path) as lines:
        for good, result in results(read_lines(lines), read_question, answer):
            terminal.out_json(result, indent=None)
            failed = failed or not good
    if failed:
        raise typer.Exit(1)


@contextmanager
def _lines(path: str) -> Iterator[Iterable[bytes]]:
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(path).open("rb")  # noqa: SIM115  only opening may fail here
    except OSError as error:
        raise InputError("batch_unreadable", path=path, reason=error.strerror or error) from error
    with file:
        yield file
