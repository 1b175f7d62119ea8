"""Reading file after file: what is a copy or has a taken id is left out, and nothing stops the rest."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain import Document
from ingest.discovery import Source
from ingest.failures import Unreadable
from ingest.likeness import Likeness
from ingest.readers import Failure

log = logging.getLogger(__name__)

Read = Callable[[Source], Iterator[Document | Failure]]


class Progress(Protocol):
    """Told how far an ingest is: files in the stage ``read``, texts in the stage ``embed``."""

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """``done`` of ``total`` are behind us."""
        ...


def silent(stage: str, done: int, total: int, /) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one file gave. The earlier file ``duplicate_of`` has the same text, ``similar_to`` nearly the same."""

    source: Source
    documents: Sequence[Document]
    failures: Sequence[Failure]
    duplicate_of: str
    similar_to: str
    seconds: float


def read_all(sources: Sequence[Source], read: Read, progress: Progress) -> Iterator[Batch]:
    """Read file after file; the content of an earlier file and ids that are taken are left out."""
    owners: dict[str, str] = {}
    contents: dict[str, str] = {}
    likeness = Likeness()
    for number, source in enumerate(sources, start=1):
        started = time.monotonic()
        results = list(read(source))
        failures = [item for item in results if isinstance(item, Failure)]
        documents: list[Document] = []
        duplicate_of = similar_to = ""
        for document in (item for item in results if isinstance(item, Document)):
            content = hashlib.sha256(document.text.encode()).hexdigest() if document.file else ""
            if content and content in contents:
                duplicate_of = contents[content]
            elif document.id in owners:
                reason = Unreadable("id_taken", id=document.id, file=owners[document.id])
                failures.append(Failure(file=source.name, reason=str(reason)))
            else:
                owners[document.id] = contents[content or document.id] = source.name
                documents.append(document)
                similar_to = similar_to or (likeness.of(document, source.name) if document.file else "")
        for failure in failures:
            log.warning("%s: %s", failure.file, failure.reason)
        seconds = round(time.monotonic() - started, 3)
        yield Batch(
            source=source,
            documents=documents,
            failures=failures,
            duplicate_of=duplicate_of,
            similar_to=similar_to,
            seconds=seconds,
        )
        progress("read", number, len(sources))
