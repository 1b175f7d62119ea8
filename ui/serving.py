"""The command ``serve``."""

from __future__ import annotations

from typing import Annotated

import typer

from ui import options
from ui.german_typer import say
from ui.session import read_settings


def serve(
    host: Annotated[str | None, typer.Option("--host", help=say("help", "host"), show_default=False)] = None,
    port: Annotated[
        int | None, typer.Option("--port", help=say("help", "port"), min=0, max=65535, show_default=False)
    ] = None,
    index: options.Index = None,
) -> None:
    """Start API and chat page."""
    settings = read_settings(index, host=host, port=port)
    from ui.server import run  # web framework and chat page

    run(settings)
