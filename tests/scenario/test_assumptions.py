"""How much of a scenario rests on assumptions is counted, not hidden."""

from sim.scenario.assumptions import assumptions, by_evidence
from sim.scenario.scenario import Scenario


def test_every_number_is_listed_by_its_key():
    found = {one.key: one for one in assumptions(Scenario(name="x"))}
    assert found["behaviour.browsing.attention"].evidence == "measured"
    assert found["catalogue.categories.0.return_rate"].value == 0.25
    assert (found["population.opening_trust"].low, found["population.opening_trust"].high) == (0.3, 1.0)
    assert "network.warehouses.1.pick_seconds" in found


def test_a_bare_number_is_the_scenarios_own_assumption():
    scenario = Scenario.model_validate({"name": "x", "behaviour": {"browsing": {"attention": 0.5}}})
    (one,) = (one for one in assumptions(scenario) if one.key == "behaviour.browsing.attention")
    assert (one.value, one.evidence, one.source) == (0.5, "assumed", "the scenario")


def test_the_count_by_evidence_is_of_all_numbers():
    scenario = Scenario(name="x")
    assert sum(by_evidence(scenario).values()) == len(assumptions(scenario))
    assert set(by_evidence(scenario)) == {"measured", "published", "assumed"}
