"""The lexical leg: BM25 over German terms and units, persisted beside the vectors and loaded by memory map."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from assistant.abbreviations import abbreviations
from assistant.german import Analyzer, stop_words, words
from assistant.spelling import Speller
from assistant.synonym_lists import Group
from assistant.units import units, with_signs

if TYPE_CHECKING:
    import bm25s

Scores = npt.NDArray[np.float32]

_SHORTEST_WORD = 4
_NOTHING = "\0"
"""Stands in a text of stop words alone, so that the mean length of texts is never 0. No question holds it."""


class LexicalIndex:
    """BM25 (Robertson and Zaragoza, 2009) by ``bm25s``. Row numbers are those of the passages it was built from.

    ``abbreviations`` are those that the passages explain, with their long forms; ``synonyms`` the forms that mean the
    same, as the corpus lists them.
    """

    K1 = 1.5
    B = 0.75

    def __init__(
        self,
        bm25: bm25s.BM25,
        analyzer: Analyzer,
        *,
        size: int,
        spelt: Sequence[str],
        abbreviations: Mapping[str, str],
        synonyms: Sequence[Group],
    ) -> None:
        self.abbreviations = abbreviations
        self.synonyms = synonyms
        self._bm25 = bm25
        self._analyzer = analyzer
        self._spelt = spelt
        self._speller = Speller(spelt, stop_words(), self._is_known)
        self.size = size

    @classmethod
    def build(
        cls, texts: Sequence[str], synonyms: Sequence[Group] = (), *, analysis: type[Analyzer] = Analyzer
    ) -> Self:
        """Index ``texts``, one row each; the first line of a text are its headings. ``synonyms`` are kept with it.

        What another ``analysis`` makes of texts cannot be saved: that is for comparisons.
        """
        import bm25s

        analyzer = analysis.learn(texts)
        bm25 = bm25s.BM25(k1=cls.K1, b=cls.B)
        terms = [[*analyzer.terms(text), *units(text)] for text in texts]
        bm25.index([row or [_NOTHING] for row in terms], show_progress=False)
        return cls(
            bm25,
            analyzer,
            size=len(texts),
            spelt=_spelt(texts),
            abbreviations=abbreviations(texts),
            synonyms=synonyms,
        )

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Open what :meth:`save` wrote; scores stay on disk until they are read."""
        import bm25s

        analysis = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
        bm25 = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        return cls(
            bm25,
            Analyzer(frozenset(analysis["vocabulary"])),
            size=analysis["size"],
            spelt=analysis["words"],
            abbreviations=analysis["abbreviations"],
            synonyms=tuple(tuple(group) for group in analysis["synonyms"]),
        )

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        self._bm25.save(folder, show_progress=False)
        analysis = {
            "size": self.size,
            "vocabulary": sorted(self._analyzer.vocabulary),
            "words": self._spelt,
            "abbreviations": self.abbreviations,
            "synonyms": self.synonyms,
        }
        (folder / "analysis.json").write_text(json.dumps(analysis, ensure_ascii=False), encoding="utf-8")

    def terms(self, text: str) -> list[str]:
        """The search terms of ``text``: stems and parts of compounds."""
        return self._analyzer.terms(text)

    def mended(self, question: str) -> str:
        """``question`` with its typing errors mended by the words of the index."""
        return self._speller.mended(question)

    def scores(self, question: str) -> Scores:
        """BM25 score of every row, 0 and up. *Shape:* ``(size,)``."""
        asked = [*self.terms(with_signs(question)), *units(question)]
        terms = [term for term in dict.fromkeys(asked) if term in self._bm25.vocab_dict]
        if not terms:
            return np.zeros(self.size, dtype=np.float32)
        scores: Scores = self._bm25.get_scores(terms)
        return scores

    def knows(self, term: str) -> bool:
        """Whether any row holds ``term``."""
        return term in self._bm25.vocab_dict

    def says(self, word: str) -> bool:
        """Whether any row holds ``word``, as a whole and in whatever inflection: not only the parts of a compound."""
        return all(map(self.knows, self.terms(word)))

    def weighted(self, text: str) -> dict[str, float]:
        """The search terms of ``text`` with their weights."""
        return {term: self.weight(term) for term in self.terms(text)}

    def weight(self, term: str) -> float:
        """Inverse document frequency of ``term``: rare terms say more. An unknown term weighs most."""
        row = self._bm25.vocab_dict.get(term)
        pointers = self._bm25.scores["indptr"]
        frequency = 0 if row is None else int(pointers[row + 1] - pointers[row])
        return float(np.log(1 + (self.size - frequency + 0.5) / (frequency + 0.5)))

    def _is_known(self, word: str) -> bool:
        return word in stop_words() or self.knows(self._analyzer.stem(word)) or bool(self._analyzer.parts(word))


def _spelt(texts: Sequence[str]) -> list[str]:
    """The words of ``texts`` as they are spelt, in lower case, the most frequent first."""
    counts = Counter(word for text in texts for word in words(text) if word.isalpha() and len(word) >= _SHORTEST_WORD)
    return [word for word, _ in counts.most_common()]
