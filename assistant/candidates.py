"""The sentences that might be quoted: those of the passages that were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.citations import section_of
from assistant.domain import Document, Sentence
from assistant.index import Index
from assistant.retrieval import Retrieved


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that might be quoted.

    ``position`` is its index in ``document.sentences``; ``rank`` (0 is best) and ``score`` are those of its best
    passage; ``similarity`` is its cosine with the question; ``section`` the heading path of the innermost section
    around it.
    """

    document: Document
    position: int
    rank: int
    score: float
    similarity: float
    section: tuple[str, ...]

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
    positions: dict[str, Mapping[int, int]] = {}
    for rank, (row, hit) in enumerate(zip(retrieved.rows, retrieved.hits, strict=True)):
        document = index.library.document(hit.passage.document)
        first_rank.setdefault(document.id, rank)
        if document.id not in positions:
            positions[document.id] = {sentence.span.start: at for at, sentence in enumerate(document.sentences)}
        for sentence_row in index.sentences_of[row]:
            sentence = index.sentences[sentence_row]
            if sentence.question:
                continue
            position = positions[document.id][sentence.start]
            if (document.id, position) not in found:
                found[document.id, position] = Candidate(
                    document=document,
                    position=position,
                    rank=rank,
                    score=hit.score,
                    similarity=retrieved.similarities[sentence_row],
                    section=section_of(document, document.sentences[position].span),
                )
    return tuple(sorted(found.values(), key=lambda c: (first_rank[c.document.id], c.position)))


def best_wording(index: Index, retrieved: Retrieved) -> float:
    """The highest cosine of a retrieved FAQ's wordings with the question, 0 without FAQs."""
    wordings = (
        row for passage in retrieved.rows for row in index.sentences_of[passage] if index.sentences[row].question
    )
    return max((retrieved.similarities[row] for row in wordings), default=0.0)
