"""Write gradient-boosted trees of scikit-learn as plain numbers that ``assistant.trees`` reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.sentence_features import Matrix
from assistant.trees import Trees

DIGITS = 5


def exported(model: HistGradientBoostingClassifier, names: Sequence[str], rows: Matrix) -> dict[str, Any]:
    """``model``, fitted on columns called ``names``, in the form of :meth:`assistant.trees.Trees.read`.

    scikit-learn has no public form for these trees, so what is written is held against the model itself.

    Raises:
        ValueError: if it does not give ``rows`` the model's probabilities.
    """
    values = {
        "bias": round(float(model._baseline_prediction.item()), DIGITS),
        "features": list(names),
        "trees": [[_node(node) for node in trees[0].nodes] for trees in model._predictors],
    }
    gap = np.abs(Trees.read(values, names).probabilities(rows) - model.predict_proba(rows)[:, 1])
    if np.quantile(gap, 0.99) > 0.01:  # rounding sends a row another way here and there
        raise ValueError(f"the exported trees differ from the model by up to {gap.max():.3f}")
    return values


def _node(node: Any) -> list[float]:
    if node["is_leaf"]:
        return [round(float(node["value"]), DIGITS)]
    threshold = round(float(node["num_threshold"]), DIGITS)
    return [int(node["feature_idx"]), threshold, int(node["left"]), int(node["right"])]
