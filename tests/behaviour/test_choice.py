"""The choice model against its closed forms.

Statistical tests have an error rate of 1 in 1,000 per number compared (two-sided), and a fixed seed.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.behaviour.choice import chance, depth, duration, units_wanted
from sim.schema.counters import Counter
from sim.schema.kinds import Act
from tests.behaviour.shelf import Shelf, flat, which

ERROR = 1e-3
LUCK = st.floats(1e-12, 1 - 1e-12)


def assert_binomial(count: int, n: int, share: float) -> None:
    """Assert that a count lies between the quantiles of its binomial distribution."""
    low, high = stats.binom.ppf([ERROR / 2, 1 - ERROR / 2], n, share)
    assert low <= count <= high, f"{count} of {n} is {count / n:.4f}, not {share:.4f}"


def logit(utility: float) -> float:
    return 1 / (1 + math.exp(-utility))


def test_shares_of_clicks_are_logit_in_the_utility():
    appeal = [-2.0, -0.5, 1.0, 3.0]
    shelf = Shelf(appeal)
    acts = shelf.visit([0, 1, 2, 3])
    for offer, utility in enumerate(appeal):
        assert_binomial(len(which(acts, Act.CLICK, content=offer)), shelf.n, logit(utility))


def test_carts_and_purchases_are_logit_each_after_the_other():
    shelf = Shelf([0.0], flat(cart={"base": -1.0}, buy={"base": -0.3}))
    acts = shelf.visit([0])
    clicks, carts = len(which(acts, Act.CLICK)), len(which(acts, Act.CART))
    assert_binomial(carts, clicks, logit(-1.0))
    assert_binomial(len(which(acts, Act.ORDER)), carts, logit(-0.3))


def test_a_price_moves_every_stage_by_its_coefficient_times_the_log():
    parts = {"click": {"price": -0.6}, "cart": {"price": -1.0}, "buy": {"price": -1.2}}
    shelf = Shelf([0.0], flat(**parts), price=1400)
    acts = shelf.visit([0])
    stages = [shelf.n, *(len(which(acts, act)) for act in (Act.CLICK, Act.CART, Act.ORDER))]
    for before, after, coefficient in zip(stages, stages[1:], (-0.6, -1.0, -1.2), strict=False):
        assert_binomial(after, before, logit(coefficient * math.log(1.4)))


def test_a_discount_draws_clicks_by_its_coefficient():
    shelf = Shelf([0.0], flat(click={"discount": 2.0}), price=600)
    assert_binomial(len(which(shelf.visit([0]), Act.CLICK)), shelf.n, logit(2.0 * 0.4))


@pytest.mark.parametrize("attention", [0.4, 0.8, 1.5])
def test_a_place_is_examined_with_rank_to_the_minus_attention(attention):
    shelf = Shelf([-30.0] * 6, flat(browsing={"attention": attention}))
    acts = shelf.visit(list(range(6)))
    for rank in range(1, 7):
        examined = len(which(acts, Act.IMPRESSION, position=rank - 1))
        assert_binomial(examined, shelf.n, rank**-attention) if rank > 1 else None
    assert len(which(acts, Act.IMPRESSION, position=0)) == shelf.n


def test_looks_last_exponentially():
    """Kolmogorov-Smirnov over the gaps between two looks, nobody clicking."""
    shelf = Shelf([-30.0] * 2, flat(browsing={"look_seconds": 4}))
    looks = which(shelf.visit([0, 1]), Act.IMPRESSION)
    looks = looks[np.lexsort((looks["position"], looks["session"]))]
    seconds = np.diff(looks["time"].reshape(-1, 2)).ravel() / 65536 * 60
    assert stats.kstest(seconds, stats.expon(scale=4).cdf).pvalue > ERROR


def test_units_are_geometric():
    shelf = Shelf([30.0], flat(cart={"base": 30.0}, buy={"base": 30.0, "more_units": 0.3}), n=10_000)
    units = which(shelf.visit([0]), Act.ORDER)["value"].astype(int)
    assert len(units) == shelf.n
    for least in range(2, 6):
        assert_binomial(int((units >= least).sum()), shelf.n, 0.3 ** (least - 1))


def test_repeats_lower_the_odds_of_a_click_by_their_factor():
    """The same offer twice on a page; at the second look its utility is log(0.5)."""
    shelf = Shelf([0.0], flat(browsing={"repeat": 0.5}))
    acts = shelf.visit([0, 0])
    assert_binomial(len(which(acts, Act.CLICK, position=0)), shelf.n, 0.5)
    assert_binomial(len(which(acts, Act.CLICK, position=1)), shelf.n, logit(math.log(0.5)))


def test_counters_say_what_the_log_says():
    shelf = Shelf([0.0, 1.0], n=2000)
    acts = shelf.visit([0, 1])
    for counter, act in (
        (Counter.IMPRESSIONS, Act.IMPRESSION),
        (Counter.CLICKS, Act.CLICK),
        (Counter.CARTS, Act.CART),
        (Counter.ORDERS, Act.ORDER),
    ):
        assert shelf.count(counter) == len(which(acts, act))


@given(st.floats(-30, 30))
def test_a_chance_is_complementary_to_that_of_the_opposite_utility(utility):
    assert chance(utility) + chance(-utility) == pytest.approx(1.0)


@given(st.floats(0.1, 1e7), LUCK, st.sampled_from([1, 1024, 8192]))
def test_a_duration_is_rounded_up_to_the_grid_and_takes_at_least_a_step(mean, luck, grid):
    ticks = duration(mean, luck, grid)
    exact = -mean * math.log(luck)
    assert ticks % grid == 0
    assert ticks >= grid
    assert exact <= ticks < max(exact + grid + 1, grid + 1)


@given(LUCK, LUCK, st.floats(0.01, 3.0), st.integers(1, 100))
def test_who_has_less_luck_looks_further_down(one, other, attention, places):
    """And everybody looks at the first place, nobody beyond the last."""
    low, high = sorted((one, other))
    assert places >= depth(low, attention, places) >= depth(high, attention, places) >= 1


@given(LUCK, st.floats(0.0, 0.9))
def test_who_buys_buys_at_least_one_unit(luck, more):
    assert 1 <= units_wanted(luck, more) <= 51
