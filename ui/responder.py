"""What happens between a question on the chat page and its answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from assistant.api_errors import error_body
from assistant.domain import Answer, Hit, Query, Status, Turn
from assistant.errors import AssistantError, UnknownDocumentError
from assistant.events import Done, Found, SentenceReady, Withdrawn
from assistant.service import Assistant
from assistant.turns import Turns
from ui.exchange import Exchange
from ui.german_typer import say
from ui.nearest import nearest_places, related_questions

logger = logging.getLogger(__name__)

REMEMBERED = 30
"""Exchanges of a conversation that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with the documents to ask (none: all) and the key of the exchange that it is asked in place of."""

    question: str
    documents: tuple[str, ...] = ()
    replaces: str = ""

    @classmethod
    def read(cls, text: str) -> Asked | None:
        """What the page's script wrote; nothing if it did not write this."""
        values = _parsed(text)
        if not isinstance(values, dict):
            return None
        question, replaces = values.get("question"), values.get("replaces", "")
        if not (isinstance(question, str) and isinstance(replaces, str)):
            return None
        return cls(question=question, documents=_ids(values.get("documents")), replaces=replaces)


def read_scope(text: str) -> tuple[str, ...]:
    """The ids of the documents that were picked, as the page's script wrote them."""
    return _ids(_parsed(text))


class Responder:
    """Answers one question after the other in a conversation.

    Args:
        assistant: gives the assistant, or raises why there is none.
        turns: lets the questions that come at once work one after the other.
    """

    def __init__(self, assistant: Callable[[], Assistant], turns: Turns) -> None:
        self.assistant = assistant
        self._turns = turns

    def respond(self, asked: Asked, exchanges: Sequence[Exchange]) -> Iterator[list[Exchange]]:
        """The conversation with the question at once, with each sentence, and with the answer or what failed."""
        earlier = [one for one in exchanges if one.key != asked.replaces][-REMEMBERED:]
        for exchange in self._answering(asked, earlier):
            yield [*earlier, exchange]

    def _answering(self, asked: Asked, earlier: Sequence[Exchange]) -> Iterator[Exchange]:
        # Halves of surrogate pairs, which JSON can spell, could not be sent back.
        question = asked.question.encode(errors="replace").decode()
        exchange = Exchange(question=question, documents=asked.documents, replaces=asked.replaces)
        yield exchange
        hits: tuple[Hit, ...] = ()
        try:
            assistant = self.assistant()
            exchange = replace(exchange, scope=_titles(assistant, asked.documents))
            with closing(self._turns.stream(assistant, _query(exchange, earlier))) as events:
                for event in events:
                    match event:
                        case Found(hits=hits):
                            pass
                        case SentenceReady(sentence=sentence, citations=cited):
                            exchange = replace(
                                exchange,
                                sentences=(*exchange.sentences, sentence),
                                citations=(*exchange.citations, *cited),
                            )
                            yield exchange
                        case Withdrawn():
                            exchange = replace(exchange, sentences=(), citations=())
                        case Done(answer=answer):
                            yield _finished(exchange, answer, hits, assistant)
        except UnknownDocumentError:
            yield replace(exchange, error=say("chat", "document_gone"))
        except AssistantError as error:
            # The public words: those of the log name folders of the server.
            yield replace(exchange, error=error_body(error)["error"]["message"])
        except Exception:
            # Gradio would show an English toast; whoever asked gets a German sentence, the log gets everything.
            logger.exception("the chat page could not answer")
            yield replace(exchange, error=say("chat", "failed"))


def stopped(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """The conversation with the question that is being worked on given up. Sentences that were shown stay."""
    return [
        one
        if one.answer or one.error
        else replace(one, error=say("chat", "stopped_midway" if one.sentences else "stopped"))
        for one in exchanges
    ]


def _query(exchange: Exchange, earlier: Sequence[Exchange]) -> Query:
    history = tuple(Turn(question=one.question, answer=one.answer.text) for one in earlier if one.answer)
    return Query(question=exchange.question, documents=exchange.documents, history=history)


def _finished(exchange: Exchange, answer: Answer, hits: Sequence[Hit], assistant: Assistant) -> Exchange:
    done = replace(exchange, answer=answer, sentences=(), citations=())
    if answer.status is Status.DECLINED:
        return replace(done, nearest=nearest_places(answer, hits, assistant.document))
    return replace(done, related=related_questions(answer, hits, assistant.document))


def _titles(assistant: Assistant, ids: Sequence[str]) -> tuple[str, ...]:
    """The titles of documents; an unknown id stays away, the question itself will be refused for it."""
    if not ids:
        return ()
    titles = {summary.id: summary.title for summary in assistant.documents()}
    return tuple(titles[id] for id in ids if id in titles)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _ids(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for id in values if isinstance(id, str))) if isinstance(values, list) else ()
