"""Paired bootstrap over cases: how sure a measure, or the difference of two runs in it, is.

Both runs are resampled together, so that hard and easy cases cancel out (Efron & Tibshirani, 1993; for the test see
Berg-Kirkpatrick et al., 2012).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.measures.catalogue import Measure
from eval.measures.totals import Array
from eval.results import CaseResult

SAMPLES = 10_000
LEVEL = 0.95
# Standard normal quantiles for a two-sided test at 5 % and a power of 80 %.
_DETECTABLE = 1.96 + 0.84
_CHUNK = 1_000

Draws = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A value with the interval that holds it with a certainty of 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """``b - a`` in one measure.

    ``p`` is the two-sided chance of such a difference between equals. ``detectable`` is the smallest difference that
    a comparison over these cases finds in four of five tries.
    """

    measure: str
    a: float
    b: float
    difference: Interval
    p: float
    detectable: float
    n: int


def resamplings(n: int, seed: int, samples: int = SAMPLES) -> list[Draws]:
    """How often each of ``n`` cases was drawn, in chunks. *Shape* of all together: ``(samples, n)``.

    One byte for each holds: no case of many is drawn more than a few times.
    """
    rng = np.random.default_rng(seed)
    sizes = [min(_CHUNK, samples - start) for start in range(0, samples, _CHUNK)]
    return [_counts(rng.integers(0, n, size=(size, n)), n) for size in sizes]


def interval(measure: Measure, results: Sequence[CaseResult], resampled: Sequence[Draws]) -> Interval:
    """A measure with its percentile interval; NaN where the measure is not defined."""
    column = measure.column(results)
    low, high = _bounds(np.concatenate([measure.estimates(column, _weights(draws)) for draws in resampled]))
    return Interval(value=measure.value_of(column), low=low, high=high)


def difference(
    measure: Measure, a: Sequence[CaseResult], b: Sequence[CaseResult], resampled: Sequence[Draws]
) -> Difference:
    """The difference of two runs over the same cases in the same order."""
    of_a, of_b = measure.column(a), measure.column(b)
    before, after = measure.value_of(of_a), measure.value_of(of_b)
    gap = after - before
    weighted = map(_weights, resampled)
    draws = np.concatenate([measure.estimates(of_b, w) - measure.estimates(of_a, w) for w in weighted])
    draws = draws[~np.isnan(draws)]
    low, high = _bounds(draws)
    return Difference(
        measure=measure.name,
        a=before,
        b=after,
        difference=Interval(value=gap, low=low, high=high),
        p=_chance(draws, gap),
        detectable=float(_DETECTABLE * draws.std()) if draws.size else float("nan"),
        n=min(measure.defined(a), measure.defined(b)),
    )


def holm(chances: Sequence[float]) -> list[float]:
    """The chances corrected for asking several questions at once (Holm, 1979), in the given order."""
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    corrected, highest = [0.0] * len(chances), 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, chances[at] * (len(chances) - rank)))
        corrected[at] = highest
    return corrected


def _counts(drawn: npt.NDArray[np.int64], n: int) -> Draws:
    """How often each case stands in each row of ``drawn``."""
    shifted = drawn + n * np.arange(len(drawn))[:, None]
    return np.bincount(shifted.ravel(), minlength=n * len(drawn)).reshape(len(drawn), n).astype(np.uint8)


def _weights(draws: Draws) -> Array:
    return draws.astype(np.float64)


def _bounds(draws: Array) -> tuple[float, float]:
    draws = draws[~np.isnan(draws)]
    if not draws.size:
        return float("nan"), float("nan")
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _chance(draws: Array, gap: float) -> float:
    """Share of samples that lie as far from the observed gap as the gap lies from zero."""
    if np.isnan(gap) or not draws.size:
        return float("nan")
    if gap == 0:
        return 1.0
    # Rounding must not decide whether a sample lies "as far": identical cases give draws of exactly the gap.
    extreme = (np.abs(draws - gap) >= abs(gap) - 1e-12).sum()
    return float((1 + extreme) / (1 + draws.size))
