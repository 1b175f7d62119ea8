"""What each part of search is worth: every question asked again without it.

    python -m scripts.ablation CASES[+CASES …]=DOCUMENTS[@CHOICE] …

``CASES`` are files with gold places, or folders of them, asked of ``DOCUMENTS`` without their scope. ``CHOICE`` is a
way to ask them (``typos``, ``umlauts``, ``lowercase``) or a tag that they must have. Prints one table for each measure
as Markdown: what the product reaches, and what each part, left out, adds or takes, with the 95 % interval of the paired
bootstrap; in bold where that excludes 0. nDCG is of documents where a set has many, of passages where it has few.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from assistant.domain import Document, Passage, Query
from assistant.embedding import Embedder, Vectors
from assistant.german import Analyzer
from assistant.index import Index
from assistant.index_writer import IndexWriter, lexical_texts
from assistant.lexical import LexicalIndex, Scores
from assistant.retrieval import Retrieved, Retriever, Weights
from assistant.settings import Settings
from assistant.wiring import open_embedder
from eval.bootstrap import resamplings
from eval.cases import EvalCase, Place, read_cases
from eval.indexes import index_for
from eval.measures.ranking import document_verdicts, ndcg, recall, verdicts
from eval.variants import Variant, vary
from ingest.reading import silent

DEPTH = 10
MANY_DOCUMENTS = 50
PRODUCT = "the product"

Values = npt.NDArray[np.float64]
Headings = Callable[[Document, Passage], tuple[str, ...]]


class Unstemmed(Analyzer):
    """Words as they stand, umlauts spelt out."""

    _SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

    def __init__(self, vocabulary: frozenset[str]) -> None:
        super().__init__(vocabulary)
        self.stem = lru_cache(maxsize=200_000)(lambda word: word.translate(self._SPELT_OUT))


class Unfolded(Analyzer):
    """Stems that keep the umlauts of their words: ``ä`` is neither ``a`` nor ``ae``."""

    def __init__(self, vocabulary: frozenset[str]) -> None:
        super().__init__(vocabulary)
        stem = self.stem
        self.stem = lru_cache(maxsize=200_000)(lambda word: stem(word) + "".join(c for c in word if c in "äöüß"))


class Unsplit(Analyzer):
    """No compound has parts."""

    def __init__(self, vocabulary: frozenset[str]) -> None:
        super().__init__(frozenset())


class Unmended(LexicalIndex):
    """Typing errors stay."""

    def mended(self, question: str) -> str:
        """The question as it is."""
        return question


class WithoutUnits(LexicalIndex):
    """Only words are looked for."""

    def scores(self, question: str) -> Scores:
        """BM25 score of every row for the words alone."""
        with patch("assistant.lexical.units", return_value=[]), patch("assistant.lexical.with_signs", str):
            return super().scores(question)


class Unexpanded(Retriever):
    """The question in its own words."""

    def retrieve(self, query: Query, k: int) -> Retrieved:
        """The ``k`` best passages."""
        with patch("assistant.retrieval.expanded", str):
            return super().retrieve(query, k)


class WithDocuments(LexicalIndex):
    """A passage scores with its whole document, too."""

    whole: LexicalIndex
    document_of: npt.NDArray[np.int64]

    def scores(self, question: str) -> Scores:
        """BM25 score of every row and of the document it is from, added."""
        both: Scores = super().scores(question) + self.whole.scores(question)[self.document_of]
        return both


class Remembering:
    """An embedder that embeds each text once."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.sha256, self.dimension = embedder.name, embedder.sha256, embedder.dimension
        self.query = lru_cache(maxsize=None)(embedder.query)
        self._passage = lru_cache(maxsize=None)(lambda text: embedder.passages([text])[0])

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to be found. *Shape:* ``(len(texts), dimension)``."""
        return np.stack([self._passage(text) for text in texts])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A set and what it is asked of. ``of_documents`` says what its nDCG is of."""

    name: str
    cases: Sequence[EvalCase]
    index: Path
    of_documents: bool


def main(specifications: Sequence[str]) -> None:
    """Ask every set of every variant, print."""
    embedder = Remembering(open_embedder(Settings()))
    sets = [read(specification) for specification in specifications]
    reached: dict[str, list[Values]] = {}
    for asked in sets:
        with TemporaryDirectory() as scratch:
            for name, retriever in retrievers(asked.index, embedder, Path(scratch)):
                reached.setdefault(name, []).append(values(asked, retriever))
                print(f"{asked.name}: {name}", file=sys.stderr)
    for column, measure in enumerate(("nDCG@10", "recall@5")):
        print(f"\n| {measure} | " + " | ".join(f"{asked.name} (n={len(asked.cases)})" for asked in sets) + " |")
        print("|---|" + "---:|" * len(sets))
        for name, found in reached.items():
            cells = [
                _cell(name, part[:, column], all_[:, column])
                for part, all_ in zip(found, reached[PRODUCT], strict=True)
            ]
            print(f"| {name} | " + " | ".join(cells) + " |")


def read(specification: str) -> Asked:
    """The set of a command-line argument, its index built or brought up to date."""
    specification, _, choice = specification.partition("@")
    places, _, documents = specification.partition("=")
    paths = [Path(place) for place in places.split("+")]
    files = [file for path in paths for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    cases = [replace(case, documents=()) for file in files for case in read_cases(file) if case.gold]
    if choice in set(Variant):
        cases = [replace(case, question=vary(case.question, Variant(choice), 0)) for case in cases]
    elif choice:
        cases = [case for case in cases if choice in case.tags]
    name = paths[0].parent.name if paths[0].stem == "cases" else paths[-1].stem
    index = index_for(Path(documents), Settings(), silent)
    many = len({place.document for case in cases for place in case.gold}) >= MANY_DOCUMENTS
    return Asked(name=f"{name} {choice}".strip(), cases=cases, index=index, of_documents=many)


def retrievers(folder: Path, embedder: Embedder, scratch: Path) -> Iterator[tuple[str, Retriever]]:
    """The product's search and its variants over one index, by name."""
    index, weights = Index.open(folder, embedder), Weights(**Settings().retrieval.model_dump())
    yield PRODUCT, Retriever(index, embedder, weights)

    for name, changed in {
        "without BM25": replace(weights, lexical=0.0),
        "without passage vectors": replace(weights, passage=0.0),
        "without sentence vectors": replace(weights, sentence=0.0),
        "without a limit per document": replace(weights, per_document=DEPTH),
    }.items():
        yield name, Retriever(index, embedder, changed)
    yield "without expansions", Unexpanded(index, embedder, weights)
    for name, lexical in _lexical_variants(index):
        yield name, Retriever(_with(index, lexical), embedder, weights)
    embedded: Mapping[str, Headings] = {
        "headings not embedded": lambda document, passage: (),
        "titles embedded, too": lambda document, passage: tuple(dict.fromkeys((document.title, *passage.headings))),
    }
    for name, headings in embedded.items():
        other = Index.open(_embedded_under(headings, index, folder, embedder, scratch / name), embedder)
        yield name, Retriever(_with(other, index.lexical), embedder, weights)
        other.close()
    index.close()


def values(asked: Asked, retriever: Retriever) -> Values:
    """nDCG@10 and recall@5 of each case. *Shape:* ``(cases, 2)``."""
    judge = document_verdicts if asked.of_documents else verdicts
    found = []
    for case in asked.cases:
        hits = [hit.passage for hit in retriever.retrieve(case.query(), DEPTH).hits]
        places = [Place(document=passage.document, span=passage.span) for passage in hits]
        found.append((ndcg(*judge(places, case.gold), DEPTH), recall(places, case.gold, 5)))
    return np.array(found)


def _lexical_variants(index: Index) -> Iterator[tuple[str, LexicalIndex]]:
    documents = [index.library.document(id) for id in index.rows_of_document]
    texts, synonyms = lexical_texts(documents, index.passages), index.lexical.synonyms
    yield "without stems", LexicalIndex.build(texts, synonyms, analysis=Unstemmed)
    yield "without parts of compounds", LexicalIndex.build(texts, synonyms, analysis=Unsplit)
    yield "without folded umlauts", LexicalIndex.build(texts, synonyms, analysis=Unfolded)
    yield "without mended typing errors", Unmended.build(texts, synonyms)
    yield "without both of these", Unmended.build(texts, synonyms, analysis=Unfolded)
    yield "without units", WithoutUnits.build(texts, synonyms)
    plain = copy(index.lexical)
    plain.abbreviations, plain.synonyms = {}, ()
    yield "without abbreviations and synonyms", plain
    whole = WithDocuments.build(texts, synonyms)
    whole.whole = LexicalIndex.build([f"{document.title}\n{document.text}" for document in documents])
    numbers = {document.id: number for number, document in enumerate(documents)}
    whole.document_of = np.array([numbers[passage.document] for passage in index.passages])
    yield "with BM25 of whole documents", whole


def _with(index: Index, lexical: LexicalIndex) -> Index:
    changed = copy(index)
    changed.lexical = lexical
    return changed


def _embedded_under(headings: Headings, index: Index, folder: Path, embedder: Embedder, scratch: Path) -> Path:
    """An index with the same rows whose passages were embedded under other headings."""
    copytree(folder, scratch)
    with IndexWriter.begin(scratch, embedder) as writer:
        for id, rows in index.rows_of_document.items():
            document, passages = index.library.document(id), [index.passages[row] for row in rows]
            writer.add(document, [replace(one, headings=headings(document, one)) for one in passages])
        writer.commit(chunker="", corpus_digest="", sources=(), report={}, progress=lambda done, total: None)
    return scratch


def _cell(name: str, part: Values, product: Values) -> str:
    if name == PRODUCT:
        return _figure(float(product.mean()))
    apart = part - product
    means = np.concatenate([drawn @ apart / len(apart) for drawn in resamplings(len(apart), 0)])
    low, high = np.quantile(means, [0.025, 0.975])
    told = f"{_signed(float(apart.mean()))} ({_signed(low)} to {_signed(high)})"
    return f"**{told}**" if low > 0 or high < 0 else told


def _signed(value: float) -> str:
    return ("+" if round(value, 3) > 0 else "−" if round(value, 3) < 0 else "") + _figure(abs(value))


def _figure(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


if __name__ == "__main__":
    main(sys.argv[1:])
