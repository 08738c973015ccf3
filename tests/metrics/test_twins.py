"""What only a twin tells."""

import pandas as pd
import pytest

from sim.metrics.twins import REFERENCES, against_twins


def kpis(net, alike, by_day=()):
    """Return the KPIs of replications: net gmv and likeness of each, and the likeness by day of each."""
    rows = [(number, "gmv_net", "", "", value) for number, value in enumerate(net)]
    rows += [(number, "gmv_net", "day", "1", value / 2) for number, value in enumerate(net)]
    rows += [(number, "similarity_nearest", "", "", value) for number, value in enumerate(alike)]
    rows += [
        (number, "similarity_nearest", "day", str(day), value)
        for number, own in enumerate(by_day)
        for day, value in enumerate(own)
    ]
    return pd.DataFrame(rows, columns=["replication", "name", "dimension", "key", "value"])


OWN = kpis([150, 180], [0.3, 0.5], [(0.1, 0.3), (0.2, 0.5)])
RANDOM = kpis([100, 80], [0.2, 0.1], [(0.1, 0.2), (0.1, 0.1)])
ORACLE = kpis([300, 280], [0.4, 0.4], [(0.4, 0.4), (0.4, 0.4)])
TWINS = {"random": RANDOM, "oracle": ORACLE}


def value(found, name, dimension="", key=""):
    """Return a KPI's values in order of the replications."""
    rows = found[(found["name"] == name) & (found["dimension"] == dimension) & (found["key"] == key)]
    return rows.sort_values("replication")["value"].tolist()


def test_regret_is_what_is_missing_of_the_way_from_chance_to_the_oracle():
    found = against_twins(OWN, TWINS)
    assert value(found, "regret_vs_oracle") == pytest.approx([1 - 50 / 200, 1 - 100 / 200])


def test_chance_regrets_all_and_the_oracle_nothing():
    assert value(against_twins(RANDOM, TWINS), "regret_vs_oracle") == [1, 1]
    assert value(against_twins(ORACLE, TWINS), "regret_vs_oracle") == [0, 0]


def test_homogenisation_is_how_much_more_alike_consumers_are_than_in_the_twin_by_day_too():
    found = against_twins(OWN, TWINS)
    assert value(found, "homogenisation") == pytest.approx([0.1, 0.4])
    assert value(found, "homogenisation", "day", "0") == pytest.approx([0, 0.1])
    assert value(found, "homogenisation", "day", "1") == pytest.approx([0.1, 0.4])


def test_a_world_makes_nobody_more_alike_than_itself():
    assert value(against_twins(RANDOM, TWINS), "homogenisation") == [0, 0]


def test_what_is_missing_in_a_twin_is_missing():
    found = against_twins(OWN, TWINS | {"random": kpis([100, 80], [float("nan"), 0.1], [(0.1,), (0.1,)])})
    assert pd.isna(value(found, "homogenisation")).tolist() == [True, False]
    same = {"random": RANDOM, "oracle": RANDOM}  # nothing to gain: no way to be part of
    assert pd.isna(value(against_twins(OWN, same), "regret_vs_oracle")).all()


def test_the_twins_are_named():
    assert set(TWINS) == set(REFERENCES)
