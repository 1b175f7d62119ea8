"""A streamed answer as server-sent events.

Framed by hand because the framework's own event response answers 200 to an error raised before its first event, and
leaves generators open when clients go away.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

from assistant import wire
from assistant.api_errors import failure_body
from assistant.events import Done, Event, Found, SentenceReady, Withdrawn

STREAM_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no", "X-AI-Generated": "true"}


def sse(first: Event, others: Generator[Event]) -> Iterator[str]:
    """The events as text. A failure ends the stream with an event of its own, never in silence.

    When the client goes away this iterator is closed, and ``others`` with it: a language model stops working.
    """
    with closing(others):
        try:
            yield from _framed(first)
            for event in others:
                yield from _framed(event)
        except Exception as error:  # noqa: BLE001  the status 200 is already sent: all that is left is to say so
            yield frame("error", failure_body(error)["error"])


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
