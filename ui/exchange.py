"""The nouns of the chat page: a question with what came of it, and what the page offers besides answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_hex

from assistant.domain import Answer, AnswerSentence, Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class NearPlace:
    """A place near to a question. ``faq`` is the curated question that it answers, if it answers one."""

    words: str
    document: str
    address: str
    faq: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and what came of it: an answer, an error message, or the sentences and their citations so far.

    ``key`` tells exchanges apart, also across restarts of the server. ``documents`` is the scope that was asked in and
    ``scope`` its titles, both empty for all documents. ``replaces`` is the key of the exchange that was asked again.
    ``nearest`` are places for a declined question, ``related`` curated questions beside an answer.
    """

    question: str
    key: str = field(default_factory=lambda: token_hex(4))
    documents: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    replaces: str = ""
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    error: str = ""
    nearest: tuple[NearPlace, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who helps on when the documents do not answer. Empty fields are not shown."""

    name: str = ""
    mail: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What the page offers besides answers."""

    contact: Contact = Contact()
    feedback: bool = False
