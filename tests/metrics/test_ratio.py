"""Missing is not nothing."""

import math

import numpy as np
import pytest

from sim.metrics.ratio import mean, quantile, ratio, ratios, spread


def test_an_empty_denominator_is_missing_and_never_zero():
    assert math.isnan(ratio(0, 0))
    assert math.isnan(ratio(3, 0))
    assert ratio(0, 3) == 0
    assert np.isnan(ratios([0, 3], [0, 0])).all()
    assert ratios([1, 5], [4, 0]) == pytest.approx([0.25, math.nan], nan_ok=True)


def test_the_mean_and_the_quantiles_of_nothing_are_missing():
    assert math.isnan(mean([]))
    assert math.isnan(quantile([], 0.5))
    assert spread("wait", np.array([1.0, 3.0]), 50) == {"wait_mean": 2.0, "wait_p50": 2.0}
