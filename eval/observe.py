"""Ask one case and write down everything a measure may want to know about what came back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.domain import Answer, Document, Span
from assistant.errors import StoredIndexError
from assistant.service import SearchResult
from eval.cases import EvalCase, Place
from eval.results import CaseResult, Cited, Found, GivenAnswer, Said
from eval.systems import System
from eval.units import count_units

log = logging.getLogger(__name__)


class What(StrEnum):
    """What is asked of the system."""

    RETRIEVAL = "retrieval"
    ANSWERS = "answers"
    BOTH = "both"

    @property
    def searches(self) -> bool:
        """Whether hits are wanted."""
        return self is not What.ANSWERS

    @property
    def asks(self) -> bool:
        """Whether answers are wanted."""
        return self is not What.RETRIEVAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """Asks cases. ``depth`` is the length of the hit lists; ``units`` gives the units in which answers are counted."""

    system: System
    what: What
    depth: int
    units: Callable[[Document], list[Span]]

    def observe(self, case: EvalCase, asked: str) -> CaseResult:
        """What the system makes of ``case``, with the question worded as ``asked``.

        Whatever goes wrong with this case becomes its error, so that one bad case does not cost the whole run.

        Raises:
            StoredIndexError: because without an index every case would fail.
        """
        try:
            return self._observe(replace(case, gold=self._with_pages(case.gold)), asked)
        except StoredIndexError:
            raise
        except Exception as error:  # the run goes on; the error is part of its result
            log.warning("case %s failed", case.id, exc_info=True)
            return CaseResult(case=case, asked=asked, error=f"{type(error).__name__}: {error}", depth=self.depth)

    def _observe(self, case: EvalCase, asked: str) -> CaseResult:
        query = replace(case.query(), question=asked)
        result = CaseResult(case=case, asked=asked, depth=self.depth)
        if self.what.searches:
            searched = self.system.search(query, self.depth)
            timings = {f"search.{stage}": time for stage, time in searched.timings.items()}
            result = replace(result, hits=_hits(searched), timings=timings)
            if case.history:
                result = replace(result, hits_alone=_hits(self.system.search(replace(query, history=()), self.depth)))
        if self.what.asks:
            answer = self.system.ask(query)
            timings = {f"ask.{stage}": time for stage, time in answer.timings.items()}
            result = replace(result, answer=self._given(case, answer), timings={**result.timings, **timings})
        return result

    def _given(self, case: EvalCase, answer: Answer) -> GivenAnswer:
        citations = tuple(
            Cited(
                marker=citation.marker,
                place=Place(
                    document=citation.document,
                    span=citation.span,
                    text=citation.quote,
                    pages=tuple(page.number for page in citation.pages),
                ),
                verbatim=citation.quote == citation.span.of(self.system.document(citation.document).text),
            )
            for citation in answer.citations
        )
        places = [cited.place for cited in citations]
        return GivenAnswer(
            status=answer.status,
            mode=answer.mode.value,
            text=answer.text,
            confidence=answer.confidence,
            sentences=tuple(
                Said(text=said.text, markers=said.citations, support=said.support) for said in answer.sentences
            ),
            citations=citations,
            suggestions=answer.suggestions,
            units=count_units(case.gold, places, document=self.system.document, spans=self.units),
        )

    def _with_pages(self, gold: Sequence[Place]) -> tuple[Place, ...]:
        return tuple(_completed(place, self.system.document(place.document)) for place in gold)


def _completed(place: Place, document: Document) -> Place:
    """``place`` with its text and the physical pages it touches."""
    pages = tuple(page.number for page in document.pages if page.span.overlaps(place.span))
    return replace(place, text=place.span.of(document.text), pages=pages)


def _hits(searched: SearchResult) -> tuple[Found, ...]:
    return tuple(
        Found(
            place=Place(document=hit.passage.document, span=hit.passage.span, pages=hit.passage.pages), score=hit.score
        )
        for hit in searched.hits
    )
