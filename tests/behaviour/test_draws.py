"""Keyed draws: uniform, blind to the order of asking, scrambled by every bit of the key; one's luck is one's own.

Statistical tests have an error rate of 1 in 1,000 and a fixed key.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.schema.draws import extend, uniform
from sim.schema.kinds import Act
from tests.behaviour.shelf import Shelf, flat, which

ERROR = 1e-3
KEY = np.uint64(0x5EED)
WORDS = st.integers(0, 2**64 - 1)


def draws(key: int, purpose: int, n: int) -> np.ndarray:
    return np.array([uniform(np.uint64(key), purpose, what) for what in range(n)])


@pytest.mark.parametrize("purpose", [0, 1, 4, 57])
def test_draws_are_uniform(purpose):
    assert stats.kstest(draws(int(KEY), purpose, 20_000), "uniform").pvalue > ERROR


def test_draws_of_neighbouring_sessions_are_uniform():
    numbers = [uniform(np.uint64(extend(KEY, session)), 4, 7) for session in range(20_000)]
    assert stats.kstest(numbers, "uniform").pvalue > ERROR


@pytest.mark.parametrize("lag", [1, 2, 64])
def test_neighbouring_contents_have_unrelated_luck(lag):
    numbers = draws(int(KEY), 4, 20_000)
    assert stats.pearsonr(numbers[:-lag], numbers[lag:]).pvalue > ERROR


def test_two_purposes_have_unrelated_luck():
    assert stats.pearsonr(draws(int(KEY), 4, 20_000), draws(int(KEY), 5, 20_000)).pvalue > ERROR


@given(WORDS, st.permutations(range(20)))
def test_luck_does_not_depend_on_the_order_of_asking(key, order):
    in_turn = [uniform(np.uint64(key), 4, what) for what in range(20)]
    assert [uniform(np.uint64(key), 4, what) for what in order] == [in_turn[what] for what in order]


@given(WORDS, st.integers(0, 100), WORDS)
def test_a_draw_lies_strictly_between_nothing_and_one(key, purpose, what):
    assert 0.0 < uniform(np.uint64(key), purpose, np.uint64(what)) < 1.0


@pytest.mark.parametrize("flipped", ["key", "word"])
def test_every_bit_of_a_key_moves_half_of_the_next(flipped):
    """Avalanche: per input bit, the mean share of output bits that flip is that of a fair coin."""
    rng = np.random.default_rng(5)
    pairs = rng.integers(0, 2**64, (200, 2), dtype=np.uint64)
    low, high = stats.binom.ppf([ERROR / 128, 1 - ERROR / 128], 200 * 64, 0.5)
    for bit in range(64):
        flip = np.uint64(1 << bit)
        changed = 0
        for key, word in pairs:
            other = extend(key ^ flip, word) if flipped == "key" else extend(key, word ^ flip)
            changed += (int(extend(key, word)) ^ int(other)).bit_count()
        assert low <= changed <= high, bit


def test_keys_of_a_large_population_are_distinct():
    keys = {extend(extend(KEY, consumer), session) for consumer in range(300) for session in range(300)}
    assert len(keys) == 90_000


def sessions(acts: np.ndarray, act: int, content: int) -> set[int]:
    return set(which(acts, act, content=content)["session"].tolist())


@pytest.mark.parametrize("act", [Act.CLICK, Act.CART, Act.ORDER])
def test_the_same_content_meets_the_same_luck_whatever_else_is_shown(act):
    """Neither its place on the page nor its neighbours change who clicks, carts and buys it."""
    appeal = [0.0, 1.5, -1.0, 0.5, 2.0]
    alone = Shelf(appeal, n=2000).visit([3])
    first = Shelf(appeal, n=2000).visit([3, 0, 1, 2])
    last = Shelf(appeal, n=2000).visit([4, 1, 0, 3])
    assert len(sessions(alone, act, 3)) > 100
    assert sessions(alone, act, 3) == sessions(first, act, 3) == sessions(last, act, 3)


def test_who_clicks_at_a_high_price_clicks_at_a_low_one():
    """Common luck makes demand monotone one consumer at a time, not only in the mean."""
    prices = [600, 1000, 1600]
    elastic = flat(click={"price": -1.0})
    clicked = [sessions(Shelf([0.0], elastic, 2000, price=price).visit([0]), Act.CLICK, 0) for price in prices]
    assert clicked[0] > clicked[1] > clicked[2]


def test_a_content_seen_again_in_a_session_meets_new_luck():
    acts = Shelf([0.0], n=5000).visit([0, 0])
    first = {int(row["session"]) for row in which(acts, Act.CLICK, position=0)}
    second = {int(row["session"]) for row in which(acts, Act.CLICK, position=1)}
    table = [[len(first & second), len(first - second)], [len(second - first), 5000 - len(first | second)]]
    assert stats.chi2_contingency(table).pvalue > ERROR
