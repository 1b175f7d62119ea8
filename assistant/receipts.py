"""Receipts of answers: what they were made from, in digests that can be compared later.

A receipt is sealed with a digest of its own, so that a changed one is noticed; but anybody can make a new seal. What it
proves and what not stands in ``docs/receipts.md``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from assistant.domain import Answer, Citation, CitedDocument, CitedQuote, Document, Mode, Query, Receipt
from assistant.record import BuildRecord

VERSION = 1
"""Raised whenever a field means something else than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """What makes answers, apart from the index: version, digests as in :class:`Receipt`, and the language model."""

    product: str
    selector_sha256: str
    settings_sha256: str
    prompt_sha256: str
    model: str = ""


def issue(
    answer: Answer,
    query: Query,
    *,
    maker: Maker,
    record: BuildRecord,
    document: Callable[[str], Document],
    time: datetime | None = None,
) -> Receipt:
    """The receipt of ``answer`` to ``query``; ``document`` gives those of the index it was made from."""
    written = answer.mode is Mode.GENERATIVE
    cited = dict.fromkeys(citation.document for citation in answer.citations)
    return sealed(
        Receipt(
            version=VERSION,
            time=(time or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
            product=maker.product,
            status=answer.status.value,
            mode=answer.mode.value,
            confidence=round(answer.confidence, 4),
            question_sha256=digest(query.question),
            answer_sha256=digest(answer.text),
            turns=len(query.history),
            scope=query.documents,
            built_at=record.built_at,
            corpus_digest=record.corpus_digest,
            chunker=record.chunker,
            embedding=record.model,
            embedding_sha256=record.model_sha256,
            model=maker.model if written else "",
            prompt_sha256=maker.prompt_sha256 if written else "",
            selector_sha256=maker.selector_sha256,
            settings_sha256=maker.settings_sha256,
            documents=tuple(_document(document(id)) for id in cited),
            citations=tuple(_quote(citation) for citation in answer.citations),
        )
    )


def sealed(receipt: Receipt) -> Receipt:
    """``receipt`` with the digest of all its other fields."""
    return replace(receipt, sha256=seal(receipt))


def seal(receipt: Receipt) -> str:
    """The digest that belongs on ``receipt``: of its canonical JSON, without the seal it bears."""
    fields = asdict(receipt)
    del fields["sha256"]
    return digest(canonical(fields))


def canonical(value: Mapping[str, Any]) -> str:
    """JSON in the one form that is digested: keys sorted, no blanks, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """Hex SHA-256 of the UTF-8 bytes of ``text``."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _document(document: Document) -> CitedDocument:
    return CitedDocument(id=document.id, sha256=document.sha256, stand=document.stand)


def _quote(citation: Citation) -> CitedQuote:
    return CitedQuote(
        marker=citation.marker,
        document=citation.document,
        start=citation.span.start,
        end=citation.span.end,
        sha256=digest(citation.quote),
    )
