"""A night of livestreams: crowds, and the lateness that comes after them."""

import pytest

from sim.processes.story import play
from sim.scenario.load import load
from sim.schema.clock import TICKS_PER_MINUTE
from sim.study.statistics import estimate
from tests.scenarios.arms import above, below, by_day, played

EVE = 8
"""The day of the festival's first livestream; the window begins on day 2."""
PLANNED = (92, 212, 213, 214, 215, 216)
"""Hours at which the scenario's own livestreams begin."""


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Return three replications, fixed seed; each difference is 7 or more standard errors from 0."""
    return played(tmp_path_factory.mktemp("festival"), "festival", [()], replications=3)[0]


@pytest.fixture(scope="module")
def replication():
    return play(load("festival").scenario, 0)


def test_lateness_clusters_after_the_festival(result):
    on_time = by_day(result, "on_time_rate")
    before, after = on_time[:, : EVE - 2].mean(axis=1), on_time[:, EVE - 2 : EVE + 2].mean(axis=1)
    assert above(estimate(before), 0.9)
    assert below(estimate(after - before), -0.2)


def test_two_days_sell_more_than_five_others(result):
    orders = by_day(result, "orders")
    others, night = orders[:, : EVE - 2].mean(axis=1) * 5, orders[:, EVE - 2 : EVE].sum(axis=1)
    assert above(estimate(night - others))


def test_flash_crowds_are_many_times_a_usual_livestreams(replication):
    shows = replication.tables["livestream"]
    planned = shows["began"].isin([hour * 60 * TICKS_PER_MINUTE for hour in PLANNED]) & shows["creator"].lt(6)
    assert planned.sum() == len(PLANNED)
    assert shows["peak"][planned].min() > 10 * shows["peak"][~planned].median()


def test_presold_goods_ship_when_they_have_come(replication):
    """Sold ahead for five days, ordered at the end, made in three days on the mean, and a day on their way."""
    orders, day = replication.world.orders.rows, 1440 * TICKS_PER_MINUTE
    offers = replication.world.truth.offers
    presold = (offers["sku"][orders["offer"]] < 3) & (orders["placed"] >= 3 * day) & (orders["placed"] < 8 * day)
    shipped = orders[presold & (orders["shipped"] >= 0)]
    waited = shipped[shipped["shipped"] > 8 * day]
    assert len(waited) > 10
    assert (waited["delivered"] <= waited["promised"]).mean() > 0.5
