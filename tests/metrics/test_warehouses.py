"""Queues and stations."""

import math

from tests.metrics.handmade import (
    DAY,
    HORIZON,
    called_off,
    make_world,
    order,
    overall,
    replication,
    scenario,
    snapshot,
    table,
)


def test_a_line_waits_from_its_wave_to_the_tote():
    waves = table("wave", *({"time": 2000 + 30 * i, "node": node} for i in range(4) for node in (0, 1)))
    lines = [
        order(1990, node=0, allocated=1999, picked=2004),  # with the wave of 2000
        order(1990, node=0, allocated=2000, picked=2036),  # what comes at a wave's instant goes with the next
        order(1990, node=1, allocated=2010, picked=2045),
        order(1990, node=0, allocated=2095, picked=2200),  # no wave any more: it was no station that picked it
        called_off(1990),
    ]
    found = overall(replication(lines, tables=waves))
    assert found["pick_queue_wait_mean"] == (4 + 6 + 15) / 3
    assert found["pick_queue_wait_p95"] == 6 + 0.9 * (15 - 6)


def test_packing_waits_and_working_time_are_those_of_the_window():
    packed = table(
        "packing",
        {"time": 2000, "waited": 10, "took": 60},
        {"time": 2100, "waited": 20, "took": 120},
        {"time": HORIZON, "waited": 999, "took": 999},
    )
    found = overall(replication(tables=packed))
    assert found["pack_queue_wait_mean"] == (10 + 20) / 2
    assert found["pack_queue_wait_p95"] == 10 + 0.95 * 10
    # Three days; two stations open ten hours, one around the clock.
    assert found["station_utilisation"] == 180 / (3 * (2 * 600 + 1 * 1440))


def test_opening_time_is_counted_by_the_clock_wherever_the_window_begins():
    rules = scenario(start="2026-11-01T17:00", warm_up="30 min", horizon="1 day")
    packed = table("packing", {"time": 100, "took": 15})
    found = overall(replication(world=make_world(rules), tables=packed, opening=snapshot(30), closing=snapshot(DAY)))
    # From 17:30 to 17:00 the next day: half an hour until closing at 18:00, and 8:00 to 17:00.
    assert found["station_utilisation"] == 15 / (2 * (30 + 9 * 60) + 1 * (DAY - 30))


def test_without_warehouses_there_is_nothing_to_wait_for():
    found = overall(replication(world=make_world(scenario(network={"warehouses": []}))))
    for name in ("pick_queue_wait_mean", "pick_queue_wait_p95", "pack_queue_wait_mean", "station_utilisation"):
        assert math.isnan(found[name])
