"""Exported trees decide as the fitted model does."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.selector import Selector
from assistant.trees import Trees
from scripts.tree_export import exported


def test_exported_trees_give_the_probabilities_of_the_model() -> None:
    chance = np.random.default_rng(0)
    rows = chance.normal(size=(500, 3))
    model = HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=6).fit(rows, rows[:, 0] * rows[:, 1] > 0)
    trees = Trees.read(exported([model], ["a", "b", "c"], rows), ["a", "b", "c"])
    assert np.quantile(np.abs(trees.probabilities(rows) - model.predict_proba(rows)[:, 1]), 0.99) < 0.01


def test_a_tree_is_read_as_written() -> None:
    values = {"bias": 0.0, "features": ["a", "b"], "trees": [[[1, 0.5, 1, 2], [-2.0], [2.0]]]}
    low, high = Trees.read(values, ["a", "b"]).probabilities(np.array([[9.0, 0.5], [-9.0, 0.6]]))
    assert low == pytest.approx(1 / (1 + np.exp(2)))
    assert high == pytest.approx(1 / (1 + np.exp(-2)))


def test_no_trees_and_no_rows_are_fine() -> None:
    trees = Trees.read({"bias": 0.0, "features": ["a"], "trees": []}, ["a"])
    assert trees.probabilities(np.zeros((2, 1))).tolist() == [0.5, 0.5]
    assert trees.probabilities(np.zeros((0, 1))).shape == (0,)


def test_trees_of_other_features_are_refused() -> None:
    with pytest.raises(ValueError, match="make fit"):
        Trees.read({"bias": 0.0, "features": ["b", "a"], "trees": []}, ["a", "b"])


def test_the_shipped_selector_can_be_read() -> None:
    selector = Selector.shipped()
    assert 0 < selector.threshold < 1
