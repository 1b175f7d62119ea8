"""The learned part of extractive answers: two models, stored as a readable file and fitted by ``make fit``.

The first gives each sentence the probability that it answers the question; the second gives the probability that the
scope answers it at all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

from assistant.question_features import QUESTION_FEATURES
from assistant.sentence_features import FEATURES
from assistant.trees import Trees


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Both models. A sentence is quoted from ``floor`` on, if it has ``share`` of the best one's probability.

    A question is answered if its confidence is ``threshold`` at least.
    """

    sentence: Trees
    question: Trees
    floor: float
    share: float
    threshold: float

    @classmethod
    def undecided(cls) -> Selector:
        """Models that give everything even chances, to gather what a fit needs."""
        both = (FEATURES, QUESTION_FEATURES)
        even = [Trees.read({"bias": 0.0, "features": names, "trees": []}, names) for names in both]
        return cls(sentence=even[0], question=even[1], floor=0.0, share=1.0, threshold=0.0)

    @classmethod
    def shipped(cls) -> Selector:
        """The models fitted for this version."""
        values = json.loads(files("assistant").joinpath("selector.json").read_text(encoding="utf-8"))
        return cls(
            sentence=Trees.read(values["sentence"], FEATURES),
            question=Trees.read(values["question"], QUESTION_FEATURES),
            floor=float(values["floor"]),
            share=float(values["share"]),
            threshold=float(values["threshold"]),
        )
