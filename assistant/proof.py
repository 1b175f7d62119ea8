"""Whether a drafted sentence may be shown, and where it stands: the model's marks are a hint, never the proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.domain import Support
from assistant.drafts import Draft
from assistant.german_words import soft
from assistant.likeness import Likeness
from assistant.verification import agreement, missing, noun, verify

NEAREST = 3
"""Evidence sentences tried, alone and in pairs, when the marks of a draft do not carry it."""

LEAST_AGREEMENT = 0.5
"""Share of a failed draft's words that an unmarked evidence sentence needs to be quoted in its place."""

LEAST_LIKENESS = 0.89
"""Cosine below which words that all stand in the cited sentences were put together to something else.

Of 373 faithful sentences 1 in 100 lies below (shipped embedding model).
"""

ENOUGH_LIKENESS = 0.94
"""Cosine from which a sentence may use words that the cited ones do not, as long as nothing speaks against them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An evidence sentence, and what stands around it: headings and the sentence before, which give names only."""

    text: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is shown for a draft. ``places`` are indices of evidence lines; ``replaced`` says it is their quote."""

    text: str
    places: tuple[int, ...]
    support: Support
    replaced: bool = False


def prove(draft: Draft, lines: Sequence[Line], question: str, likeness: Likeness) -> Proof | None:
    """The draft with places that carry it, else the quote it was probably made from, else nothing."""
    marked = tuple(mark - 1 for mark in draft.marks if 1 <= mark <= len(lines))
    near = sorted(range(len(lines)), key=lambda at: (-agreement(draft.text, lines[at].text), at))[:NEAREST]
    for places in _attempts(marked, near):
        if _supported(draft.text, [lines[at] for at in places], question, likeness):
            places = _needed(draft.text, places, lines, question, likeness)
            same = any(_plain(lines[at].text) == _plain(draft.text) for at in places)
            return Proof(text=draft.text, places=places, support=Support.VERBATIM if same else Support.SUPPORTED)
    quote = next((at for at in near if at in marked), marked[0] if marked else near[0] if near else None)
    if quote is None or (not marked and agreement(draft.text, lines[quote].text) < LEAST_AGREEMENT):
        return None
    text = " ".join(lines[quote].text.split())
    return Proof(text=text, places=(quote,), support=Support.VERBATIM, replaced=True)


def _attempts(marked: tuple[int, ...], near: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if marked:
        yield marked
    yield from ((at,) for at in near)
    yield from combinations(near, 2)
    yield from (tuple(dict.fromkeys((*marked, at))) for at in near if marked)


def _needed(
    text: str, places: tuple[int, ...], lines: Sequence[Line], question: str, likeness: Likeness
) -> tuple[int, ...]:
    """``places`` without those that the proof stands without."""
    for at in reversed(places):
        rest = tuple(place for place in places if place != at)
        if rest and _supported(text, [lines[place] for place in rest], question, likeness):
            places = rest
    return places


def _supported(text: str, lines: Sequence[Line], question: str, likeness: Likeness) -> bool:
    """Whether nothing in ``text`` speaks against it, and it is near enough to what the lines say.

    A small model puts the words of the evidence together as it likes, so the words alone prove little.
    """
    cited = [line.text for line in lines]
    context = [part for line in lines for part in line.context]
    if not verify(text, cited, question, context=context).supported:
        return False
    near, own = likeness(text, cited), missing(text, cited)
    if any(noun(word, text) and not soft(word) for word in own):
        return False  # the question or a heading may have brought it, which says nothing of how it hangs together
    return near >= (ENOUGH_LIKENESS if own else LEAST_LIKENESS)


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").casefold()
