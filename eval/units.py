"""The units in which answers are counted: the sentences of a document, or its lines.

In OMoS-QA every line is a sentence and gold places are whole lines; there, lines are counted, so that the numbers can
be compared with the published ones. Elsewhere the index's own sentences are counted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence

from assistant.domain import Document, Span
from eval.cases import EvalCase, Place
from eval.results import Units


def gold_is_lines(cases: Sequence[EvalCase], texts: Mapping[str, str]) -> bool:
    """Whether all gold places are whole lines and some text with gold has more than one of them."""
    places = [place for case in cases for place in case.gold]
    several = any("\n" in texts[place.document].strip() for place in places)
    return several and all(_is_line(place.span, texts[place.document]) for place in places)


def line_spans(document: Document) -> list[Span]:
    """The lines of a document that are not blank, without their line ends."""
    spans, start = [], 0
    for line in document.text.split("\n"):
        if line.strip():
            spans.append(Span(start=start, end=start + len(line)))
        start += len(line) + 1
    return spans


def sentence_spans(document: Document) -> list[Span]:
    """The sentences of a document as the index holds them."""
    return [sentence.span for sentence in document.sentences]


def count_units(
    gold: Iterable[Place],
    cited: Iterable[Place],
    *,
    document: Callable[[str], Document],
    spans: Callable[[Document], list[Span]],
) -> Units:
    """Count the units that gold places and citations touch with at least one character."""
    of_gold, of_cited = _touched(gold, document, spans), _touched(cited, document, spans)
    return Units(gold=len(of_gold), cited=len(of_cited), both=len(of_gold & of_cited))


def _touched(
    places: Iterable[Place], document: Callable[[str], Document], spans: Callable[[Document], list[Span]]
) -> set[tuple[str, int]]:
    touched: set[tuple[str, int]] = set()
    for place in places:
        units = spans(document(place.document))
        first = bisect_right([unit.end for unit in units], place.span.start)
        last = bisect_left([unit.start for unit in units], place.span.end)
        touched.update((place.document, unit) for unit in range(first, last))
    return touched


def _is_line(span: Span, text: str) -> bool:
    starts = span.start == 0 or text[span.start - 1] == "\n"
    ends = span.end == len(text) or text[span.end] == "\n"
    return starts and ends and "\n" not in span.of(text)
