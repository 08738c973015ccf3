"""What composed recommenders do to a world: paired over the same replications, seeds fixed."""

from functools import cache

import numpy as np
import pytest

from sim.processes.story import play
from sim.scenario.load import load
from sim.schema.kinds import Act, Surface
from sim.study.statistics import estimate
from tests.scenarios.arms import above, below, gain, played

SMALL = (
    "horizon=5 days", "warm_up=1 day", "population.consumers=1500", "catalogue.items=200", "serving.impression_log=1.0",
)  # fmt: skip
KNN = "policies.recommender.kind=item_knn"
POPULAR = "policies.recommender.kind=popularity"
KNOWN = 3
"""Clicks, carts and orders from which on a consumer is no longer new."""


@pytest.fixture(scope="module")
def shock(tmp_path_factory):
    """Return a star's show with popularity alone, and re-ranked by stock; five replications."""
    aware = ("policies.recommender.kind=stock_aware", "policies.recommender.with.base=popularity")
    arms = [("horizon=7 days", *sets) for sets in ((POPULAR,), aware)]
    return played(tmp_path_factory.mktemp("shock"), "creator_shock", arms, replications=5)


def test_stock_aware_shows_less_of_what_is_sold_out_and_loses_fewer_sales(shock):
    """Both differences are 6 standard errors or more."""
    alone, aware = shock
    assert below(gain(alone, aware, "oos_impression_rate"), -0.2)
    assert below(gain(alone, aware, "lost_sales_units"))


def test_stock_aware_loses_no_net_sales(shock):
    """The 95 % interval does not reach below a loss of two per cent."""
    alone, aware = shock
    assert above(gain(alone, aware, "gmv_net"), -0.02 * alone.kpis["gmv_net"].mean())


@cache
def acts_of(sets, replication=0):
    return play(load("quickstart", sets=(*SMALL, *sets)).scenario, replication).acts


def clicks_of_new_consumers(sets, replication):
    """Return clicks per look, outside rooms, in sessions whose consumer was unknown when they began."""
    acts = acts_of(sets, replication)
    acts = acts[acts["session"] >= 0]
    doing = np.isin(acts["act"], (Act.CLICK, Act.CART, Act.ORDER))
    sessions, first = np.unique(acts["session"], return_index=True)
    before = np.zeros(len(acts), np.int64)  # of each row, what its consumer had done
    for consumer in np.unique(acts["consumer"]):
        own = acts["consumer"] == consumer
        before[own] = np.cumsum(doing[own]) - doing[own]
    new = sessions[before[first] < KNOWN]
    rows = acts[np.isin(acts["session"], new) & np.isin(acts["surface"], (Surface.FEED, Surface.MALL, Surface.SEARCH))]
    return (rows["act"] == Act.CLICK).sum() / (rows["act"] == Act.IMPRESSION).sum()


HYBRID = ("policies.recommender.kind=hybrid",)


@pytest.mark.parametrize("part", [(KNN,), (POPULAR,)], ids=["item_knn", "popularity"])
def test_a_switching_hybrid_is_no_worse_than_its_parts_for_new_consumers(part):
    """The 95 % interval over four replications does not reach below a loss of five per cent."""
    pairs = [(clicks_of_new_consumers(HYBRID, n), clicks_of_new_consumers(part, n)) for n in range(4)]
    hybrid, alone = np.array(pairs).T
    assert above(estimate(hybrid - alone), -0.05 * alone.mean())


def test_a_shadow_changes_nothing_in_the_world():
    shadow = (
        "policies.recommender.kind=shadow",
        "policies.recommender.with={live: random, candidate: {kind: item_knn}}",
    )
    alone = ("policies.recommender.kind=random",)
    assert acts_of(shadow).tobytes() == acts_of(alone).tobytes()
