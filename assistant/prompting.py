"""What the model is told. Everything that users or documents wrote goes in as data, with our delimiters made harmless.

The instructions lie in ``prompts/``. Only the server speaks as ``system``; what a client calls history is quoted inside
the question, so no role in it means anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from assistant.domain import Turn

HISTORY_TURNS = 6
HISTORY_CHARACTERS = 3000
"""About a thousand tokens of conversation; older turns are left out first."""

ANSWER_CHARACTERS = 600

_DELIMITERS = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "【": "(", "】": ")"})
_MARKS = re.compile(r"\s*\[\d{1,3}\]")


@cache
def prompt(name: str) -> str:
    """The German prompt in file ``name``."""
    return files("assistant").joinpath("prompts", name).read_text(encoding="utf-8")


def prompts() -> str:
    """All that stands in the prompts before questions and evidence are filled in."""
    return "".join(map(prompt, ("answer.md", "question.md", "complete.md", "follow_up.md")))


def prompt_values(question: str, evidence: Sequence[str], history: Sequence[Turn] = ()) -> dict[str, str]:
    """The values of the placeholders in ``question.md``."""
    numbered = (f"[{number}] {escaped(text)}" for number, text in enumerate(evidence, start=1))
    return {"question": escaped(question), "evidence": "\n".join(numbered), "history": _history(history)}


def follow_up_values(question: str, history: Sequence[Turn]) -> dict[str, str]:
    """The values of the placeholders in ``follow_up.md``."""
    return {"question": escaped(question), "history": _history(history)}


def escaped(text: str) -> str:
    """``text`` on one line, with our marks and delimiters replaced by look-alikes that mean nothing."""
    return " ".join(text.split()).translate(_DELIMITERS)


def _history(turns: Sequence[Turn]) -> str:
    """The newest turns that fit, oldest first, between delimiters of their own; empty without any."""
    kept: list[str] = []
    left = HISTORY_CHARACTERS
    for turn in reversed(turns[-HISTORY_TURNS:]):
        answer = escaped(_MARKS.sub("", turn.answer))[:ANSWER_CHARACTERS]
        lines = f"Frage: {escaped(turn.question)}\n" + (f"Antwort: {answer}\n" if answer else "")
        left -= len(lines)
        if left < 0:
            break
        kept.append(lines)
    return f"<verlauf>\n{''.join(reversed(kept))}</verlauf>\n\n" if kept else ""
