"""How the recommender answered."""

import math

import pytest

from sim.policy.faults import Faults, SeamFaults
from tests.metrics.handmade import by, overall, replication


def made(**counts):
    return replication(faults=Faults({"recommender": SeamFaults(**counts), "routing": SeamFaults(asked=5, raised=9)}))


def test_what_went_wrong_with_the_recommender_is_counted_apart_from_other_seams():
    found = overall(made(asked=100, raised=1, late=2, malformed=3, served_by_fallback=20))
    assert found["recommender_errors"] == 1
    assert found["recommender_timeouts"] == 2
    assert found["recommender_malformed"] == 3
    assert found["recommender_fallback_share"] == 20 / 100


def test_latency_is_told_by_its_percentiles_over_the_calls():
    found = overall(made(asked=100, latency=[float(ms) for ms in range(101)]))
    assert found["recommender_latency_p50"] == pytest.approx(50)
    assert found["recommender_latency_p95"] == pytest.approx(95)
    assert found["recommender_latency_p99"] == pytest.approx(99)


def test_where_no_service_was_asked_nothing_is_told_of_it():
    found = overall(replication())
    for name in ("recommender_latency_p50", "recommender_latency_p95", "recommender_latency_p99"):
        assert math.isnan(found[name])
    assert math.isnan(found["recommender_fallback_share"])


def test_faults_are_told_by_kind_where_the_recommender_tells_kinds_apart():
    found = by(made(asked=100, kinds={"unknown_id": 4, "timeout": 2}), "kind")
    assert found == {("recommender_faults", "timeout"): 2, ("recommender_faults", "unknown_id"): 4}


def test_what_the_recommender_counts_of_itself_is_told_by_name():
    found = by(made(asked=100, told={"pages": 100, "places_alike": 30}), "count")
    assert found == {("recommender_told", "pages"): 100, ("recommender_told", "places_alike"): 30}
