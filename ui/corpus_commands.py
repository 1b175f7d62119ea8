"""The commands ``corpus list``, ``add``, ``remove`` and ``verify``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated

import typer

from ui import options, terminal
from ui.german_typer import GermanCommand, GermanGroup, say
from ui.session import read_settings

Id = Annotated[str, typer.Option("--id", help=say("help", "new_id"), metavar="KENNUNG", show_default=False)]
Title = Annotated[str, typer.Option("--title", help=say("help", "title"), metavar="TITEL", show_default=False)]
Kind = Annotated[str, typer.Option("--kind", help=say("help", "kind"), metavar="ART", show_default=False)]
Stand = Annotated[str, typer.Option("--stand", help=say("help", "stand"), metavar="DATUM", show_default=False)]
Url = Annotated[str, typer.Option("--url", help=say("help", "url"), metavar="ADRESSE", show_default=False)]


def create_corpus_app() -> typer.Typer:
    """The group of these commands."""
    commands: Mapping[str, Callable[..., None]] = {"list": show, "add": add, "remove": remove, "verify": verify}
    app = typer.Typer(cls=GermanGroup, no_args_is_help=True, add_completion=False)
    for name, command in commands.items():
        app.command(name, cls=GermanCommand, help=say("help", f"corpus_{name}"))(command)
    return app


def show(as_json: options.Json = False) -> None:
    """List what the corpus holds and what it should hold."""
    from ui.corpus_view import inventory, inventory_json, inventory_text  # brings the readers' names and formats

    found = inventory(read_settings().corpus)
    if as_json:
        terminal.out_json(inventory_json(found))
    else:
        terminal.out(inventory_text(found, terminal.width()))


def add(
    source: Annotated[str, typer.Argument(help=say("help", "source"), metavar="DATEI|ADRESSE")],
    id: Id = "",
    title: Title = "",
    kind: Kind = "",
    stand: Stand = "",
    url: Url = "",
    allow_private: Annotated[bool, typer.Option("--allow-private", help=say("help", "allow_private"))] = False,
) -> None:
    """Add a document to the corpus."""
    from ingest.corpus.adding import add as add_document  # brings the readers
    from ingest.corpus.limits import Limits
    from ingest.manifest import Entry

    settings = read_settings()
    if "://" in source:
        terminal.err(say("corpus", "loading", url=terminal.printable(source)))
    entry = add_document(
        source,
        settings.corpus,
        Entry(id=id, title=title, kind=kind, stand=stand, url=url),
        Limits(megabytes=settings.document_limit, seconds=settings.download_timeout),
        today=date.today(),
        allow_private=allow_private,
    )
    terminal.out(say("corpus", "added", id=entry.id, title=entry.title, file=entry.file))
    terminal.out(say("corpus", "ingest"))


def remove(
    id: Annotated[str, typer.Argument(help=say("help", "entry_id"), metavar="KENNUNG")],
    keep_file: Annotated[bool, typer.Option("--keep-file", help=say("help", "keep_file"))] = False,
) -> None:
    """Remove a document from the corpus."""
    from ingest.corpus.removing import remove as remove_document  # brings the manifest

    removed = remove_document(id, read_settings().corpus, keep_file=keep_file)
    terminal.out(say("corpus", "removed", id=terminal.printable(id)))
    terminal.out(say("corpus", removed.file, file=terminal.printable(removed.entry.file)))
    terminal.out(say("corpus", "ingest"))


def verify(as_json: options.Json = False) -> None:
    """Say what in the corpus is not as its manifest says."""
    from ingest.corpus.verifying import verify as verify_folder  # brings the manifest
    from ui.corpus_view import verification_json, verification_text

    folder = read_settings().corpus
    found = verify_folder(folder)
    if as_json:
        terminal.out_json(verification_json(folder, found))
    else:
        terminal.out(verification_text(found, terminal.width()))
    if found.findings:
        raise typer.Exit(1)
