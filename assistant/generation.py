"""The generative mode: a language model writes, every sentence is checked, and only what is proven is shown.

Whether to answer at all is decided before, without the model. Whatever goes wrong with it, the quoted answer stands in.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Protocol

from assistant.candidates import Candidate
from assistant.citations import place_of, section_of
from assistant.domain import Answer, Query, Turn
from assistant.drafts import drafts
from assistant.embedding import Embedder
from assistant.errors import EmbeddingError, GenerationError
from assistant.events import Done, Event, SentenceReady, Withdrawn
from assistant.evidence import Examined
from assistant.likeness import likeness_by
from assistant.sheet import Sheet
from assistant.texts import message, texts
from assistant.wording import Wording

EVIDENCE = 12
"""Sentences the model is shown: enough to answer from, few enough to read in a second on two cores."""

BEST = 3
"""The first quotes: those of the section that answers best. A written answer that cites none of them is not shown."""

SENTENCES = 6
REPETITIONS = 2


class Writer(Protocol):
    """Something that writes an answer from numbered evidence."""

    @property
    def name(self) -> str:
        """What it is called in messages."""
        ...

    def write(self, question: str, evidence: Sequence[str], history: Sequence[Turn] = ()) -> Generator[str]:
        """Its text in pieces; closing the generator stops the work. Raises :class:`GenerationError`."""
        ...


class GenerativeAnswerer:
    """Turns a quoted answer into a written one where the model can be trusted. Thread-safe."""

    def __init__(self, writer: Writer, embedder: Embedder) -> None:
        self._writer = writer
        self._embedder = embedder

    def stream(self, query: Query, examined: Examined, quoted: Answer) -> Generator[Event]:
        """Sentence by sentence, then the whole answer; ``quoted`` is what to show when the model fails.

        Closing the iterator stops the model.
        """
        evidence = evidence_for(examined, quoted)
        sheet = Sheet(evidence, likeness_by(self._embedder))
        try:
            with closing(self._writer.write(query.question, [told(c) for c in evidence], query.history)) as pieces:
                yield from _written(pieces, sheet, query.question, self._writer.name)
            reason = "" if sheet.supported and _answers(sheet, quoted) else "model_unusable"
        except (GenerationError, EmbeddingError) as error:
            reason = error.code
        if not reason:
            yield Done(answer=sheet.answer(quoted))
            return
        note = message("notes", reason if reason in texts()["notes"] else "model_unavailable")
        if sheet.sentences:
            yield Withdrawn(note=note)
        yield from quoted_events(replace(quoted, note=note))


def quoted_events(answer: Answer) -> Generator[Event]:
    """A finished answer as the same events a written one gives."""
    told: set[int] = set()
    for sentence in answer.sentences:
        fresh = tuple(c for c in answer.citations if c.marker in sentence.citations and c.marker not in told)
        told.update(citation.marker for citation in fresh)
        yield SentenceReady(sentence=sentence, citations=fresh)
    yield Done(answer=answer)


def evidence_for(examined: Examined, quoted: Answer) -> list[Candidate]:
    """What the model is shown, in reading order: the quoted sentences and the ones most similar to the question."""
    cited = {(citation.document, citation.span.start) for citation in quoted.citations}
    order = sorted(
        range(len(examined.candidates)),
        key=lambda at: (
            (examined.candidates[at].document.id, examined.candidates[at].sentence.span.start) not in cited,
            -examined.candidates[at].similarity,
            at,
        ),
    )
    return [examined.candidates[at] for at in sorted(order[:EVIDENCE])]


def told(candidate: Candidate) -> str:
    """An evidence sentence as the model reads it: its headings, so that it can be understood alone, then its words."""
    headings = " › ".join(section_of(candidate.document, candidate.sentence.span)[-2:])
    return f"({headings}) {candidate.text}" if headings else candidate.text


def _answers(sheet: Sheet, quoted: Answer) -> bool:
    """Whether what was written rests on a place that answers best: what is true may still answer something else."""
    best = set(map(place_of, quoted.citations[:BEST]))
    return not best.isdisjoint(map(place_of, sheet.citations))


def _written(pieces: Iterator[str], sheet: Sheet, question: str, model: str) -> Iterator[Event]:
    wording = Wording.shipped()
    for draft in drafts(pieces):
        if not draft.whole:
            sheet.break_off()
            continue
        if wording.refuses(draft.text) and not sheet.supported:
            raise GenerationError("model_refused", model=model)
        if wording.foreign(draft.text):
            raise GenerationError("model_foreign", model=model)
        if draft.asks or wording.recites(draft.text):
            sheet.drop()
            continue
        event = sheet.take(draft, question)
        if event:
            yield event
        if len(sheet.sentences) >= SENTENCES or sheet.repeated >= REPETITIONS:
            return
