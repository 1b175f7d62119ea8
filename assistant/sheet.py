"""The answer as it grows: proven sentences, their citations numbered in order of first use, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering import one_text
from assistant.candidates import Candidate
from assistant.citations import cite, section_of
from assistant.domain import Answer, AnswerSentence, Citation, Mode
from assistant.drafts import Draft
from assistant.events import SentenceReady
from assistant.likeness import Likeness
from assistant.proof import Line, Proof, prove
from assistant.texts import message


class Sheet:
    """Takes drafts, keeps what is proven. Lives for one answer.

    ``supported`` counts the model's own sentences that were kept, ``replaced`` those for which a quote stands,
    ``dropped`` those left out, ``repeated`` those that said again what was there, ``unfinished`` half ones at the end.
    """

    def __init__(self, evidence: Sequence[Candidate], likeness: Likeness) -> None:
        self._evidence = evidence
        self._likeness = likeness
        self._lines = [Line(text=candidate.text, context=_context(candidate)) for candidate in evidence]
        self._marker_of: dict[int, int] = {}
        self._said: set[str] = set()
        self.sentences: list[AnswerSentence] = []
        self.citations: list[Citation] = []
        self.supported = self.replaced = self.dropped = self.repeated = self.unfinished = 0

    def take(self, draft: Draft, question: str) -> SentenceReady | None:
        """Check a draft and keep what may be shown for it."""
        said = _key(draft.text)
        if said in self._said:
            self.repeated += 1
            return None
        proof = prove(draft, self._lines, question, self._likeness)
        if proof is None or (proof.replaced and _key(proof.text) in self._said):
            self.dropped += 1
            return None
        self._said |= {said, _key(proof.text)}
        if proof.replaced:
            self.replaced += 1
        else:
            self.supported += 1
        return self._add(proof)

    def drop(self) -> None:
        """Count a draft that is not even worth checking."""
        self.dropped += 1

    def break_off(self) -> None:
        """Count a draft that the model did not end."""
        self.unfinished += 1

    def answer(self, quoted: Answer) -> Answer:
        """The whole answer; whether and how surely the question is answered was settled by ``quoted``."""
        return replace(
            quoted,
            mode=Mode.GENERATIVE,
            text=one_text(self.sentences),
            sentences=tuple(self.sentences),
            citations=tuple(self.citations),
            note=self._note(),
        )

    def _add(self, proof: Proof) -> SentenceReady:
        fresh: list[Citation] = []
        for place in proof.places:
            if place not in self._marker_of:
                marker = self._marker_of[place] = len(self._marker_of) + 1
                candidate = self._evidence[place]
                fresh.append(cite(candidate.document, [candidate.sentence], marker))
        sentence = AnswerSentence(
            text=proof.text, citations=tuple(self._marker_of[place] for place in proof.places), support=proof.support
        )
        self.sentences.append(sentence)
        self.citations.extend(fresh)
        return SentenceReady(sentence=sentence, citations=tuple(fresh))

    def _note(self) -> str:
        names = ("replaced", "dropped", "repeated", "unfinished")
        counts = {name: getattr(self, name) for name in names}
        return " ".join(
            message("notes", key if count > 1 else f"{key}_one", count=count) for key, count in counts.items() if count
        )


def _context(candidate: Candidate) -> tuple[str, ...]:
    document, position = candidate.document, candidate.position
    before = document.sentences[position - 1].span.of(document.text) if position else ""
    return (document.title, *section_of(document, candidate.sentence.span), before)


def _key(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
