"""What became of a receipt, as a table for people and as JSON. Pure: values in, text out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from assistant.domain import Receipt, Status
from assistant.receipt_checks import DocumentCheck, QuoteCheck, ReceiptCheck, State
from ui.german_typer import say
from ui.places import confidence_in_words, date_in_words, section_in_words
from ui.terminal import columns, printable

SHOWN = 48
"""Characters of a quote that the table shows."""


def check_json(found: ReceiptCheck, same_answer: bool | None) -> dict[str, Any]:
    """The result of ``verify``; ``same_answer`` is null if the question was not asked again."""
    return {
        "holds": found.holds and same_answer is not False,
        "altered": list(found.altered),
        "quotes": [_quote_json(quote) for quote in found.quotes],
        "documents": [asdict(document) for document in found.documents],
        "same_answer": same_answer,
        "receipt": asdict(found.receipt),
    }


def check_text(found: ReceiptCheck, same_answer: bool | None, width: int) -> str:
    """The same for people: what was issued, what became of each quote and document, and the verdict."""
    blocks = ["\n".join(_wrapped(line, width) for line in _issued(found.receipt))]
    if found.altered:
        fields = ", ".join(say("verify", f"field_{name}") for name in found.altered)
        blocks.append(_wrapped(say("verify", "altered", fields=fields), width))
    blocks.append(_quotes_table(found.quotes) if found.quotes else say("verify", "no_quotes"))
    if found.documents:
        blocks.append("\n".join(_wrapped(_document_line(document), width) for document in found.documents))
    if same_answer is not None:
        blocks.append(say("verify", "answer_same" if same_answer else "answer_different"))
    blocks.append(say("verify", "holds" if found.holds and same_answer is not False else "fails"))
    return "\n\n".join(blocks)


def _issued(receipt: Receipt) -> Iterator[str]:
    if receipt.status == Status.DECLINED:
        yield say("verify", "issued_declined", time=_time(receipt.time), status=say("status", receipt.status))
    else:
        yield say(
            "verify",
            "issued",
            time=_time(receipt.time),
            status=say("status", receipt.status),
            mode=say("mode", receipt.mode),
            confidence=confidence_in_words(receipt.confidence),
        )
    made = say("verify", "made", product=receipt.product, built=_time(receipt.built_at), embedding=receipt.embedding)
    yield say("verify", "made_with_model", made=made, model=receipt.model) if receipt.model else made


def _quotes_table(quotes: tuple[QuoteCheck, ...]) -> str:
    head = tuple(say("verify", name) for name in ("mark", "document", "today", "text"))
    return columns((head, *((f"[{q.marker}]", q.document, _state(q), _shortened(q.text)) for q in quotes)))


def _state(quote: QuoteCheck) -> str:
    if quote.state is not State.MOVED or quote.span is None:
        return say("verify", quote.state)
    place = [say("verify", "characters", start=quote.span.start, end=quote.span.end)]
    if quote.pages:
        place.insert(0, say("place", "physical", number=quote.pages[0]))
    if quote.section:
        place.append(section_in_words(quote.section[-1:]))
    return say("verify", "moved_to", place=", ".join(place))


def _document_line(document: DocumentCheck) -> str:
    title = document.title or document.id
    if document.state is State.NEWER and document.stand != document.stand_now:
        stand, now = (date_in_words(stand) or "–" for stand in (document.stand, document.stand_now))
        return say("verify", "document_newer_stand", title=title, stand=stand, now=now)
    return say("verify", f"document_{document.state}", title=title)


def _quote_json(quote: QuoteCheck) -> dict[str, Any]:
    return {
        "marker": quote.marker,
        "document": quote.document,
        "state": quote.state.value,
        "start": quote.span.start if quote.span else None,
        "end": quote.span.end if quote.span else None,
        "text": quote.text,
        "section": list(quote.section),
        "pages": list(quote.pages),
    }


def _shortened(text: str) -> str:
    return f"„{textwrap.shorten(text, SHOWN, placeholder=' …')}“" if text else ""


def _time(iso: str) -> str:
    """An ISO time as „28.11.2026, 14:05“; what is none, as it is."""
    try:
        return datetime.fromisoformat(iso).strftime("%d.%m.%Y, %H:%M")
    except ValueError:
        return iso


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(printable(text), width, break_long_words=False, break_on_hyphens=False)
