"""From values per case to one number for the set, with a weight per case.

A total takes the values of all cases and weights, and gives one number per row of weights. All weights one gives the
measure itself; the counts of a bootstrap sample give the measure of that sample, so that thousands of samples are a
few matrix products.

*Shapes:* ``values (cases, components)``, NaN where a case leaves the measure out; ``weights (samples, cases)``;
result ``(samples,)``, NaN where no case defines it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Total = Callable[[Array, Array], Array]


def mean(values: Array, weights: Array) -> Array:
    """Weighted mean of the first component."""
    known = ~np.isnan(values[:, 0])
    return _ratio(weights @ np.where(known, values[:, 0], 0.0), weights @ known.astype(np.float64))


def f_of_means(values: Array, weights: Array) -> Array:
    """Harmonic mean of the mean precision and the mean recall (components 0 and 1)."""
    precision, recall = mean(values, weights), mean(values[:, 1:], weights)
    both = precision + recall
    harmonic: Array = np.where(np.isnan(both), np.nan, _ratio(2 * precision * recall, both, empty=0.0))
    return harmonic


def mean_of_means(values: Array, weights: Array) -> Array:
    """Mean of the components' means, each over the cases that define it (balanced accuracy)."""
    means: Array = np.mean([mean(values[:, [component]], weights) for component in range(values.shape[1])], axis=0)
    return means


def f_of_counts(values: Array, weights: Array) -> Array:
    """F1 of a decision: component 0 is 1 where the system says yes, component 1 where yes is right.

    Undefined where yes is never right.
    """
    known = ~np.isnan(values[:, 0])
    said, right = values[known, 0], values[known, 1]
    weights = weights[:, known]
    if not right.any():
        return np.full(len(weights), np.nan)  # nothing to detect in this test set
    return _ratio(2 * (weights @ (said * right)), weights @ said + weights @ right)


def auroc(values: Array, weights: Array) -> Array:
    """Probability that a positive case (component 1) scores higher (component 0) than a negative one; ties count half.

    Area under the ROC curve as the Mann-Whitney statistic (Hanley & McNeil, 1982).
    """
    known = ~np.isnan(values[:, 0])
    scores, positive = values[known, 0], values[known, 1] > 0
    weights = weights[:, known]
    gap = scores[positive][:, None] - scores[~positive][None, :]
    wins = (gap > 0) + 0.5 * (gap == 0)
    up, down = weights[:, positive], weights[:, ~positive]
    return _ratio(np.einsum("sp,pn,sn->s", up, wins, down, optimize=True), up.sum(axis=1) * down.sum(axis=1))


def risk_coverage_area(values: Array, weights: Array) -> Array:
    """Mean share of wrong answers over all coverages, most confident first (AURC; Geifman & El-Yaniv, 2017).

    A case of weight w counts as one step of width w.

    Component 0 is the confidence, component 1 is 1 where the answer is right. Ties put the wrong ones first.
    """
    values, weights = by_confidence(values, weights)
    covered = np.cumsum(weights, axis=1)
    wrong = np.cumsum(weights * (1 - values[:, 1]), axis=1)
    risk = np.divide(wrong, covered, out=np.zeros_like(wrong), where=covered > 0)
    return _ratio((risk * weights).sum(axis=1), weights.sum(axis=1))


def calibration_error(values: Array, weights: Array, bins: int = 10) -> Array:
    """Mean gap between confidence and share of right answers over ``bins`` equal widths (ECE; Guo et al., 2017)."""
    known = ~np.isnan(values[:, 0])
    confidence, right = values[known, 0], values[known, 1]
    weights = weights[:, known]
    members = np.eye(bins)[np.minimum((confidence * bins).astype(int), bins - 1)]
    gaps = np.abs((weights * (confidence - right)) @ members)
    return _ratio(gaps.sum(axis=1), weights.sum(axis=1))


def percentile(share: float) -> Total:
    """The value below or at which ``share`` (0..1) of the cases lie (nearest rank)."""

    def total(values: Array, weights: Array) -> Array:
        order = np.argsort(values[:, 0])
        order = order[~np.isnan(values[order, 0])]
        if not len(order):
            return np.full(len(weights), np.nan)
        covered = np.cumsum(weights[:, order], axis=1)
        reached = covered >= share * covered[:, -1:] - 1e-9
        found: Array = values[order[np.argmax(reached, axis=1)], 0]
        return found

    return total


def by_confidence(values: Array, weights: Array) -> tuple[Array, Array]:
    """Known cases only, most confident first; among equals the wrong ones first."""
    known = ~np.isnan(values[:, 0])
    values, weights = values[known], weights[:, known]
    order = np.lexsort((values[:, 1], -values[:, 0]))
    return values[order], weights[:, order]


def _ratio(part: Array, whole: Array, empty: float = np.nan) -> Array:
    return np.divide(part, whole, out=np.full_like(part, empty), where=whole > 0)
