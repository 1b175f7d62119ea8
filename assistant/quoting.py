"""Which sentences an answer quotes, and in what order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from assistant.candidates import Candidate
from assistant.domain import Faq
from assistant.evidence import Examined
from assistant.followups import FollowUps
from assistant.repetitions import without_repetitions
from assistant.sentence_features import Matrix

_CAPTION = re.compile(r"(?:Tabelle|Tab\.|Abbildung|Abb\.)\s*\d+\b")
_REPLY = re.compile(r"(?:Ja|Nein|Doch)\b\s*[,.:–]")


def quotable(examined: Examined, order: Iterable[int]) -> list[int]:
    """``order`` without what must not stand in an answer: captions, and another FAQ's "Nein, …".

    That would be read as the reply to this question.
    """
    order = list(order)
    own = examined.candidates[order[0]].faq if order else None
    return [at for at in order if _may_stand(examined.candidates[at], own)] or order[:1]


def chosen(examined: Examined, probabilities: Matrix, floor: float, share: float, most: int) -> list[int]:
    """Up to ``most`` candidates, each place once, with what makes them readable alone.

    Their probability is ``floor`` at least, and ``share`` of the best one's.
    In reading order, but the section that answers best comes first.
    """
    order = quotable(examined, (int(at) for at in (-probabilities).argsort(kind="stable")))
    least = max(floor, share * float(probabilities.max()))
    likely = [at for at in order if probabilities[at] >= least] or order[:1]
    picked = list(islice(without_repetitions(examined, likely), most))
    return _best_section_first(
        {*picked, *_antecedents(examined.candidates, picked)}, examined.candidates, probabilities
    )


def _may_stand(candidate: Candidate, own: Faq | None) -> bool:
    if _CAPTION.match(candidate.text):
        return False
    return candidate.faq is None or candidate.faq is own or not _REPLY.match(candidate.text)


def _antecedents(candidates: Sequence[Candidate], picked: Sequence[int]) -> list[int]:
    """The candidates without which a picked one cannot be understood: those just before it in its section."""
    leaning = (at for at in picked if at and FollowUps.shipped().needs_the_sentence_before(candidates[at].text))
    return [
        at - 1
        for at in leaning
        if candidates[at - 1].section == candidates[at].section
        and candidates[at - 1].document.id == candidates[at].document.id
        and candidates[at - 1].position == candidates[at].position - 1
    ]


def _best_section_first(picked: Iterable[int], candidates: Sequence[Candidate], probabilities: Matrix) -> list[int]:
    picked = sorted(picked)
    sections = [(candidates[at].document.id, candidates[at].section) for at in picked]
    best = {
        section: max(float(probabilities[at]) for at, own in zip(picked, sections, strict=True) if own == section)
        for section in set(sections)
    }
    return [at for _, at in sorted(zip(sections, picked, strict=True), key=lambda one: (-best[one[0]], one[1]))]
