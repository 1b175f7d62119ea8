"""The options and arguments that commands share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.german_typer import say

Index = Annotated[Path | None, typer.Option("--index", help=say("help", "index"), metavar="ORDNER", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help=say("help", "json"))]
Documents = Annotated[
    list[str] | None, typer.Option("--document", help=say("help", "document"), metavar="KENNUNG", show_default=False)
]
Kinds = Annotated[
    list[str] | None, typer.Option("--kind", help=say("help", "kinds"), metavar="ART", show_default=False)
]
StandFrom = Annotated[
    str, typer.Option("--stand-from", help=say("help", "stand_from"), metavar="DATUM", show_default=False)
]
StandTo = Annotated[str, typer.Option("--stand-to", help=say("help", "stand_to"), metavar="DATUM", show_default=False)]
Batch = Annotated[str | None, typer.Option("--batch", help=say("help", "batch"), metavar="DATEI", show_default=False)]
Question = Annotated[str | None, typer.Argument(help=say("help", "question"), metavar="FRAGE", show_default=False)]
