"""The extractive mode: the fewest sentences that answer, quoted word for word, or an honest refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from assistant.candidates import Candidate
from assistant.citations import cite, place_name, section_of
from assistant.domain import Answer, AnswerSentence, Document, Faq, Mode, Query, SentenceKind, Status, Support
from assistant.evidence import Examined, examine
from assistant.followups import read_as
from assistant.index import Index
from assistant.list_marks import has_mark
from assistant.own_words import own_words, things, told
from assistant.question_features import question_features
from assistant.questions import spoken
from assistant.quoting import chosen
from assistant.retrieval import Retrieved
from assistant.selector import Selector
from assistant.sentence_features import FEATURES, Matrix
from assistant.texts import message

SAME_WORDS = 0.99
"""Share of its terms that a question and a way to ask a FAQ have in common where they are the same."""

SPOKEN_OF = 0.5
"""Weighted share of a question's own words that a FAQ must say to be the one that asks the same."""

LOOKED_UP = 0.95
"""Confidence in what somebody has looked up for the very same question."""

NEARLY = 0.5
"""Share of the best sentence's probability from which another may well be the better one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRules:
    """When to answer, and with how much: ``sentences_in_scope`` at most where the question names one document.

    ``threshold`` is a confidence, None for the one the selector was fitted with; ``faq`` is a similarity; both 0..1.
    """

    sentences: int
    sentences_in_scope: int
    passages: int
    threshold: float | None
    faq: float

    def most(self, query: Query) -> int:
        """How many sentences an answer to ``query`` may quote."""
        return self.sentences_in_scope if len(query.documents) == 1 else self.sentences


class ExtractiveAnswerer:
    """Answers by quoting. Deterministic and thread-safe."""

    def __init__(self, index: Index, selector: Selector, rules: AnswerRules) -> None:
        self._index = index
        self._selector = selector
        self._rules = rules
        self._threshold = selector.threshold if rules.threshold is None else rules.threshold

    def examine(self, query: Query, retrieved: Retrieved) -> Examined:
        """Every sentence that might be quoted, with what speaks for it."""
        return examine(self._index, query, retrieved)

    def answer(self, examined: Examined) -> Answer:
        """Quote what answers the question, or decline and name the nearest places."""
        query, retrieved = examined.query, examined.retrieved
        if not examined.asked and not query.documents:
            return _nothing_asked(query)
        if not examined.candidates:
            return declined(query, 0.0, retrieved, self._index)
        probabilities = self._probabilities(examined)
        features = question_features(examined, probabilities)
        confidence = float(self._selector.question.probabilities(features[None, :])[0])
        likeliest = float(probabilities.max())
        if likeliest < self._selector.floor and self._threshold:  # nothing that may be quoted: less sure in proportion
            confidence = min(confidence, self._threshold) * likeliest / self._selector.floor
        if examined.looked_up or self._is_asked_so(examined):
            confidence = max(confidence, LOOKED_UP)
        if confidence < self._threshold:
            return declined(query, confidence, retrieved, self._index)
        faq = self._known_faq(examined, probabilities)
        quoted = _answer_of(_document_of(examined, faq), faq) if faq else self._picked(examined, probabilities)
        return quote(query, quoted, confidence)

    def is_curated(self, examined: Examined) -> bool:
        """Whether the answer is one that people wrote for this very question: nobody should rewrite it."""
        if not examined.candidates:
            return False
        return self._known_faq(examined, self._probabilities(examined)) is not None

    def _is_asked_so(self, examined: Examined) -> bool:
        """Whether a FAQ asks the question word for word."""
        faq = None if read_as(examined.query) else self._asked_so(examined)
        question = spoken(examined.query.question)
        return faq is not None and question in map(spoken, (faq.question, *faq.wordings))

    def _probabilities(self, examined: Examined) -> Matrix:
        """How likely each candidate answers; what somebody looked up for the same question all but certainly does."""
        probabilities = self._selector.sentence.probabilities(examined.features)
        looked_up = np.isin(np.arange(len(probabilities)), list(examined.looked_up))
        return np.where(looked_up, np.maximum(probabilities, LOOKED_UP), probabilities)

    def _known_faq(self, examined: Examined, probabilities: Matrix) -> Faq | None:
        """The FAQ of a likely sentence whose wording is closest, if that of the best one is close enough.

        None if it speaks of something else all the same.
        """
        if asked_so := self._asked_so(examined):
            return asked_so
        order = [int(at) for at in (-probabilities).argsort(kind="stable")]
        likely = [examined.candidates[at] for at in order if probabilities[at] >= NEARLY * probabilities[order[0]]]
        if not likely[0].faq or likely[0].wording < self._rules.faq:
            return None
        closest = max(likely, key=lambda candidate: candidate.wording if candidate.faq else 0.0)
        return closest.faq if closest.faq and _speaks_of(closest.document, closest.faq, examined.own_words) else None

    def _asked_so(self, examined: Examined) -> Faq | None:
        """The FAQ that asks the question in the same words, whatever sentence elsewhere looks likelier."""
        overlaps = examined.features[:, FEATURES.index("wording_overlap")]
        same = [
            candidate
            for candidate, overlap in zip(examined.candidates, overlaps, strict=True)
            if candidate.faq and overlap >= SAME_WORDS and candidate.wording >= self._rules.faq
        ]
        return max(same, key=lambda candidate: candidate.wording).faq if same else None

    def _picked(self, examined: Examined, probabilities: Matrix) -> list[Candidate]:
        most = self._rules.most(examined.query)
        picked = chosen(examined, probabilities, self._selector.floor, self._selector.share, most)
        return [examined.candidates[at] for at in picked]


def _speaks_of(document: Document, faq: Faq, asked: Mapping[str, float]) -> bool:
    """Whether a FAQ says half of the question's own words: a close wording alone may ask the same of something else."""
    return not asked or told(asked, [faq.question, *faq.wordings, faq.answer.of(document.text)]) >= SPOKEN_OF


def _document_of(examined: Examined, faq: Faq) -> Document:
    return next(candidate.document for candidate in examined.candidates if candidate.faq is faq)


def _answer_of(document: Document, faq: Faq) -> list[Candidate]:
    return [
        Candidate(
            document=document,
            position=at,
            rank=0,
            score=0.0,
            similarity=0.0,
            section=section_of(document, sentence.span),
        )
        for at, sentence in enumerate(document.sentences)
        if faq.answer.covers(sentence.span)
    ]


def quote(query: Query, quoted: Sequence[Candidate], confidence: float) -> Answer:
    """An answer made of ``quoted`` sentences, each with a citation of its own."""
    citations = tuple(cite(c.document, [c.sentence], marker) for marker, c in enumerate(quoted, start=1))
    sentences = tuple(
        AnswerSentence(
            text=shown(citation.quote), citations=(citation.marker,), support=Support.VERBATIM, kind=c.sentence.kind
        )
        for c, citation in zip(quoted, citations, strict=True)
    )
    return Answer(
        question=query.question,
        status=Status.ANSWERED,
        mode=Mode.EXTRACTIVE,
        text=one_text(sentences),
        confidence=confidence,
        sentences=sentences,
        citations=citations,
    )


def declined(query: Query, confidence: float, retrieved: Retrieved, index: Index) -> Answer:
    """The refusal, with the nearest places as suggestions: those that speak of a thing that the question names."""
    lexical = index.lexical
    question = lexical.mended(query.question)
    texts = [[*hit.passage.headings, index.text(hit.passage)] for hit in retrieved.hits]
    named = dict.fromkeys(things(question, [*chain(*texts)], lexical.says), 1.0)
    places: dict[str, None] = {}
    for hit, said in zip(retrieved.hits, texts, strict=True):
        if not own_words(question) or told(named, said):
            places[place_name(index.library.document(hit.passage.document), hit.passage.span)] = None
    return Answer(
        question=query.question,
        status=Status.DECLINED,
        mode=Mode.EXTRACTIVE,
        text=message("answers", "declined"),
        confidence=confidence,
        suggestions=tuple(places)[:3],
    )


def one_text(sentences: Sequence[AnswerSentence]) -> str:
    """The sentences with their marks, as plain text: a table's rows and a list's items on lines of their own."""
    text = ""
    before = SentenceKind.PROSE
    for sentence in sentences:
        words = " ".join((sentence.text, *(f"[{marker}]" for marker in sentence.citations)))
        apart = "\n" if SentenceKind.PROSE is not sentence.kind or sentence.kind is not before else " "
        bullet = "• " if sentence.kind is SentenceKind.ITEM and not has_mark(sentence.text) else ""
        text += f"{apart if text else ''}{bullet}{words}"
        before = sentence.kind
    return text


def _nothing_asked(query: Query) -> Answer:
    """The refusal of a question of words like „das“ and „ist“ alone: nobody asked for whatever is nearest."""
    return Answer(
        question=query.question,
        status=Status.DECLINED,
        mode=Mode.EXTRACTIVE,
        text=message("answers", "nothing_asked"),
        confidence=0.0,
    )


def shown(quote: str) -> str:
    """A quote as it is read: hard line breaks inside a sentence become blanks."""
    return " ".join(quote.split())
