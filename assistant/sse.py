"""A streamed answer as server-sent events.

Framed by hand because the framework's own event response answers 200 to an error raised before its first event, and
leaves generators open when clients go away.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

from assistant import wire
from assistant.api_errors import error_body, status_body
from assistant.errors import AssistantError
from assistant.events import Done, Event, Found, SentenceReady, Withdrawn

logger = logging.getLogger(__name__)


def sse(first: Event, others: Generator[Event]) -> Iterator[str]:
    """The events as text. A failure ends the stream with an event of its own, never in silence.

    When the client goes away this iterator is closed, and ``others`` with it: a language model stops working.
    """
    with closing(others):
        try:
            yield from _framed(first)
            for event in others:
                yield from _framed(event)
        except AssistantError as error:
            yield frame("error", error_body(error)["error"])
        except Exception:
            # The status 200 is already sent: this event is the only way left to say that something broke.
            logger.exception("streamed answer failed")
            yield frame("error", status_body(500)["error"])


def frame(name: str, data: Any) -> str:
    """One event. JSON keeps the data on a single line, so nothing in it can end the event or start another."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=True)}\n\n"


def _framed(event: Event) -> Iterator[str]:
    match event:
        case Found(hits=hits, texts=texts):
            yield frame("status", {"stage": "found", "passages": len(hits)})
            yield frame("evidence", wire.hits_json(hits, texts))
        case SentenceReady(sentence=sentence, citations=citations):
            new = [wire.citation_json(citation) for citation in citations]
            yield frame("sentence", {**wire.sentence_json(sentence), "new_citations": new})
        case Withdrawn(note=note):
            yield frame("status", {"stage": "withdrawn", "note": note})
        case Done(answer=answer):
            yield frame("done", wire.answer_json(answer))
