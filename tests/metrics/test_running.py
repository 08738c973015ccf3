"""How the run went."""

import math

from sim.policy.faults import Faults, SeamFaults
from tests.metrics.handmade import by, overall, replication


def test_faults_and_fallbacks_are_counted_over_the_seams_and_seam_by_seam():
    recommender = SeamFaults(asked=100, raised=1, late=2, malformed=3, served_by_fallback=20)
    faults = Faults({"recommender": recommender, "routing": SeamFaults(asked=60, malformed=4, served_by_fallback=4)})
    made = replication(faults=faults, laws_checked=12, simpy_events=345)
    found = overall(made)
    assert found["policy_faults"] == 1 + 2 + 3 + 4
    assert found["fallback_share"] == (20 + 4) / (100 + 60)
    assert (found["laws_checked"], found["laws_broken"], found["simpy_events"]) == (12, 0, 345)
    seams = by(made, "seam")
    assert seams["policy_faults", "routing"] == 4
    assert seams["fallback_share", "recommender"] == 20 / 100


def test_counting_leaves_the_replication_as_it_was():
    made = replication()
    overall(made)
    assert made.faults.seams == {}


def test_a_seam_that_was_never_asked_has_no_share_of_fallbacks():
    found = overall(replication())
    assert math.isnan(found["fallback_share"])
