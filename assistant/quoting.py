"""Which sentences an answer quotes, and in what order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile

from assistant.candidates import Candidate
from assistant.domain import Faq, SentenceKind
from assistant.evidence import Examined
from assistant.followups import FollowUps
from assistant.own_words import told
from assistant.repetitions import without_repetitions
from assistant.sentence_features import Matrix

SURE = 0.75
"""Probability that one of the quoted sentences answers, from which no further ones are quoted to make sure.

Sentence F is the same from .6 to .8 on every set, and more of the short answers of xquad-de are among the quotes."""

MOST_ITEMS = 12
"""Items of a list that its opening brings along."""

MOST_BEFORE = 2
"""Sentences that one brings along, where the one before it leans on another."""

REPLIES = 0.5
"""Weighted share of a question's own words that a "Ja, …" or "Nein, …" must say to be read as the reply to it."""

_CAPTION = re.compile(r"(?:Tabelle|Tab\.|Abbildung|Abb\.)\s*\d+\b")
_REPLY = re.compile(r"(?:Ja|Nein|Doch)\b\s*[,.:–]")


def quotable(examined: Examined, order: Iterable[int]) -> list[int]:
    """``order`` without what must not stand in an answer: captions, and a "Nein, …" to another question.

    That would be read as the reply to this one. It is one if the FAQ answers best and its reply says half of what was
    asked.
    """
    order = list(order)
    own = examined.candidates[order[0]].faq if order else None
    asked = examined.own_words
    return [at for at in order if _may_stand(examined.candidates[at], own, asked)] or order[:1]


def chosen(examined: Examined, probabilities: Matrix, floor: float, share: float, most: int) -> list[int]:
    """Up to ``most`` candidates, each place once, with what makes them readable alone.

    Their probability is ``floor`` at least, and ``share`` of the best one's unless it takes more to be :data:`SURE`
    that one of them answers. In reading order, but the section that answers best comes first.
    """
    order = quotable(examined, (int(at) for at in (-probabilities).argsort(kind="stable")))
    different = without_repetitions(examined, order)
    likely = _likely(different, probabilities, floor, share * float(probabilities.max()))
    picked = list(islice(likely, most)) or order[:1]
    return _best_section_first(
        {*picked, *_antecedents(examined.candidates, picked), *_lists(examined.candidates, picked)},
        examined.candidates,
        probabilities,
    )


def _likely(order: Iterable[int], probabilities: Matrix, floor: float, least: float) -> Iterator[int]:
    """The first of ``order`` that are as likely as ``least``, and as many above ``floor`` as it takes to be sure."""
    none_answers = 1.0
    for at in order:
        probability = float(probabilities[at])
        if probability < floor or (probability < least and none_answers <= 1 - SURE):
            break
        yield at
        none_answers *= 1 - probability


def _may_stand(candidate: Candidate, own: Faq | None, asked: Mapping[str, float]) -> bool:
    if _CAPTION.match(candidate.text):
        return False
    if candidate.faq is None or not _REPLY.match(candidate.text):
        return True
    return candidate.faq is own and (not asked or told(asked, [candidate.text]) >= REPLIES)


def _antecedents(candidates: Sequence[Candidate], picked: Sequence[int]) -> Iterator[int]:
    """The candidates without which a picked one cannot be understood: those just before it in its section."""
    for at in picked:
        for leaning in range(at, max(at - MOST_BEFORE, 0), -1):
            needs = FollowUps.shipped().needs_the_sentence_before(candidates[leaning].text)
            if not needs or not _follows(candidates, leaning):
                break
            yield leaning - 1


def _lists(candidates: Sequence[Candidate], picked: Sequence[int]) -> Iterator[int]:
    """The items that a picked sentence announces („… vier Voraussetzungen:“), and what announces a picked item."""
    for at in picked:
        if candidates[at].text.endswith(":"):
            items = takewhile(lambda item: _is_item_after(candidates, item), range(at + 1, len(candidates)))
            yield from islice(items, MOST_ITEMS)
        opening = at
        while _is_item_after(candidates, opening):
            opening -= 1
        if opening < at and candidates[opening].text.endswith(":"):
            yield opening


def _is_item_after(candidates: Sequence[Candidate], at: int) -> bool:
    return candidates[at].sentence.kind is SentenceKind.ITEM and _follows(candidates, at)


def _follows(candidates: Sequence[Candidate], at: int) -> bool:
    """Whether a candidate stands right after the one before it, in the same section."""
    before, after = candidates[at - 1], candidates[at]
    return (
        at > 0
        and before.section == after.section
        and before.document.id == after.document.id
        and before.position == after.position - 1
    )


def _best_section_first(picked: Iterable[int], candidates: Sequence[Candidate], probabilities: Matrix) -> list[int]:
    picked = sorted(picked)
    sections = [(candidates[at].document.id, candidates[at].section) for at in picked]
    best = {
        section: max(float(probabilities[at]) for at, own in zip(picked, sections, strict=True) if own == section)
        for section in set(sections)
    }
    return [at for _, at in sorted(zip(sections, picked, strict=True), key=lambda one: (-best[one[0]], one[1]))]
