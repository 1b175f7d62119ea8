"""How good the proofs are. Defined only where an answer was given; None elsewhere."""

from __future__ import annotations

from assistant.domain import Status, Support
from eval.results import CaseResult, GivenAnswer


def citation_precision(result: CaseResult) -> float | None:
    """Share of the citations that overlap a gold place, 0..1. Undefined without citations or gold."""
    answer = _given(result)
    if answer is None or not answer.citations or not result.case.gold:
        return None
    hits = [any(cited.place.overlaps(place) for place in result.case.gold) for cited in answer.citations]
    return sum(hits) / len(hits)


def citation_recall(result: CaseResult) -> float | None:
    """Share of the gold places that some citation overlaps, 0..1; a refusal cites nothing and scores 0."""
    if result.answer is None or not result.case.gold:
        return None
    found = [any(cited.place.overlaps(place) for cited in result.answer.citations) for place in result.case.gold]
    return sum(found) / len(found)


def right_place(result: CaseResult) -> float | None:
    """1 if some citation overlaps some gold place; a refusal scores 0. One place may be enough to answer."""
    share = citation_recall(result)
    return None if share is None else float(share > 0)


def cited_sentences(result: CaseResult) -> float | None:
    """Share of the answer's sentences that carry at least one marker of an existing citation, 0..1."""
    answer = _given(result)
    if answer is None or not answer.sentences:
        return None
    known = {cited.marker for cited in answer.citations}
    return sum(bool(known & set(said.markers)) for said in answer.sentences) / len(answer.sentences)


def unsupported_sentences(result: CaseResult) -> float | None:
    """Share of the answer's sentences that the product itself calls unsupported, 0..1; lower is better."""
    answer = _given(result)
    if answer is None or not answer.sentences:
        return None
    return sum(said.support is Support.UNSUPPORTED for said in answer.sentences) / len(answer.sentences)


def verbatim_quotes(result: CaseResult) -> float | None:
    """Share of the citations whose quote is exactly the document's text there; anything below 1 is a bug."""
    answer = _given(result)
    if answer is None or not answer.citations:
        return None
    return sum(cited.verbatim for cited in answer.citations) / len(answer.citations)


def right_page(result: CaseResult) -> float | None:
    """Whether some citation stands on a page of a gold place. Undefined where the gold document has no pages."""
    answer = _given(result)
    wanted = {(place.document, page) for place in result.case.gold for page in place.pages}
    if answer is None or not wanted:
        return None
    return float(
        any((cited.place.document, page) in wanted for cited in answer.citations for page in cited.place.pages)
    )


def _given(result: CaseResult) -> GivenAnswer | None:
    declined = result.answer is None or result.answer.status is Status.DECLINED
    return None if declined else result.answer
