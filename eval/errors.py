"""Errors of the harness that are meant for users.

* EvalError            (an AssistantError)
  + CasesError         a file of cases or documents does not hold what it must
  + RunError           a run cannot be started, resumed or read
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.errors import AssistantError
from assistant.texts import message

SHOWN_PROBLEMS = 20


class EvalError(AssistantError):
    """Root of the harness's errors. Messages come from ``eval/texts.toml``."""

    def __init__(self, code: str, /, **details: object) -> None:
        Exception.__init__(self, message("errors", code, package="eval", **details))
        self.code = code
        self.details = details


class CasesError(EvalError):
    """A file of cases or documents is not what it must be. ``problems`` names each by file and line."""

    def __init__(self, problems: Sequence[str]) -> None:
        shown = "\n".join(problems[:SHOWN_PROBLEMS])
        rest = len(problems) - SHOWN_PROBLEMS
        more = "\n" + message("errors", "more_problems", package="eval", n=rest) if rest > 0 else ""
        super().__init__("cases_invalid", n=len(problems), problems=shown + more)
        self.problems = tuple(problems)


class RunError(EvalError):
    """A run cannot be started, resumed or read."""


class MissingExtraError(EvalError):
    """A library of the extra ``eval`` is not installed."""

    def __init__(self, library: str) -> None:
        super().__init__("extra_missing", library=library)
