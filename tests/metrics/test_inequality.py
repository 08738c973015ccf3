"""Gini and entropy against their definitions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.metrics.inequality import entropy, gini

SHARES = st.lists(st.integers(0, 1000), min_size=1, max_size=40).filter(any)


@given(st.integers(1, 50), st.integers(1, 9))
def test_gini_is_zero_for_equals_and_all_but_one_nth_where_one_has_all(n, each):
    assert gini([each] * n) == pytest.approx(0, abs=1e-12)
    assert gini([0] * (n - 1) + [each]) == pytest.approx((n - 1) / n)


@given(SHARES)
def test_gini_is_half_the_mean_difference_over_the_mean(shares):
    e = np.array(shares, float)
    differences = np.abs(e[:, None] - e[None, :]).mean()
    assert gini(shares) == pytest.approx(differences / (2 * e.mean()))


@given(SHARES, st.integers(1, 100))
def test_gini_and_entropy_do_not_depend_on_the_unit_or_the_order(shares, factor):
    other = [factor * share for share in reversed(shares)]
    assert gini(other) == pytest.approx(gini(shares))
    assert entropy(other) == pytest.approx(entropy(shares))


@given(st.integers(1, 64))
def test_entropy_is_the_log_of_the_number_of_equals_and_zero_where_one_has_all(n):
    assert entropy([3] * n) == pytest.approx(math.log2(n))
    assert entropy([0] * (n - 1) + [3]) == 0


def test_entropy_of_a_half_and_two_quarters_is_a_bit_and_a_half():
    assert entropy([2, 1, 1, 0]) == pytest.approx(0.5 * 1 + 0.25 * 2 + 0.25 * 2)


@pytest.mark.parametrize("shares", [[], [0, 0]])
def test_nothing_to_share_is_missing(shares):
    assert math.isnan(gini(shares))
    assert math.isnan(entropy(shares))
