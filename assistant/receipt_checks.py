"""What of a receipt still holds: whether it is intact, and what today's documents say at its places. Pure.

Quotes are known by their digests alone, so a moved one is found by digesting every stretch of its length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.citations import section_of
from assistant.domain import CitedDocument, CitedQuote, Document, Receipt, Span
from assistant.errors import InputError, UnknownDocumentError
from assistant.receipts import VERSION, canonical, digest

GetDocument = Callable[[str], Document]
"""Gives a document of today's index, or raises :class:`UnknownDocumentError`."""


class State(StrEnum):
    """What became of a quote or a document. ``MOVED`` is for quotes that stand elsewhere, ``NEWER`` for documents."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    NEWER = "newer"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteCheck:
    """A quote today. ``text``, ``section`` and ``pages`` (physical numbers) are those of ``span``, if it was found."""

    marker: int
    document: str
    state: State
    span: Span | None = None
    text: str = ""
    section: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCheck:
    """A document then and now; ``title`` and ``stand_now`` are empty if it is gone."""

    id: str
    state: State
    stand: str
    stand_now: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCheck:
    """``altered`` names what was changed since the receipt was issued, as fields of it or of the answer around it."""

    receipt: Receipt
    altered: tuple[str, ...]
    quotes: tuple[QuoteCheck, ...]
    documents: tuple[DocumentCheck, ...]

    @property
    def holds(self) -> bool:
        """Whether the receipt is intact and each quote still stands in its document, word for word."""
        found = {quote.state for quote in self.quotes}
        return not self.altered and found <= {State.UNCHANGED, State.MOVED}


def check_receipt(text: str, document: GetDocument) -> ReceiptCheck:
    """Check a receipt as JSON, alone or inside the answer it was given with, against today's documents.

    Raises:
        InputError: if ``text`` is no receipt of a version that can be checked.
    """
    raw, around = _parsed(text)
    try:
        receipt = TypeAdapter(Receipt).validate_python(raw)
    except ValidationError as error:
        raise InputError("receipt_invalid", field=error.errors(include_input=False)[0]["loc"][0]) from error
    if any(not 0 <= quote.start <= quote.end for quote in receipt.citations):
        raise InputError("receipt_invalid", field="citations")
    altered = [] if receipt.sha256 == digest(canonical(_unsealed(raw))) else ["sha256"]
    return ReceiptCheck(
        receipt=receipt,
        altered=(*altered, *_altered(around, receipt)),
        quotes=tuple(_quote_today(quote, document) for quote in receipt.citations),
        documents=tuple(_document_today(cited, document) for cited in receipt.documents),
    )


def _parsed(text: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The receipt's fields, and those of the answer around it, if there is one."""
    try:
        values = json.loads(text)
        canonical({"": values}).encode("utf-8")  # no NaN, no halves of surrogate pairs
    except (ValueError, RecursionError) as error:
        raise InputError("json_invalid") from error
    around = values if isinstance(values, dict) and "receipt" in values else {}
    raw = around.get("receipt", values)
    if not isinstance(raw, dict) or "version" not in raw:
        raise InputError("receipt_expected")
    if raw["version"] != VERSION:
        raise InputError("receipt_version", version=VERSION)
    return raw, around


def _unsealed(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in raw.items() if name != "sha256"}


def _altered(around: Mapping[str, Any], receipt: Receipt) -> Iterator[str]:
    """What the answer around a receipt says otherwise than the receipt."""
    for name in ("question", "answer"):
        if name in around and digest(str(around[name])) != getattr(receipt, f"{name}_sha256"):
            yield name
    for name in ("status", "mode", "confidence"):
        if around.get(name, getattr(receipt, name)) != getattr(receipt, name):
            yield name
    if "citations" in around and _places(around["citations"]) != [
        (quote.marker, quote.document, quote.start, quote.end, quote.sha256) for quote in receipt.citations
    ]:
        yield "citations"


def _places(citations: object) -> list[tuple[object, ...]]:
    names = ("marker", "document", "start", "end")
    entries = [one for one in citations if isinstance(one, dict)] if isinstance(citations, list) else []
    return [(*(one.get(name) for name in names), digest(str(one.get("quote")))) for one in entries]


def _quote_today(quote: CitedQuote, document: GetDocument) -> QuoteCheck:
    try:
        today = document(quote.document)
    except UnknownDocumentError:
        return QuoteCheck(marker=quote.marker, document=quote.document, state=State.GONE)
    span = _found(quote, today.text)
    if span is None:
        return QuoteCheck(marker=quote.marker, document=quote.document, state=State.CHANGED)
    return QuoteCheck(
        marker=quote.marker,
        document=quote.document,
        state=State.UNCHANGED if span.start == quote.start else State.MOVED,
        span=span,
        text=span.of(today.text),
        section=section_of(today, span),
        pages=tuple(page.number for page in today.pages if page.span.overlaps(span)),
    )


def _found(quote: CitedQuote, text: str) -> Span | None:
    """Where the quote stands in ``text``, as near as possible to where it stood; quotes begin where words do."""
    length = quote.end - quote.start
    begins = sorted((match.start() for match in re.finditer(r"(?<!\S)\S", text)), key=lambda at: abs(at - quote.start))
    for at in (quote.start, *begins):
        if 0 <= at <= len(text) - length and digest(text[at : at + length]) == quote.sha256:
            return Span(start=at, end=at + length)
    return None


def _document_today(cited: CitedDocument, document: GetDocument) -> DocumentCheck:
    try:
        today = document(cited.id)
    except UnknownDocumentError:
        return DocumentCheck(id=cited.id, state=State.GONE, stand=cited.stand)
    return DocumentCheck(
        id=cited.id,
        state=State.UNCHANGED if today.sha256 == cited.sha256 else State.NEWER,
        stand=cited.stand,
        stand_now=today.stand,
        title=today.title,
    )
