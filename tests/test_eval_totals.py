"""Totals: from values per case to one number, and to thousands of resampled ones at once."""

from __future__ import annotations

import numpy as np
import pytest

from eval.measures import totals

NAN = float("nan")


def total(of: totals.Total, *rows: tuple[float, ...]) -> float:
    values = np.array(rows, dtype=float)
    return float(of(values, np.ones((1, len(rows))))[0])


def test_means_leave_undefined_cases_out() -> None:
    assert total(totals.mean, (1.0,), (NAN,), (0.0,)) == 0.5
    assert np.isnan(total(totals.mean, (NAN,), (NAN,)))


def test_balanced_means_weigh_both_sides_alike() -> None:
    assert total(totals.mean_of_means, (1.0, NAN), (1.0, NAN), (0.0, NAN), (NAN, 0.0)) == pytest.approx(1 / 3)


def test_an_f_of_nothing_right_is_zero_and_of_no_cases_undefined() -> None:
    assert total(totals.f_of_means, (0.0, 0.0)) == 0
    assert np.isnan(total(totals.f_of_means, (NAN, NAN)))
    assert total(totals.f_of_counts, (1.0, 0.0), (0.0, 1.0)) == 0
    assert np.isnan(total(totals.f_of_counts, (1.0, 0.0)))


def test_auroc_needs_both_kinds() -> None:
    assert total(totals.auroc, (0.9, 1.0), (0.1, 0.0)) == 1
    assert total(totals.auroc, (0.5, 1.0), (0.5, 0.0)) == 0.5
    assert np.isnan(total(totals.auroc, (0.5, 1.0)))


def test_risk_over_coverage_by_hand() -> None:
    # most confident first: right, wrong, right -> risks 0, 1/2, 1/3
    assert total(totals.risk_coverage_area, (0.9, 1.0), (0.5, 0.0), (0.1, 1.0)) == pytest.approx(
        (0 + 1 / 2 + 1 / 3) / 3
    )
    # a tie puts the wrong one first
    assert total(totals.risk_coverage_area, (0.9, 1.0), (0.9, 0.0)) == pytest.approx((1 + 1 / 2) / 2)


def test_calibration_error_by_hand() -> None:
    # bin .9: mean confidence .95, share right .5; bin .1: confidence .15, right 0
    rows = [(0.93, 1.0), (0.97, 0.0), (0.15, 0.0)]
    assert total(totals.calibration_error, *rows) == pytest.approx((2 * 0.45 + 0.15) / 3)
    assert total(totals.calibration_error, (1.0, 1.0)) == 0


def test_percentiles_are_values_that_occurred() -> None:
    rows = [(float(at),) for at in range(1, 101)]
    assert total(totals.percentile(0.5), *rows) == 50
    assert total(totals.percentile(0.95), *rows, (NAN,)) == 95
    assert np.isnan(total(totals.percentile(0.5), (NAN,)))


@pytest.mark.parametrize(
    "of",
    [
        totals.mean,
        totals.f_of_means,
        totals.mean_of_means,
        totals.f_of_counts,
        totals.auroc,
        totals.risk_coverage_area,
        totals.calibration_error,
        totals.percentile(0.95),
    ],
)
def test_weights_are_repetitions(of: totals.Total) -> None:
    rng = np.random.default_rng(3)
    values = np.stack([rng.random(30), rng.integers(0, 2, 30)], axis=1)
    values[4] = NAN
    rows = rng.integers(0, 30, 30)

    weighted = of(values, np.bincount(rows, minlength=30)[None, :].astype(float))
    repeated = of(values[rows], np.ones((1, 30)))

    # On the risk curve a repeated case is one wide step instead of several.
    assert weighted == pytest.approx(repeated, abs=0.02 if of is totals.risk_coverage_area else 1e-9)
