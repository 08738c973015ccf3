"""What a coupon does to a purchase, by the choice model, once and in time; and what a paid visit leaves alone.

Statistical tests have an error rate of 1 in 1,000 (two-sided) and a fixed seed.
"""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.behaviour.advertising import PAID_NUMBERS, visits_to_offers
from sim.behaviour.choice import chance
from sim.behaviour.coefficients import coefficients
from sim.behaviour.coupon import hand_out
from sim.scenario.scenario import Scenario
from sim.schema.counters import Counter
from sim.schema.kinds import Act
from sim.world.state import COUPON_PLACES, NEVER, Rows, consumer_rows
from tests.behaviour.shelf import DAY, FLAT, Shelf, which

ERROR = 1e-3
VALUE, MINIMUM = 300, 900
CERTAIN = {"click": {"base": 50}, "cart": {"base": 50}, "buy": {"base": 50}}
WHENEVER = int(NEVER)


def rules(**changes: dict[str, float]) -> Rows:
    """Return coefficients in which nothing matters but what is given; coupons take 3.00 off 9.00 or more."""
    behaviour = {part: {**values, **changes.get(part, {})} for part, values in FLAT.items()}
    coupon = {"value": VALUE / 100, "minimum_spend": MINIMUM / 100}
    parts = {"name": "shelf", "warm_up": "0 min", "behaviour": behaviour, "marketing": {"coupon": coupon}}
    return coefficients(Scenario.model_validate(parts))


def shelf(c: Rows, until: int = WHENEVER, content: int = 0, held: int = 1, **more: Any) -> Shelf:
    """Return a shelf of two offers, of two merchants, at which everybody holds coupons of one."""
    made = Shelf([0.0, 0.0], c, **more)
    made.truth.offers["merchant"] = 0, 1
    everybody = np.arange(made.n, dtype=np.int32)
    for _ in range(held):
        hand_out(made.truth.consumers, everybody, content, 0, until)
    return made


def assert_binomial(count: int, n: int, share: float) -> None:
    """Assert that a count lies between the quantiles of its binomial distribution."""
    low, high = stats.binom.ppf([ERROR / 2, 1 - ERROR / 2], n, share)
    assert low <= count <= high


def test_whoever_holds_a_coupon_buys_as_if_the_price_were_that_much_lower():
    made = shelf(rules(cart={"price": -1.0}, buy={"price": -2.0}))
    acts = made.visit([0])
    clicks, carts = len(which(acts, Act.CLICK)), len(which(acts, Act.CART))
    less = math.log((1000 - VALUE) / 1000)
    assert_binomial(carts, clicks, chance(-1.0 * less))
    assert_binomial(len(made.orders), carts, chance(-2.0 * less))
    assert (made.orders["coupon"] == VALUE).all()
    assert (made.orders["price"] == 1000).all()
    assert made.orders["surplus"] == pytest.approx(-2.0 * less)


@pytest.mark.parametrize(
    ("content", "price", "until"),
    [(1, 1000, WHENEVER), (0, MINIMUM - 1, WHENEVER), (0, 1000, 1)],
    ids=["another merchant's", "under the minimum", "expired"],
)
def test_a_coupon_that_is_not_good_for_an_order_changes_nothing(content, price, until):
    plain, other = (
        shelf(rules(buy={"price": -2.0}), until, content, held=held, price=price, n=3_000) for held in (0, 1)
    )
    acts, others = plain.visit([0]), other.visit([0])
    assert all(acts[name].tobytes() == others[name].tobytes() for name in acts.dtype.names)
    assert all(plain.orders[name].tobytes() == other.orders[name].tobytes() for name in plain.orders.dtype.names)
    assert len(plain.orders) > 100


def test_a_coupon_is_used_once():
    made = shelf(rules(**CERTAIN), held=1, n=500)
    made.visit([0, 0, 0])
    assert len(made.orders) == 1_500
    first = made.orders["coupon"] > 0
    assert first.sum() == 500
    assert len(np.unique(made.orders["consumer"][first])) == 500
    assert (made.truth.consumers["coupon"] == -1).all()


def test_several_units_may_reach_the_minimum_that_one_does_not():
    made = shelf(rules(**{**CERTAIN, "buy": {"base": 50, "more_units": 0.5}}), price=MINIMUM // 2, n=2_000)
    made.visit([0])
    assert ((made.orders["coupon"] > 0) == (made.orders["units"] >= 2)).all()
    assert 500 < np.count_nonzero(made.orders["coupon"]) < 1_500


@pytest.mark.parametrize(("budget", "buys"), [(1000 - VALUE, True), (999 - VALUE, False)])
def test_the_budget_pays_what_the_coupon_leaves(budget, buys):
    made = shelf(rules(**CERTAIN), n=200)
    made.truth.consumers["budget_left"] = budget
    made.visit([0])
    assert len(made.orders) == 200 * buys
    assert (made.truth.consumers["budget_left"] == (0 if buys else budget)).all()


@given(
    price=st.integers(1, 1200), budget=st.integers(0, 5_000), stock=st.integers(1, 6), more=st.sampled_from([0.0, 0.8])
)
def test_nobody_spends_more_than_the_budget_whatever_coupon_stock_and_price(price, budget, stock, more):
    made = shelf(rules(**{**CERTAIN, "buy": {"base": 50, "more_units": more}}), price=price, n=3)
    made.truth.consumers["budget_left"] = budget
    made.truth.offers["available"] = stock
    made.visit([0, 1])
    left = made.truth.consumers["budget_left"]
    assert (left >= 0).all()
    paid = made.orders["price"] * made.orders["units"] - made.orders["coupon"]
    assert (paid > 0).all()
    assert int(left.sum() + paid.sum()) == 3 * budget


def test_the_order_is_put_down_to_the_coupon_else_to_the_advertisement_of_the_last_day():
    made = shelf(rules(**CERTAIN), n=900)
    people = made.truth.consumers
    people["touch"] = 1
    people["touched"] = np.where(np.arange(900) < 450, -DAY - 1, 0)
    people["coupon"][::3] = -1
    made.visit([0])
    orders = made.orders[np.argsort(made.orders["consumer"])]
    holds = np.arange(900) % 3 > 0
    recent = np.arange(900) >= 450
    assert orders["touch"].tolist() == np.where(holds, 0, np.where(recent, 1, -1)).tolist()


# -- wallets -----------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 50)), max_size=12))
def test_a_full_wallet_drops_the_coupon_that_expires_first(handed):
    person = consumer_rows(1, 1)
    expected: list[int] = []
    for content, until in handed:
        hand_out(person, np.zeros(1, np.int32), content, 0, until)
        expected = [*sorted(expected)[len(expected) == COUPON_PLACES :], until]
    held = person["coupon_until"][0][person["coupon"][0] >= 0]
    assert sorted(held.tolist()) == sorted(expected)


def test_a_used_or_expired_coupon_makes_room_before_one_that_can_be_used():
    person = consumer_rows(1, 1)
    person["coupon"][0], person["coupon_until"][0] = [7, -1, 8, 9], [40, 99, 60, 20]
    hand_out(person, np.zeros(1, np.int32), 5, 30, 90)  # the last has expired, the second is used
    hand_out(person, np.zeros(1, np.int32), 6, 30, 90)
    assert sorted(person["coupon"][0].tolist()) == [5, 6, 7, 8]


# -- paid visits -------------------------------------------------------------------------------------------------


def paid(made: Shelf, visits: int) -> Rows:
    """Return visits to offer 1 on the day of the shelf's own."""
    return visits_to_offers(
        made.truth.consumers, made.c, made.key, day=0, offer=np.array([1], np.int32), visits=np.array([visits]),
        hours=np.ones((1, 24)), hour_of_start=0.0,
    )  # fmt: skip


def test_a_paid_visit_begins_at_the_offers_details_as_after_a_click():
    made = Shelf([0.0, 0.0], rules(browsing={"next_page": 0.5}), n=50)
    made.paid = paid(made, 20_000)
    acts = made.visit([0])
    begun = which(acts, Act.CLICK, content=1, page=-1)
    carts = which(acts, Act.CART, content=1, page=-1)
    assert len(begun) == made.count(Counter.LANDINGS) == made.count(Counter.PAID_SESSIONS) == 20_000
    assert_binomial(len(carts), 20_000, 0.5)
    assert_binomial(len(made.orders[made.orders["content"] == 1]), len(carts), 0.5)
    assert made.count(Counter.CLICKS) == len(which(acts, Act.CLICK)) - 20_000
    feed = which(acts, Act.IMPRESSION, page=0)
    assert_binomial(len(np.unique(feed["session"][feed["session"] >= 50])), 20_000, 0.5)  # where it is asked for


def test_a_paid_visit_changes_nobodys_luck_not_even_of_the_same_consumer():
    """Where neither what was seen nor what was sold moves anybody, own visits are the same to the last act."""
    plain, advertised = (Shelf([0.0, 0.0], rules(), n=2_000) for _ in range(2))
    advertised.paid = paid(advertised, 3_000)
    before, after = plain.visit([0, 1]), advertised.visit([0, 1])
    own = after[after["session"] < 2_000]
    assert len(after) > len(own) + 3_000
    names = [name for name in before.dtype.names if name != "propensity"]
    assert all(before[name].tolist() == own[name].tolist() for name in names)
    theirs = advertised.orders[advertised.orders["number"] < PAID_NUMBERS]
    assert theirs["consumer"].tolist() == plain.orders["consumer"].tolist()
    assert theirs["units"].tolist() == plain.orders["units"].tolist()


def test_an_offer_that_is_sold_out_brings_nobody_and_costs_nothing():
    made = Shelf([0.0, 0.0], rules(**CERTAIN), n=10)
    made.truth.offers["available"] = 10**9, 25
    made.paid = paid(made, 300)
    made.visit([0])
    assert made.truth.contents["visits"].tolist() == [0, made.count(Counter.PAID_SESSIONS)]
    assert 25 <= made.count(Counter.PAID_SESSIONS) < 60
    assert made.truth.offers["available"][1] == 0
