"""The learned part of extractive answers: two logistic models, stored as a readable file and fitted by ``make fit``.

The first gives each sentence the probability that it answers the question; the second gives the probability that the
scope answers it at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.evidence import FEATURES, QUESTION_FEATURES

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """Logistic regression over named features: ``p = 1 / (1 + exp(-(bias + x · weights)))``."""

    weights: Vector
    bias: float

    @classmethod
    def read(cls, values: Mapping[str, Any], names: tuple[str, ...]) -> Logistic:
        """Read a model and put its weights in the order of ``names``.

        Raises:
            ValueError: if the file was fitted on other features.
        """
        if set(values["weights"]) != set(names):
            different = sorted(set(values["weights"]) ^ set(names))
            raise ValueError(f"selector.json was fitted on other features ({different}): run make fit")
        return cls(weights=np.array([values["weights"][name] for name in names]), bias=float(values["bias"]))

    def probabilities(self, features: Vector) -> Vector:
        """*Shape:* ``(n, features)`` to ``(n,)``, each 0..1."""
        result: Vector = 1 / (1 + np.exp(-np.clip(features @ self.weights + self.bias, -30, 30)))
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Both models. A sentence is quoted from ``floor`` on, if it has ``share`` of the best one's probability."""

    sentence: Logistic
    question: Logistic
    floor: float
    share: float

    @classmethod
    def undecided(cls) -> Selector:
        """Models that give everything even chances, to gather what a fit needs."""
        even = [Logistic(weights=np.zeros(len(names)), bias=0.0) for names in (FEATURES, QUESTION_FEATURES)]
        return cls(sentence=even[0], question=even[1], floor=0.0, share=1.0)

    @classmethod
    def shipped(cls) -> Selector:
        """The models fitted for this version."""
        values = json.loads(files("assistant").joinpath("selector.json").read_text(encoding="utf-8"))
        return cls(
            sentence=Logistic.read(values["sentence"], FEATURES),
            question=Logistic.read(values["question"], QUESTION_FEATURES),
            floor=float(values["floor"]),
            share=float(values["share"]),
        )
