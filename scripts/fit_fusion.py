"""Fit the weights of the three legs of search on sets of every kind.

    python -m scripts.fit_fusion [CASES=DOCUMENTS …]

Each pair names cases with gold places (a file, or a folder of them) and the documents they are asked of, without their
scope; the shipped questions are used if none is named. All weights in steps of ``STEP`` are tried. The best are those
with the highest mean over the sets of nDCG@10, of documents where a set has many and of passages where it has few,
among those that on no set fall more than ``TOLERANCE`` behind a single leg. Prints what they reach beside each leg
alone; the weights themselves are the defaults of ``assistant/settings.py``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.courtesies import plain
from assistant.retrieval import Legs, Retriever, fuse
from assistant.settings import Settings
from assistant.wiring import open_retriever
from eval.cases import EvalCase, Place, read_cases
from eval.indexes import index_for
from eval.measures.ranking import document_verdicts, ndcg, verdicts
from ingest.reading import silent
from scripts.examples import known_of
from scripts.fit import SHIPPED

STEP = 0.05
TOLERANCE = 0.01
MANY_DOCUMENTS = 50
DEPTH = 10

Weights = tuple[float, float, float]
SINGLE: Mapping[str, Weights] = {"lexical": (1, 0, 0), "passage": (0, 1, 0), "sentence": (0, 0, 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with what each leg says of its candidates; ``places`` are those of the candidates."""

    case: EvalCase
    legs: Legs
    places: Sequence[Place]
    of_documents: bool

    def ndcg(self, weights: Weights) -> float:
        """nDCG@10 of the candidates in the order of their fused scores."""
        scores = fuse(self.legs.scores, weights)
        order = sorted(range(len(scores)), key=lambda at: (-scores[at], at))
        judge = document_verdicts if self.of_documents else verdicts
        return ndcg(*judge([self.places[at] for at in order], self.case.gold), DEPTH)


def main(pairs: Sequence[str]) -> None:
    """Ask, try all weights, print."""
    sets = dict(read(*map(Path, pair.split("=", 1))) for pair in pairs or SHIPPED)
    single = {leg: reached(sets, weights) for leg, weights in SINGLE.items()}
    tried = [(weights, reached(sets, weights)) for weights in grid()]
    best = max((one for one in tried if _keeps_up(one[1], single)), key=lambda one: _mean(one[1]))
    current = Settings().retrieval
    default = (current.lexical, current.passage, current.sentence)
    rows = {"best": best, "default": (default, reached(sets, default)), **{n: (SINGLE[n], single[n]) for n in SINGLE}}
    for name, (weights, found) in rows.items():
        told = "  ".join(f"{set_} {value:.4f}" for set_, value in found.items())
        print(f"{name:9} {' '.join(f'{weight:.2f}' for weight in weights)}  mean {_mean(found):.4f}  {told}")


def read(cases: Path, documents: Path) -> tuple[str, list[Asked]]:
    """The name of a set, and its answerable questions held against an index over ``documents``."""
    settings = Settings()
    index = index_for(documents, settings, silent)
    settings = settings.model_copy(update={"index": index})
    answerable: list[EvalCase] = []
    legs: list[Legs] = []
    places: list[list[Place]] = []
    for file in sorted(cases.glob("*.jsonl")) if cases.is_dir() else [cases]:
        retriever = open_retriever(settings, known_of(file, documents))
        asked = [case for case in read_cases(file) if case.gold]
        found = [retriever.legs(plain(replace(case.query(), documents=()))) for case in asked]
        places += [_places(retriever, one) for one in found]
        answerable += asked
        legs += found
        retriever.close()
    many = len({place.document for found in places for place in found}) >= MANY_DOCUMENTS
    return (
        cases.parent.name if cases.stem == "cases" else cases.stem,
        [
            Asked(case=case, legs=leg, places=found, of_documents=many)
            for case, leg, found in zip(answerable, legs, places, strict=True)
        ],
    )


def reached(sets: Mapping[str, Sequence[Asked]], weights: Weights) -> Mapping[str, float]:
    """Mean nDCG@10 of each set."""
    return {name: float(np.mean([one.ndcg(weights) for one in asked])) for name, asked in sets.items()}


def grid() -> Iterator[Weights]:
    """All weights in steps of ``STEP`` that sum to one."""
    steps = round(1 / STEP)
    for lexical in range(steps + 1):
        for passage in range(steps + 1 - lexical):
            yield lexical * STEP, passage * STEP, (steps - lexical - passage) * STEP


def _keeps_up(found: Mapping[str, float], single: Mapping[str, Mapping[str, float]]) -> bool:
    return all(value >= max(leg[name] for leg in single.values()) - TOLERANCE for name, value in found.items())


def _mean(found: Mapping[str, float]) -> float:
    return float(np.mean(list(found.values())))


def _places(retriever: Retriever, legs: Legs) -> list[Place]:
    passages = [retriever.passage(row) for row in legs.rows]
    return [Place(document=passage.document, span=passage.span) for passage in passages]


if __name__ == "__main__":
    main(sys.argv[1:])
