"""The command line. Nothing heavy is imported here: ``--help`` must answer at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Annotated

import typer

from assistant.errors import AssistantError
from eval.commands import app as eval_app
from ui import asking, doctor, ingesting, library, serving, terminal, verifying
from ui.corpus_commands import create_corpus_app
from ui.german_typer import GermanCommand, GermanGroup, say, usage_error
from ui.model_commands import create_model_app

COMMANDS: Mapping[str, Callable[..., None]] = {
    "ingest": ingesting.ingest,
    "ask": asking.ask,
    "search": asking.search,
    "documents": library.documents,
    "text": library.text,
    "verify": verifying.verify,
    "serve": serving.serve,
    "doctor": doctor.doctor,
}
GROUPS: Mapping[str, Callable[[], typer.Typer]] = {"corpus": create_corpus_app, "model": create_model_app}


def create_app() -> typer.Typer:
    """The command line with all its commands."""
    app = typer.Typer(
        name="fundstelle",
        cls=GermanGroup,
        help=say("help", "fundstelle"),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,  # a bug shows its plain traceback, without the values of local variables
    )
    app.callback()(_before)
    for name, command in COMMANDS.items():
        app.command(name, cls=GermanCommand, help=say("help", name))(command)
    for name, group in GROUPS.items():
        app.add_typer(group(), name=name, cls=GermanGroup, help=say("help", name), no_args_is_help=True)
    for information in eval_app.registered_commands:
        information.cls = GermanCommand
    app.add_typer(eval_app, name="eval", cls=GermanGroup, help=say("help", "eval"), no_args_is_help=True)
    return app


def main() -> None:
    """Run the command line and exit with its code: 0 done, 1 an error a user can mend, 2 wrongly called."""
    terminal.prepare_streams()
    sys.exit(run())


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code. Errors that are not meant for users stay loud."""
    try:
        result = create_app()(arguments, prog_name="fundstelle", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except AssistantError as error:
        terminal.err(str(error))
        return 1
    except typer.TyperException as error:
        terminal.err(usage_error(error))
        return 2
    except typer.Abort:
        terminal.err(say("usage", "aborted"))
        return 1
    except BrokenPipeError:
        terminal.close_quietly()
        return 1


def _before(
    show_version: Annotated[bool, typer.Option("--version", help=say("help", "version"), is_eager=True)] = False,
) -> None:
    if show_version:
        terminal.out(f"fundstelle {version('fundstelle')}")
        raise typer.Exit


if __name__ == "__main__":
    main()
