"""Typer that speaks German: usage line, panel titles, help option and usage errors."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from assistant.texts import message, texts


def say(section: str, key: str, /, **details: object) -> str:
    """A text of the user interface."""
    return message(section, key, package="ui", **details)


class _German:
    """What commands and groups have in common."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        pieces: list[str] = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=say("usage", "usage"))

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help`` with a German text."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = say("help", "help")
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        from typer import rich_utils  # only help pages need rich

        rich_utils.OPTIONS_PANEL_TITLE = say("usage", "options")
        rich_utils.ARGUMENTS_PANEL_TITLE = say("usage", "arguments")
        rich_utils.COMMANDS_PANEL_TITLE = say("usage", "commands")
        super().format_help(ctx, formatter)  # type: ignore[misc]


class GermanCommand(_German, TyperCommand):
    """A command with a German help page."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.options_metavar = say("usage", "arguments_metavar")


class GermanGroup(_German, TyperGroup):
    """A group of commands with a German help page."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.options_metavar = say("usage", "arguments_metavar")
        self.subcommand_metavar = say("usage", "subcommands_metavar")


def usage_error(error: Any) -> str:
    """What was wrong with a command line, in German. ``error`` is one of Typer's usage errors."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return str(error.message)
    command = error.ctx.command_path if error.ctx else "fundstelle"
    return f"{_complaint(error, kind)}\n{say('usage', 'hint', command=command)}"


def _complaint(error: Any, kind: str) -> str:
    known = texts("ui")["usage"]
    if isinstance(error, typer.BadParameter):
        if error.param is None or error.message in known.values():  # one of ours says more than the kind of error
            return str(error.message)
        parameter = error.param.get_error_hint() if error.param else ""
        return say("usage", "MissingParameter" if kind == "MissingParameter" else "BadParameter", parameter=parameter)
    if kind in known:
        return say("usage", kind, option=getattr(error, "option_name", ""))
    is_group = error.ctx is not None and isinstance(error.ctx.command, TyperGroup)
    return say("usage", "NoSuchCommand" if is_group else "TooManyArguments")
