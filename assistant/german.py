"""What the product knows about German words: how to cut, fold, stem and split them.

Snowball's German stemmer (Porter, 2001; version 3 folds ``ä``/``ae``, ``ß``/``ss``) unifies inflections and spellings.
No stemmer links "Zuwendungsbescheid" to "Bescheid", so compounds are split along the vocabulary of the corpus itself:
a part counts only if the corpus uses it as a word of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock

import Stemmer

_TOKEN = re.compile(r"(?<!§)§+\s*\d+[a-z]?\b|\d+(?:[.,:]\d+)*|[^\W\d_]+")
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_SHORTEST_PART = 4
_SHORTEST_COMPOUND = 9
_LONGEST_COMPOUND = 80


def words(text: str) -> list[str]:
    """Lower-case words, numbers and paragraph signs of ``text``, stop words left out; ``§ 5`` is one word, ``§5``."""
    found = ("".join(match.split()).lower() for match in _TOKEN.findall(text))
    ignored = stop_words()
    return [word for word in found if word not in ignored]


class Analyzer:
    """Turns text into search terms: stems, and the stems of a compound's parts.

    Args:
        vocabulary: stems that may be parts of compounds, as :meth:`learn` gives them.

    Thread-safe.
    """

    def __init__(self, vocabulary: frozenset[str]) -> None:
        self.vocabulary = vocabulary
        self.stem = lru_cache(maxsize=200_000)(_stemmer())
        self.parts = lru_cache(maxsize=200_000)(self._parts)

    @classmethod
    def learn(cls, texts: Iterable[str]) -> Analyzer:
        """An analyzer whose compounds split into words that ``texts`` use at least twice."""
        stem = cls(frozenset()).stem
        counts = Counter(stem(word) for text in texts for word in words(text) if word.isalpha())
        return cls(frozenset(part for part, n in counts.items() if n > 1 and len(part) >= _SHORTEST_PART))

    def terms(self, text: str) -> list[str]:
        """Stems of ``text`` in order, each compound followed by its parts."""
        return [term for word in words(text) for term in (self.stem(word), *self.parts(word))]

    def _parts(self, word: str) -> tuple[str, ...]:
        """Stems of the parts of ``word``, longest last part first tried; empty if it does not split."""
        if not _SHORTEST_COMPOUND <= len(word) <= _LONGEST_COMPOUND or not word.isalpha():
            return ()
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            tail = self.stem(word[cut:])
            head = self._head(word[:cut]) if tail in self.vocabulary else ()
            if head:
                return (*head, tail)
        return ()

    def _head(self, head: str) -> tuple[str, ...]:
        for link in _LINKS:
            if head.endswith(link):
                bare = head[: len(head) - len(link)]
                stem = self.stem(bare)
                if len(bare) >= _SHORTEST_PART and stem in self.vocabulary:
                    return (stem,)
        return self.parts(head)  # remembered: two cuts may leave the same head


def _stemmer() -> Callable[[str], str]:
    """A stemming function that threads may share; the library's objects must not be called concurrently."""
    stemmer, lock = Stemmer.Stemmer("german", 0), Lock()

    def stem(word: str) -> str:
        with lock:
            stemmed: str = stemmer.stemWord(word)
        return stemmed

    return stem


@cache
def stop_words() -> frozenset[str]:
    """Words that say nothing about the subject of a text or a question, from ``stopwords.txt``."""
    lines = files("assistant").joinpath("stopwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
