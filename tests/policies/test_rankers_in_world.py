"""What learned rankers do to a world: paired over the same replications, seeds fixed."""

import pytest

from tests.scenarios.arms import above, gain, played

WORLD = (
    "horizon=6 days", "warm_up=2 days", "population.consumers=1000", "catalogue.items=300", "creators.count=8",
    "stock.amount=60", "serving.impression_log=0.5", "policies.routing.kind=nearest_neighbour",
)  # fmt: skip
ARMS = [(*WORLD, f"policies.recommender.kind={kind}") for kind in ("popularity", "neural_ranker")]


@pytest.fixture(scope="module")
def arms(tmp_path_factory):
    """Return popularity and neural_ranker; three replications."""
    return played(tmp_path_factory.mktemp("rankers"), "quickstart", ARMS, replications=3)


def test_a_neural_ranker_sells_more_than_popularity_where_tastes_are_strong(arms):
    """The 95 % interval does not reach below a gain of a quarter."""
    popularity, neural = arms
    assert above(gain(popularity, neural, "gmv_net"), 0.25 * popularity.kpis["gmv_net"].mean())
