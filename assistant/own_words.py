"""The words of a question that say something, and how many of them a text says, in whatever form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.german import stop_words
from assistant.german_words import Pool, empty, words


def own_words(question: str) -> list[str]:
    """The words of ``question`` that say something."""
    return [word for word in words(question) if not empty(word) and word.lower() not in stop_words()]


def things(question: str) -> list[str]:
    """What ``question`` is about: its own words that are written as nouns are, or all of them where none is.

    „Was kostet die Hundesteuer?“ is about the tax: whatever „costs“ is not near to it.
    """
    own = own_words(question)
    nouns = [word for word in own if word[0].isupper()]
    return [word for word in nouns if word != words(question)[0]] or nouns or own


def told(own: Mapping[str, float], texts: Sequence[str]) -> float:
    """Weighted share of the ``own`` words of a question that ``texts`` say, in whatever form, 0..1.

    Inflected, in a compound or by a synonym. ``own`` maps words to weights.
    """
    said, total = Pool(texts), sum(own.values())
    return sum(weight for word, weight in own.items() if said.holds(word)) / total if total else 0.0
