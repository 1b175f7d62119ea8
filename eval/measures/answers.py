"""How good an answer is, judged against gold places and expected facts. All are None where they are not defined."""

from __future__ import annotations

from eval.cases import Place
from eval.measures.wording import plain, says, token_f1
from eval.results import CaseResult


def gold_in_answer(result: CaseResult) -> float | None:
    """Share of the gold texts that the answer's text contains (case, spaces and quotes folded), 0..1."""
    texts = [place.text for place in result.case.gold if place.text.strip()]
    if result.answer is None or not texts:
        return None
    said = plain(result.answer.text)
    return sum(plain(text) in said for text in texts) / len(texts)


def gold_in_citations(result: CaseResult, first: int) -> float | None:
    """Share of the gold places that the first ``first`` citations together cover completely, 0..1."""
    if result.answer is None or not result.case.gold:
        return None
    cited = [citation.place for citation in result.answer.citations[:first]]
    return sum(_covered(place, cited) for place in result.case.gold) / len(result.case.gold)


def sentence_precision_recall(result: CaseResult) -> tuple[float, float] | None:
    """Precision and recall of the cited sentences as in OMoS-QA (Kleinle et al., 2024): no citation has precision 1."""
    if result.answer is None or result.answer.units is None or not result.answer.units.gold:
        return None
    units = result.answer.units
    return units.both / units.cited if units.cited else 1.0, units.both / units.gold


def answer_token_f1(result: CaseResult) -> float | None:
    """Token F1 of answer and gold texts; a refused answerable question scores 0."""
    texts = [place.text for place in result.case.gold if place.text.strip()]
    if result.answer is None or not texts:
        return None
    return token_f1(" ".join(said.text for said in result.answer.sentences), texts)


def fact_recall(result: CaseResult) -> float | None:
    """Share of the expected facts that the answer states, 0..1."""
    facts = result.case.facts
    if result.answer is None or not facts:
        return None
    return sum(says(result.answer.text, fact) for fact in facts) / len(facts)


def _covered(place: Place, cited: list[Place]) -> bool:
    covered = {
        position
        for other in cited
        if other.overlaps(place)
        for position in range(max(place.span.start, other.span.start), min(place.span.end, other.span.end))
    }
    missing = set(range(place.span.start, place.span.end)) - covered
    # The blank between two cited sentences belongs to neither.
    return not missing or all(_blank(place, position) for position in missing)


def _blank(place: Place, position: int) -> bool:
    offset = position - place.span.start
    return len(place.text) == place.span.end - place.span.start and place.text[offset].isspace()
