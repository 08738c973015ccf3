"""The consumers: heavy-tailed activity, tastes that match items as the behaviour expects, whom they follow."""

import numpy as np
import pytest
from scipy import stats

from sim.world.build import build_world
from sim.world.geography import metres_between
from sim.world.world import World
from tests.world.worlds import scenario


@pytest.fixture(scope="module")
def world() -> World:
    rules = scenario(population={"consumers": 20_000}, catalogue={"items": 2000}, creators={"count": 200})
    return build_world(rules, 0)


def test_activity_is_heavy_tailed_with_the_segments_mean(world):
    visits = world.truth.consumers["visit_rate"].astype(float)
    segment = world.truth.consumers["segment"]
    for s, rules in enumerate(world.scenario.population.segments):
        own = visits[segment == s]
        assert abs(own.mean() / rules.visits_per_day - 1) < 4.5 * np.sqrt((np.e - 1) / len(own))
    top = np.sort(visits)[::-1]
    assert top[:2000].sum() > 0.3 * top.sum()  # a tenth makes nearly two fifths of the visits


def test_log_activity_is_normal(world):
    """Kolmogorov-Smirnov at 0.001."""
    consumers = world.truth.consumers
    mean = np.array([s.visits_per_day for s in world.scenario.population.segments])[consumers["segment"]]
    logs = np.log(consumers["visit_rate"] / mean) + 0.5
    assert stats.kstest(logs, stats.norm(0, 1).cdf).pvalue > 0.001


def test_a_match_over_random_pairs_has_mean_zero_and_standard_deviation_one(world):
    """The behaviour's taste coefficients are per such a unit; the tolerance covers a draw of 2,000 items."""
    rng = np.random.default_rng(5)
    who, what = rng.integers(0, 20_000, 200_000), rng.integers(0, len(world.truth.offers), 200_000)
    match = np.einsum("nd,nd->n", world.truth.consumers["taste"][who], world.truth.offers["vector"][what])
    assert abs(match.mean()) < 0.05
    assert abs(match.std() - 1) < 0.05


def test_with_no_focus_everybody_likes_everything_alike():
    world = build_world(scenario(population={"consumers": 50, "taste_focus": 0}), 0)
    assert not world.truth.consumers["taste"].any()


def test_reach_is_pareto_and_the_first_creator_has_most(world):
    reach = world.cast.creator_reach
    assert np.all(np.diff(reach) <= 0)
    assert stats.kstest(reach, stats.pareto(1.6).cdf).pvalue > 0.001


def test_consumers_follow_the_famous_and_those_they_like(world):
    consumers = world.truth.consumers
    follows = consumers["follows"]
    assert abs((follows >= 0).sum(axis=1).mean() - 2.0) < 0.05
    fans = np.bincount(follows[follows >= 0], minlength=200)
    assert stats.spearmanr(fans, world.cast.creator_reach).statistic > 0.8
    row, place = np.nonzero(follows >= 0)
    topic = world.cast.creator_topic[follows[row, place]]
    liked = np.einsum("nd,nd->n", consumers["taste"][row], topic).mean()
    by_reach = fans @ world.cast.creator_topic / fans.sum()
    assert liked > (consumers["taste"].mean(axis=0) @ by_reach) + 0.3


def test_nobody_follows_a_creator_twice(world):
    follows = np.sort(world.truth.consumers["follows"], axis=1)
    assert not ((np.diff(follows, axis=1) == 0) & (follows[:, 1:] >= 0)).any()


def test_homes_lie_within_their_city(world):
    consumers = world.truth.consumers
    cities = world.scenario.network.cities
    centre = np.array([(city.latitude, city.longitude) for city in cities])[consumers["region"]].T
    radius = np.array([city.radius_km for city in cities])[consumers["region"]]
    metres = metres_between(consumers["latitude"], consumers["longitude"], *centre)
    assert np.all(metres <= 1001 * radius)
    shares = np.bincount(consumers["region"]) / len(consumers)
    assert np.abs(shares - np.array([3, 2, 2]) / 7).max() < 0.015  # four standard errors


def test_the_share_of_consumers_whose_impressions_are_logged_is_the_scenarios(world):
    assert abs(world.truth.consumers["logged"].mean() - 0.05) < 0.0065  # four standard errors
