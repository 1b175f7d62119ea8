"""The words of a question that say something, and how many of them a text says, in whatever form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from assistant.german import stop_words
from assistant.german_words import Pool, empty, is_place, roots_of, words


def own_words(question: str) -> list[str]:
    """The words of ``question`` that say something."""
    return [word for word in words(question) if not empty(word) and word.lower() not in stop_words()]


def things(question: str, texts: Sequence[str], known: Callable[[str], bool]) -> list[str]:
    """What ``question`` is about: its own words that are written as nouns are, but for the places where it is so.

    „Was kostet die Hundesteuer in Leipzig?“ is about the tax: whatever „costs“ or lies there is not near to it. In a
    question without nouns, those that ``texts`` write as nouns; if there are none, all its words, unless one of them
    is not ``known``: that may be what it is about.
    """
    own = own_words(question)
    own = [word for word in own if not is_place(word)] or own
    nouns = [word for word in own if word[0].isupper() and word != words(question)[0]]
    nouns = nouns or [word for word in own if _is_noun(word, texts)]
    return nouns or (own if all(map(known, own)) else [])


def _is_noun(word: str, texts: Sequence[str]) -> bool:
    """Whether ``texts`` write ``word`` with a capital more often than without."""
    forms = Counter(form for text in texts for form in words(text) if form.lower() == word.lower())
    return sum(-count if form[0].islower() else count for form, count in forms.items()) > 0


def names(question: str) -> list[str]:
    """The nouns of ``question`` after its first word, in German written with a capital; none in lower case.

    Not the places: those who ask name their own town.
    """
    return [word for word in words(question)[1:] if word[0].isupper() and not empty(word) and not is_place(word)]


def told(own: Mapping[str, float], texts: Sequence[str]) -> float:
    """Weighted share of the ``own`` words of a question that ``texts`` say, in whatever form, 0..1.

    Inflected, in a compound or by a synonym. ``own`` maps words to weights.
    """
    said = Pool(texts)
    return _share(own, {word for word in own if said.holds(word)})


def told_by_each(own: Mapping[str, float], sentences: Sequence[str]) -> list[float]:
    """The same for each of ``sentences``, whose words are looked through together."""
    roots = [_roots(sentence) for sentence in sentences]
    together = Pool([], read=roots)
    ways = {word: list(together.ways(word)) for word in own}
    return [
        _share(own, {word for word in own if any(not any(map(said.isdisjoint, way)) for way in ways[word])})
        for said in roots
    ]


def _share(own: Mapping[str, float], held: set[str]) -> float:
    total = sum(own.values())
    return sum(weight for word, weight in own.items() if word in held) / total if total else 0.0


@lru_cache(maxsize=2048)
def _roots(sentence: str) -> frozenset[str]:
    """Kept, as the parts of a question find the same sentences, and reading one takes longer than asking it."""
    return roots_of(sentence)
