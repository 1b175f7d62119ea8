"""The command ``model export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui import terminal
from ui.german_typer import GermanCommand, GermanGroup, say


def create_model_app() -> typer.Typer:
    """The group of this command."""
    app = typer.Typer(cls=GermanGroup, no_args_is_help=True, add_completion=False)
    app.callback()(lambda: None)  # without it, a single command would swallow its group's name
    app.command("export", cls=GermanCommand, help=say("help", "model_export"))(export)
    return app


def export(
    folder: Annotated[Path, typer.Argument(help=say("help", "export_folder"), metavar="ORDNER")],
) -> None:
    """Write the embedding model into a new or empty folder."""
    from assistant.model_export import export_model  # the model is heavy

    terminal.err(say("export", "writing", folder=folder))
    export_model(folder.resolve())
    terminal.out(say("export", "done", folder=folder))
