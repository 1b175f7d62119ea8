"""What a streamed answer tells, in order: what was found, each sentence as it passes its check, and the whole answer.

Only :class:`Done` is final. A client that shows sentences as they come starts over at :class:`Withdrawn`.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain import Answer, AnswerSentence, Citation, Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The passages that were read for the answer, best first, and their texts in the same order."""

    hits: tuple[Hit, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceReady:
    """One sentence with its verdict, and those of its citations that no earlier sentence had."""

    sentence: AnswerSentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """All sentences so far are void, for the reason in ``note``; others follow."""

    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The whole answer."""

    answer: Answer


Event = Found | SentenceReady | Withdrawn | Done
