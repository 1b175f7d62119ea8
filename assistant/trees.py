"""Gradient-boosted decision trees, read from a file that people can read too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """A binary classifier: the log-odds are ``bias`` plus one leaf's value of each tree (Friedman, 2001).

    *Shape* of the arrays: ``(trees, most nodes of a tree)``. Node 0 is the root; a leaf's ``left`` and ``right`` are
    the leaf itself. A row goes left where its ``feature`` is at most ``threshold``.
    """

    bias: float
    feature: npt.NDArray[np.intp]
    threshold: Matrix
    left: npt.NDArray[np.intp]
    right: npt.NDArray[np.intp]
    value: Matrix
    depth: int

    @classmethod
    def read(cls, values: Mapping[str, Any], names: Sequence[str]) -> Trees:
        """From ``{"bias", "features", "trees"}``.

        Each tree is a list of nodes: ``[feature, threshold, left, right]``, or ``[value]`` for a leaf. A feature is its
        place in ``features``, the names the trees were fitted on.

        Raises:
            ValueError: if these are not ``names``.
        """
        if list(values["features"]) != list(names):
            different = sorted(set(values["features"]) ^ set(names)) or "the same, in another order"
            raise ValueError(f"selector.json was fitted on other features ({different}): run make fit")
        trees: Sequence[Sequence[Sequence[float]]] = values["trees"]
        shape = (len(trees), max(map(len, trees), default=1))
        feature, left, right = (np.zeros(shape, dtype=np.intp) for _ in range(3))
        threshold, value = np.zeros(shape), np.zeros(shape)
        for at, nodes in enumerate(trees):
            for node, parts in enumerate(nodes):
                if len(parts) == 1:
                    value[at, node], left[at, node], right[at, node] = parts[0], node, node
                else:
                    feature[at, node], threshold[at, node] = int(parts[0]), parts[1]
                    left[at, node], right[at, node] = int(parts[2]), int(parts[3])
        return cls(
            bias=float(values["bias"]), feature=feature, threshold=threshold, left=left, right=right, value=value,
            depth=max((_depth(nodes, 0) for nodes in trees), default=0),
        )  # fmt: skip

    def probabilities(self, features: Matrix) -> Matrix:
        """*Shape:* ``(n, features)`` to ``(n,)``, each 0..1."""
        rows = np.arange(len(features))[:, None]
        trees = np.arange(len(self.feature))[None, :]
        node = np.zeros((len(features), len(self.feature)), dtype=np.intp)
        for _ in range(self.depth):
            goes_left = features[rows, self.feature[trees, node]] <= self.threshold[trees, node]
            node = np.where(goes_left, self.left[trees, node], self.right[trees, node])
        log_odds = self.bias + self.value[trees, node].sum(axis=1)
        result: Matrix = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
        return result


def _depth(nodes: Sequence[Sequence[float]], node: int) -> int:
    parts = nodes[node]
    return 0 if len(parts) == 1 else 1 + max(_depth(nodes, int(parts[2])), _depth(nodes, int(parts[3])))
