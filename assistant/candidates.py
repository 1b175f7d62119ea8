"""The sentences that might be quoted: those of the passages that were found."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from assistant.citations import section_of
from assistant.domain import Document, Faq, Sentence
from assistant.index import Index
from assistant.retrieval import Retrieved


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that might be quoted.

    ``position`` is its index in ``document.sentences``; ``rank`` (0 is best) and ``score`` are those of its best
    passage; ``similarity`` is its cosine with the question; ``section`` the heading path of the innermost section
    around it. ``faq`` is the FAQ whose answer it belongs to, ``wording`` the highest cosine of a way to ask that.
    ``row`` is its row in the index, -1 where that does not matter.
    """

    document: Document
    position: int
    rank: int
    score: float
    similarity: float
    section: tuple[str, ...]
    faq: Faq | None = None
    wording: float = 0.0
    row: int = -1

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.document.sentences[self.position]

    @property
    def text(self) -> str:
        """Its words, exactly as in the document."""
        return self.sentence.span.of(self.document.text)


def candidates_of(index: Index, retrieved: Retrieved) -> tuple[Candidate, ...]:
    """Every sentence of the retrieved passages, in reading order, documents by their best passage."""
    found: dict[tuple[str, int], Candidate] = {}
    first_rank: dict[str, int] = {}
    wordings = _wordings(index, retrieved)
    for rank, (row, hit) in enumerate(zip(retrieved.rows, retrieved.hits, strict=True)):
        document = index.library.document(hit.passage.document)
        first_rank.setdefault(document.id, rank)
        for sentence_row in index.sentences_of[row]:
            sentence = index.sentences[sentence_row]
            if sentence.question:
                continue
            position = bisect_left(document.sentences, sentence.start, key=lambda one: one.span.start)
            if (document.id, position) not in found:
                span = document.sentences[position].span
                faq = next((faq for faq in document.faqs if faq.answer.covers(span)), None)
                found[document.id, position] = Candidate(
                    document=document,
                    position=position,
                    rank=rank,
                    score=hit.score,
                    similarity=retrieved.similarities[sentence_row],
                    section=section_of(document, span),
                    faq=faq,
                    wording=wordings.get((document.id, faq.answer.start), 0.0) if faq else 0.0,
                    row=sentence_row,
                )
    return tuple(sorted(found.values(), key=lambda c: (first_rank[c.document.id], c.position)))


def _wordings(index: Index, retrieved: Retrieved) -> dict[tuple[str, int], float]:
    """The highest cosine of a way to ask each FAQ, by its document and the start of its answer."""
    best: dict[tuple[str, int], float] = {}
    for row, hit in zip(retrieved.rows, retrieved.hits, strict=True):
        for sentence_row in index.sentences_of[row]:
            sentence = index.sentences[sentence_row]
            if sentence.question:
                faq = (hit.passage.document, sentence.start)
                best[faq] = max(best.get(faq, 0.0), retrieved.similarities[sentence_row])
    return best
