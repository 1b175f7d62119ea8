"""Write gradient-boosted trees of scikit-learn as plain numbers that ``assistant.trees`` reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.sentence_features import Matrix
from assistant.trees import Trees

DIGITS = 5


def log_odds(models: Sequence[HistGradientBoostingClassifier], rows: Matrix) -> Matrix:
    """The mean log-odds that ``models`` give ``rows``. *Shape:* ``(len(rows),)``."""
    mean: Matrix = np.mean([model.decision_function(rows) for model in models], axis=0)
    return mean


def probabilities(models: Sequence[HistGradientBoostingClassifier], rows: Matrix) -> Matrix:
    """What the mean log-odds amount to, 0..1. *Shape:* ``(len(rows),)``."""
    result: Matrix = 1 / (1 + np.exp(-log_odds(models, rows)))
    return result


def exported(models: Sequence[HistGradientBoostingClassifier], names: Sequence[str], rows: Matrix) -> dict[str, Any]:
    """The mean of ``models``, fitted on columns called ``names``, in the form of :meth:`assistant.trees.Trees.read`.

    scikit-learn has no public form for these trees, so what is written is held against the models themselves.

    Raises:
        ValueError: if it does not give ``rows`` the models' probabilities.
    """
    share = 1 / len(models)
    values = {
        "bias": round(float(np.mean([model._baseline_prediction.item() for model in models])), DIGITS),
        "features": list(names),
        "trees": [[_node(node, share) for node in trees[0].nodes] for model in models for trees in model._predictors],
    }
    gap = np.abs(Trees.read(values, names).probabilities(rows) - probabilities(models, rows))
    if np.quantile(gap, 0.99) > 0.01:  # rounding sends a row another way here and there
        raise ValueError(f"the exported trees differ from the models by up to {gap.max():.3f}")
    return values


def _node(node: Any, share: float) -> list[float]:
    if node["is_leaf"]:
        return [round(share * float(node["value"]), DIGITS)]
    threshold = round(float(node["num_threshold"]), DIGITS)
    return [int(node["feature_idx"]), threshold, int(node["left"]), int(node["right"])]
