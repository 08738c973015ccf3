"""Who comes when: rates, hours, trust, and flash crowds.

Statistical tests have an error rate of 1 in 1,000 (two-sided) and a fixed seed.
"""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.behaviour.arrivals import FLASH_NUMBERS, count_followers, day_arrivals, flash_crowd
from sim.behaviour.coefficients import coefficients
from sim.scenario.scenario import Scenario
from sim.schema.clock import to_ticks
from sim.schema.kinds import Surface
from sim.world.state import FOLLOW_PLACES, Rows, consumer_rows
from sim.world.topics import TOPICS

DAY, HOUR = to_ticks(1440.0), to_ticks(60.0)
ERROR = 1e-3
KEY = 20261111
SHOPPING = np.array([0] * 8 + [2, 3, 4, 5, 4, 3, 2, 2, 2, 2, 3, 6, 8, 6, 2, 0], np.float64)[None]
RULES = Scenario(name="arrivals")
C = coefficients(RULES)


def people(n: int, rate: float = 1.0, trust: float = 0.7) -> Rows:
    """Return consumers who follow nobody and like nothing in particular."""
    rows = consumer_rows(n, len(TOPICS))
    rows["visit_rate"], rows["trust"] = rate, trust
    return rows


def visits(consumers: Rows, c: Rows = C, key: int = KEY, **changes: Any) -> Rows:
    """Return a day's arrivals; what is not said is as plain as can be."""
    plain: dict[str, Any] = {
        "day": 0,
        "factor": 1.0,
        "hours": np.ones((1, 24)),
        "surfaces": np.array([[1.0, 0.0, 0.0]]),
        "categories": np.zeros((1, len(TOPICS)), np.float32),
        "hour_of_start": 0.0,
    }
    return day_arrivals(consumers, c, key, **{**plain, **changes})


def crowd(consumers: Rows, c: Rows = C, **changes: Any) -> Rows:
    """Return who comes to the room of creator 0 at noon."""
    plain: dict[str, Any] = {"room": 0, "livestream": 1, "now": DAY // 2, "share": 0.3, "within": HOUR / 12, "crowd": 0}
    return flash_crowd(consumers, c, KEY, **{**plain, **changes})


def assert_poisson(count: int, mean: float) -> None:
    """Assert that a count lies between the quantiles of its Poisson distribution."""
    low, high = stats.poisson.ppf([ERROR / 2, 1 - ERROR / 2], mean)
    assert low <= count <= high


def assert_binomial(count: int, n: int, share: float) -> None:
    """Assert that a count lies between the quantiles of its binomial distribution."""
    low, high = stats.binom.ppf([ERROR / 2, 1 - ERROR / 2], n, share)
    assert low <= count <= high


def names(rows: Rows) -> set[tuple[int, int]]:
    """Return which visits of which consumers they are."""
    return set(zip(rows["consumer"].tolist(), rows["number"].tolist(), strict=True))


@pytest.mark.parametrize(("rate", "factor"), [(0.5, 1.0), (0.5, 3.0), (4.0, 1.0)])
def test_the_number_of_arrivals_is_poisson_at_the_rate(rate, factor):
    assert_poisson(len(visits(people(20_000, rate), factor=factor)), 20_000 * rate * factor)


def test_the_visits_of_each_consumer_are_poisson():
    rate = 1.3
    rows = visits(people(30_000, rate))
    each = np.bincount(np.bincount(rows["consumer"], minlength=30_000), minlength=7)
    seen = np.append(each[:6], each[6:].sum())
    expected = 30_000 * np.append(stats.poisson.pmf(range(6), rate), stats.poisson.sf(5, rate))
    assert stats.chisquare(seen, expected).pvalue > ERROR


def test_two_days_of_a_consumer_are_uncorrelated():
    consumers = people(30_000, 1.0)
    one, other = (np.bincount(visits(consumers, day=day)["consumer"], minlength=30_000) for day in (0, 1))
    assert abs(np.corrcoef(one, other)[0, 1]) < stats.norm.isf(ERROR / 2) / np.sqrt(30_000)


def test_each_segment_has_its_own_factor():
    consumers = people(20_000, 1.0)
    consumers["segment"] = np.arange(20_000) % 2
    rows = visits(consumers, factor=np.array([0.5, 2.0]), hours=np.ones((2, 24)), surfaces=np.ones((2, 3)))
    number = np.bincount(consumers["segment"][rows["consumer"]], minlength=2)
    assert_poisson(number[0], 5_000)
    assert_poisson(number[1], 20_000)


@pytest.mark.parametrize("hour_of_start", [0.0, 10.5])
def test_visits_follow_the_hours_of_the_clock(hour_of_start):
    rows = visits(people(20_000), hours=SHOPPING, hour_of_start=hour_of_start, day=3)
    assert rows["time"].min() >= 3 * DAY
    assert rows["time"].max() < 4 * DAY
    clock = (rows["time"] / HOUR + hour_of_start) % 24
    seen = np.bincount(clock.astype(int), minlength=24)
    open_ = SHOPPING[0] > 0
    assert seen[~open_].sum() == 0
    expected = len(rows) * SHOPPING[0] / SHOPPING.sum()
    assert stats.chisquare(seen[open_], expected[open_]).pvalue > ERROR


def test_within_an_hour_visits_are_spread_evenly():
    rows = visits(people(20_000), hours=SHOPPING)
    assert stats.kstest(rows["time"] / HOUR % 1, "uniform").pvalue > ERROR


def test_sessions_begin_on_surfaces_by_their_shares():
    rows = visits(people(20_000), surfaces=np.array([[0.7, 0.2, 0.1]]))
    seen = [np.count_nonzero(rows["surface"] == s) for s in (Surface.FEED, Surface.MALL, Surface.SEARCH)]
    assert stats.chisquare(seen, len(rows) * np.array([0.7, 0.2, 0.1])).pvalue > ERROR
    assert ((rows["query"] >= 0) == (rows["surface"] == Surface.SEARCH)).all()


def test_consumers_search_for_what_they_like():
    consumers = people(20_000)
    consumers["taste"][:, 0] = 1.0
    about = np.zeros((3, len(TOPICS)), np.float32)
    about[:, 0] = 1.0, 0.0, -1.0
    rows = visits(consumers, surfaces=np.array([[0.0, 0.0, 1.0]]), categories=about)
    seen = np.bincount(rows["query"], minlength=3)
    assert stats.chisquare(seen, len(rows) * np.exp([1, 0, -1]) / np.exp([1, 0, -1]).sum()).pvalue > ERROR


def test_whoever_lost_trust_comes_to_a_subset_of_the_same_visits():
    trusting, doubting = (visits(people(20_000, trust=trust)) for trust in (0.7, 0.4))
    assert names(doubting) < names(trusting)
    assert set(doubting.tolist()) < set(trusting.tolist())
    assert_binomial(len(doubting), len(trusting), np.exp(C["trust_activity"].item() * -0.3))


def test_full_trust_raises_visits():
    rows = visits(people(20_000, trust=1.0))
    assert names(rows) > names(visits(people(20_000, trust=0.7)))
    assert_poisson(len(rows), 20_000 * np.exp(C["trust_activity"].item() * 0.3))


def test_without_an_effect_of_trust_everybody_comes_alike():
    parts = {"behaviour": {"trust": {"activity": 0}}}
    c = coefficients(Scenario.model_validate({"name": "arrivals", **parts}))
    assert names(visits(people(5_000, trust=0.1), c)) == names(visits(people(5_000, trust=1.0), c))


def test_a_surge_adds_visits_and_moves_none():
    usual, surge = (visits(people(20_000), factor=factor) for factor in (1.0, 2.5))
    assert set(usual.tolist()) < set(surge.tolist())


def test_others_do_not_change_anybodys_visits():
    few, many = visits(people(500)), visits(people(5_000))
    assert few.tolist() == many[many["consumer"] < 500].tolist()


def test_arrivals_come_in_order_and_no_visit_twice():
    rows = visits(people(5_000, 3.0))
    assert (np.diff(rows["time"]) >= 0).all()
    tied = np.diff(rows["time"]) == 0
    assert (np.diff(rows["consumer"])[tied] >= 0).all()
    assert len(names(rows)) == len(rows)


@pytest.mark.parametrize("seconds", [1.0, 7.5, 3600.0])
def test_on_a_coarse_grid_arrivals_lie_on_the_grid_and_in_their_day(seconds):
    grid = to_ticks(seconds / 60)
    rows = visits(people(5_000), coefficients(RULES, grid=grid), day=2)
    assert (rows["time"] % grid == 0).all()
    assert rows["time"].min() >= 2 * DAY
    assert rows["time"].max() < 3 * DAY


def test_nobody_is_nobody():
    assert len(visits(people(0))) == 0
    assert len(crowd(people(0), crowd=10)) == 0


def test_a_rate_beyond_all_bounds_gives_as_many_visits_as_can_be_numbered():
    rows = visits(people(3, 1e6))
    assert np.bincount(rows["consumer"]).max() <= 63
    assert len(names(rows)) == len(rows)


# -- flash crowds ----------------------------------------------------------------------------------------------


def fans(n: int, of: int) -> Rows:
    """Return consumers of whom the first ``n`` follow creator 0 in some place, all the others creator 1."""
    rows = people(of)
    rows["follows"][:, 0] = 1
    rows["follows"][np.arange(n), np.arange(n) % FOLLOW_PLACES] = 0
    return rows


def test_followers_are_counted_once_each():
    rows = fans(300, 1000)
    rows["follows"][0] = 0
    assert count_followers(rows, 0) == 300
    assert count_followers(rows, 7) == 0


def test_a_share_of_the_followers_comes_and_nobody_else():
    rows = crowd(fans(8_000, 20_000))
    assert rows["consumer"].max() < 8_000
    assert_binomial(len(rows), 8_000, 0.3)
    assert (rows["surface"] == Surface.LIVE).all()
    assert (rows["room"] == 0).all()


def test_a_crowd_comes_from_those_who_do_not_follow():
    rows = crowd(fans(12_000, 20_000), share=0.0, crowd=2_000)
    assert rows["consumer"].min() >= 12_000
    assert_binomial(len(rows), 8_000, 0.25)


def test_a_crowd_larger_than_the_population_is_everybody():
    assert len(crowd(fans(10, 100), share=1.0, crowd=10_000)) == 100


def test_a_crowd_comes_within_minutes_exponentially():
    rows = crowd(people(20_000), share=0.0, crowd=20_000)
    delays = rows["time"] - DAY // 2
    assert delays.min() >= 1
    assert (np.diff(rows["time"]) >= 0).all()
    assert stats.kstest(delays, "expon", (0, HOUR / 12)).pvalue > ERROR


def test_a_crowd_has_its_own_luck_at_each_livestream():
    first, second = crowd(fans(20_000, 20_000)), crowd(fans(20_000, 20_000), livestream=2)
    both = len(set(first["consumer"].tolist()) & set(second["consumer"].tolist()))
    assert_binomial(both, 20_000, 0.09)
    assert (first["number"] == FLASH_NUMBERS + 1).all()
    assert (second["number"] == FLASH_NUMBERS + 2).all()


def test_more_notified_followers_are_the_same_and_some_more():
    few, many = (set(crowd(fans(5_000, 5_000), share=share).tolist()) for share in (0.1, 0.4))
    assert few < many


def test_a_crowd_on_a_coarse_grid_arrives_on_it_after_the_beginning():
    grid = to_ticks(7.5 / 60)
    rows = crowd(people(2_000), coefficients(RULES, grid=grid), share=0.0, crowd=2_000, now=DAY // 2 + 1)
    assert (rows["time"] % grid == 0).all()
    assert rows["time"].min() > DAY // 2
