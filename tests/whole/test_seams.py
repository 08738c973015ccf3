"""A policy of somebody else that fails in the middle of a run is contained: counted, shown, its fallback serves."""

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.metrics import kpis
from sim.schema.kinds import Surface
from tests.oracle.on_stage import differing
from tests.whole.lively import lively
from tests.whole.recount import broken

MODULE = "tests.whole.faulty"
AT = 2160.0
"""The minute of the fault: noon of the second day."""
TICKS = 65536
BROKEN = ["no_policy_of_the_house_is_at_fault"]
"""The only law that a foreign policy's fault breaks: it is no law about foreigners."""


def faulty(seam, name, **parameters):
    """Return the lively world with a policy that fails."""
    block = {"kind": f"{MODULE}:{name}", "with": parameters}
    return lively(trusted=(MODULE,), policies={seam: block}, serving={"impression_log": 1.0})


def shown_faults(replication, seam):
    """Return what the KPIs say of a seam: faults, and the share its fallback served."""
    found = kpis(replication)
    found = found[(found["dimension"] == "seam") & (found["key"] == seam)]
    return dict(zip(found["name"], found["value"], strict=True))


def test_a_foreign_module_is_not_imported_unless_it_is_trusted():
    with pytest.raises(ScenarioError, match="not trusted"):
        lively(policies={"inventory": {"kind": f"{MODULE}:Orders", "with": {}}})


@pytest.mark.parametrize("nonsense", [False, True])
def test_a_feed_that_fails_is_served_by_the_fallback_from_then_on(nonsense):
    replication = faulty("recommender", "Recommends", at=AT, nonsense=nonsense)
    counts = replication.faults.at("recommender")
    late = replication.slates["time"] >= AT * TICKS
    assert 0 < counts.served_by_fallback < counts.asked
    assert counts.first_error.startswith("malformed" if nonsense else "RuntimeError: no feed after minute 2160")
    assert counts.malformed == (counts.served_by_fallback if nonsense else 0)
    assert (counts.raised > 0) == (not nonsense)
    # pages outside rooms are all logged: those asked for from the fault on, batch mates aside, are the fallback's
    assert late.sum() <= counts.served_by_fallback <= late.sum() + 20
    assert broken(replication) == BROKEN


def test_pages_of_the_fallback_are_what_it_shows_everybody():
    """Popularity knows no consumer: first pages of the feed between two refits are alike, unlike those before."""
    slates = faulty("recommender", "Recommends", at=AT).slates
    first = slates[(slates["page"] == 0) & (slates["surface"] == Surface.FEED)]
    before = first[(first["time"] >= 1800 * TICKS) & (first["time"] < AT * TICKS)]
    after = first[(first["time"] >= (AT + 1) * TICKS) & (first["time"] < 2400 * TICKS)]
    assert len(np.unique(before["content"], axis=0)) == len(before) > 5
    assert len(np.unique(after["content"], axis=0)) <= 5 < len(after)


@pytest.mark.parametrize("nonsense", [False, True])
def test_a_buyer_who_fails_leaves_the_ordering_to_the_fallback(nonsense):
    """The fallback is ``none``: nothing is ordered from the fault on, and what was ordered before still comes."""
    replication = faulty("inventory", "Orders", at=AT, nonsense=nonsense)
    bought = replication.tables["purchase"]["time"].to_numpy()
    assert len(bought) > 0
    assert bought.max() < AT * TICKS
    assert len(replication.tables["receipt"]) == len(bought)
    assert shown_faults(replication, "inventory")["policy_faults"] > 0
    assert 0 < shown_faults(replication, "inventory")["fallback_share"] < 1
    assert broken(replication) == BROKEN


@pytest.mark.parametrize("nonsense", [False, True])
def test_vans_whose_planner_fails_drive_the_fallbacks_rounds(nonsense):
    """The fallback plans as the policy does where it can, so the world is the same as with the fallback alone."""
    replication = faulty("routing", "Routes", nonsense=nonsense)
    counts = replication.faults.at("routing")
    assert 0 < counts.served_by_fallback < counts.asked
    assert broken(replication) == BROKEN
    alone = lively(policies={"routing": {"kind": "nearest_neighbour"}}, serving={"impression_log": 1.0})
    assert differing(replication, alone) == []


def test_one_seams_fault_is_not_another_seams():
    replication = faulty("inventory", "Orders", at=AT)
    assert not any(counts.first_error for seam, counts in replication.faults.seams.items() if seam != "inventory")
