"""Neighbourhoods rank real ratings as well as what well-known libraries fit to them."""

import pytest

from benchmarks import accuracy
from sim.policy.lookup import build

pytestmark = pytest.mark.skipif(not accuracy.RATINGS.exists(), reason="the ratings are not on this machine")


def ndcg(label):
    kind, parameters = accuracy.POLICIES[label]
    return accuracy.evaluate(build("recommender", kind, parameters))["ndcg"]


@pytest.mark.parametrize("label", ["item_knn", "user_knn"])
def test_neighbourhoods_reach_98_percent_of_the_references(label):
    references = accuracy.references()
    assert ndcg(label) >= 0.98 * max(found["ndcg"] for found in references.values())
