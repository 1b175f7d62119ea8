"""The JSON forms of answers, hits and documents, as ``docs/contract.md`` promises them to other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from assistant.domain import Answer, AnswerSentence, Box, Citation, CitedPage, Document, DocumentSummary, Hit, Span


def answer_json(answer: Answer, *, id: str = "") -> dict[str, Any]:
    """The result of ``ask``."""
    return {
        "id": id,
        "question": answer.question,
        "status": answer.status.value,
        "mode": answer.mode.value,
        "answer": answer.text,
        "confidence": round(answer.confidence, 4),
        "sentences": [sentence_json(sentence) for sentence in answer.sentences],
        "citations": [citation_json(citation) for citation in answer.citations],
        "suggestions": list(answer.suggestions),
        "note": answer.note,
        "read_as": answer.read_as,
        "ai_generated": True,
        "timing_ms": _rounded(answer.timings),
        "receipt": asdict(answer.receipt) if answer.receipt else None,
    }


def sentence_json(sentence: AnswerSentence) -> dict[str, Any]:
    """One sentence of an answer with the markers of its citations."""
    return {
        "text": sentence.text,
        "citations": list(sentence.citations),
        "support": sentence.support.value,
        "kind": sentence.kind.value,
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """One citation; ``quote`` is exactly the document's text from ``start`` to ``end``."""
    return {
        "marker": citation.marker,
        "document": citation.document,
        "title": citation.title,
        "start": citation.span.start,
        "end": citation.span.end,
        "quote": citation.quote,
        "section": list(citation.section),
        "pages": [_cited_page_json(page) for page in citation.pages],
        "url": citation.url,
        "stand": citation.stand,
        "notice": citation.notice,
    }


def search_json(
    question: str, hits: Sequence[Hit], texts: Sequence[str], timings: Mapping[str, float], *, id: str = ""
) -> dict[str, Any]:
    """The result of ``search``; ``texts`` are the hits' passages, in the same order."""
    return {
        "id": id,
        "question": question,
        "hits": hits_json(hits, texts),
        "timing_ms": _rounded(timings),
    }


def hits_json(hits: Sequence[Hit], texts: Sequence[str]) -> list[dict[str, Any]]:
    """Hits, best first, with their texts."""
    return [
        {
            "rank": rank,
            "document": hit.passage.document,
            "start": hit.passage.span.start,
            "end": hit.passage.span.end,
            "score": round(hit.score, 6),
            "pages": list(hit.passage.pages),
            "section": list(hit.passage.headings),
            "text": text,
        }
        for rank, (hit, text) in enumerate(zip(hits, texts, strict=True), start=1)
    ]


def document_json(document: DocumentSummary) -> dict[str, Any]:
    """One entry of ``documents``."""
    return asdict(document)


def document_text_json(document: Document) -> dict[str, Any]:
    """One document in full. All ``start`` and ``end`` are characters of ``text``."""
    return {
        "id": document.id,
        "title": document.title,
        "kind": document.kind,
        "url": document.url,
        "stand": document.stand,
        "notice": document.notice,
        "sha256": document.sha256,
        "pages": [{"number": page.number, "label": page.label, **_span_json(page.span)} for page in document.pages],
        "sections": [{"path": list(section.path), **_span_json(section.span)} for section in document.sections],
        "text": document.text,
    }


def _cited_page_json(page: CitedPage) -> dict[str, Any]:
    return {"number": page.number, "label": page.label, "boxes": [_box_json(box) for box in page.boxes]}


def _span_json(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _box_json(box: Box) -> list[float]:
    return [round(value, 2) for value in (box.x0, box.y0, box.x1, box.y1)]


def _rounded(timings: Mapping[str, float]) -> dict[str, float]:
    return {stage: round(milliseconds, 2) for stage, milliseconds in timings.items()}
