"""What happened in the rooms."""

import math

from tests.metrics.handmade import HORIZON, WARM_UP, by, overall, replication, table

SHOWS = table(
    "livestream",
    {"began": WARM_UP - 1, "time": 2000, "creator": 0, "peak": 999, "entries": 999, "watched": 999, "sold": 999},
    {"began": 2000, "time": 2060, "creator": 0, "peak": 30, "entries": 80, "watched": 120, "sold": 6, "allotted": 8,
     "revenue": 6_000, "followers_gained": 2},
    {"began": 3000, "time": 3060, "creator": 1, "peak": 10, "entries": 20, "watched": 40, "sold": 1, "allotted": 4,
     "revenue": 1_000, "followers_gained": 1},
    {"began": HORIZON - 1, "time": HORIZON + 60, "creator": 1, "peak": 5, "entries": 10, "watched": 5},
)  # fmt: skip


def test_livestreams_that_began_in_the_window_are_counted_to_their_end():
    found = overall(replication(tables=SHOWS))
    assert found["livestreams"] == 3
    assert found["peak_concurrency"] == 30
    assert found["watch_minutes"] == 120 + 40 + 5
    assert found["gpm"] == 1000 * (60.00 + 10.00) / (80 + 20 + 10)
    assert found["sell_through"] == (6 + 1) / (8 + 4)
    assert found["followers_gained"] == 2 + 1


def test_each_creator_and_each_livestream_has_its_own():
    made = replication(tables=SHOWS)
    creators, shows = by(made, "creator"), by(made, "livestream")
    assert creators["watch_minutes", "novice"] == 40 + 5
    assert creators["gpm", "star"] == 1000 * 60 / 80
    assert shows["sell_through", "novice at minute 3000"] == 1 / 4
    assert math.isnan(shows["sell_through", f"novice at minute {HORIZON - 1:g}"])
    assert shows["peak_concurrency", "star at minute 2000"] == 30


def test_without_livestreams_there_is_no_peak():
    found = overall(replication())
    assert found["livestreams"] == found["watch_minutes"] == found["followers_gained"] == 0
    assert math.isnan(found["peak_concurrency"])
    assert math.isnan(found["gpm"])
    assert math.isnan(found["sell_through"])
