"""Distances between samples and profiles: their definitions and bounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.data.distances import kolmogorov_smirnov, relative, total_variation, wasserstein_over_iqr

values = st.floats(-1e6, 1e6)
samples = st.lists(st.one_of(values, st.sampled_from([0.0, 1.0, 2.0])), min_size=1, max_size=30)
profiles = st.lists(st.integers(0, 50), min_size=5, max_size=5).filter(any)


@given(samples, samples)
def test_ks_is_the_largest_difference_of_the_distribution_functions(a, b):
    below = [[sum(x <= at for x in sample) / len(sample) for at in a + b] for sample in (a, b)]
    assert kolmogorov_smirnov(a, b) == pytest.approx(max(abs(p - q) for p, q in zip(*below, strict=True)))


@given(samples)
def test_a_sample_is_at_no_distance_from_itself_or_its_double(a):
    assert kolmogorov_smirnov(a, a + a) == 0
    assert wasserstein_over_iqr(a, a) == 0 or np.isnan(wasserstein_over_iqr(a, a))


@given(profiles, profiles)
def test_total_variation_is_a_distance_between_0_and_1(a, b):
    assert 0 <= total_variation(a, b) <= 1
    assert total_variation(a, b) == total_variation(b, a)
    assert total_variation(a, [7 * x for x in a]) == pytest.approx(0)


def test_profiles_that_share_nothing_are_at_distance_1():
    assert total_variation([1, 0], [0, 3]) == 1


def test_moving_all_by_one_interquartile_range_is_1():
    sample = np.arange(101.0)
    assert wasserstein_over_iqr(sample + 50, sample) == pytest.approx(1)


def test_of_nothing_no_distance_is_told():
    found = kolmogorov_smirnov([], [1]), wasserstein_over_iqr([1], []), total_variation([0, 0], [1, 0]), relative(1, 0)
    assert np.isnan(found).all()
    assert np.isnan(wasserstein_over_iqr([1, 2], [3, 3]))
