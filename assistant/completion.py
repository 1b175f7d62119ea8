"""Follow-up questions, completed by a language model where one is configured.

Only a question that leans on the conversation is sent, and whatever goes wrong, the rule of :mod:`assistant.followups`
completes it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from assistant.domain import Query, Turn
from assistant.errors import GenerationError
from assistant.followups import FollowUps
from assistant.german import words

log = logging.getLogger(__name__)

LONGEST = 300
"""Most characters of a completed question; whoever writes more has answered it."""


class Completer(Protocol):
    """Something that writes a follow-up question so that it can be understood alone."""

    def complete(self, question: str, history: Sequence[Turn]) -> str:
        """The completed question, unchecked. Raises :class:`GenerationError`, also if it takes too long."""
        ...


class NoCompleter:
    """Leaves every question to the rule."""

    def complete(self, question: str, history: Sequence[Turn]) -> str:
        """Nothing."""
        return ""


def completed(query: Query, completer: Completer) -> Query:
    """``query`` with its question ``rewritten``; empty where that is not needed or does not work out.

    One that says so already is returned as it is.
    """
    if query.rewritten is not None:
        return query
    left_to_the_rule = replace(query, rewritten="")
    if not query.history or not FollowUps.shipped().leans(query.question):
        return left_to_the_rule
    try:
        written = " ".join(completer.complete(query.question, query.history).split()).strip("\"„“'")
    except GenerationError as error:
        log.warning("follow-up left to the rule: %s", error.code)  # its message may repeat what was asked
        return left_to_the_rule
    return replace(query, rewritten=written) if _is_usable(written, query) else left_to_the_rule


def _is_usable(written: str, query: Query) -> bool:
    """Whether it is of a question's length, and at least half of its words come from the conversation."""
    told = " ".join([query.question, *(f"{turn.question} {turn.answer}" for turn in query.history)])
    known = set(words(told))
    new = words(written)
    return bool(new) and len(written) <= LONGEST and 2 * sum(word in known for word in new) >= len(new)
