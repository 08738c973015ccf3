"""Orders to brands, what came of them, and the bullwhip."""

import math

import numpy as np
import pytest

from tests.metrics.handmade import DAY, HORIZON, WARM_UP, by, overall, replication, table


def test_a_cycle_is_well_served_where_the_offer_never_ran_out():
    receipts = table(
        "receipt",
        *({"time": 2000 + i, "ran_out": ran_out} for i, ran_out in enumerate((0, 0, 1, 0))),
        {"time": WARM_UP - 1, "ran_out": 1},
        {"time": HORIZON, "ran_out": 1},
    )
    assert overall(replication(tables=receipts))["cycle_service_level"] == 3 / 4


def test_an_order_is_kept_where_all_its_units_came_by_the_agreed_time():
    late, early = 2000 + 6 * DAY, 2000 + 4 * DAY
    due = {"due": 2000 + 5 * DAY}
    purchases = table(
        "purchase",
        {"time": 2000, "key": 0, "units": 10} | due,
        {"time": 2000, "key": 1, "units": 10} | due,
        {"time": 2000, "key": 2, "units": 10} | due,
        {"time": 3000, "key": 0, "units": 10, "due": 99 * DAY},  # nobody knows yet
        {"time": WARM_UP - 1, "key": 0, "units": 10} | due,
    )
    receipts = table(
        "receipt",
        {"time": 2000 + 5 * DAY, "key": 0, "units": 10, "ordered": 2000} | due,
        {"time": late, "key": 1, "units": 10, "ordered": 2000} | due,
        {"time": early, "key": 2, "units": 4, "ordered": 2000} | due,  # in two parts, the second late
        {"time": late, "key": 2, "units": 6, "ordered": 2000} | due,
        {"time": early, "key": 0, "units": 10, "ordered": WARM_UP - 1} | due,
    )
    found = overall(replication(tables=purchases | receipts))
    assert found["supplier_otif"] == 1 / 3


def test_lead_times_are_minutes_of_the_orders_of_the_window_whenever_they_came():
    receipts = table(
        "receipt",
        {"time": 2000 + 100, "ordered": 2000},
        {"time": HORIZON + 300, "ordered": HORIZON - 1},
        {"time": 2000, "ordered": 100},
    )
    found = overall(replication(tables=receipts))
    waits = (100, 301)
    assert found["lead_time_mean"] == sum(waits) / 2
    assert found["lead_time_cv"] == pytest.approx(np.std(waits, ddof=1) / np.mean(waits))


def test_the_bullwhip_compares_the_variances_of_whole_days_per_echelon():
    days = [  # ends of days 0 to 4: the window is days 1 to 3
        {"time": DAY, "wanted": 99, "ordered": 99, "made": 99},
        {"time": 2 * DAY, "wanted": 4, "ordered": 0, "made": 6},
        {"time": 3 * DAY, "wanted": 5, "ordered": 15, "made": 6},
        {"time": 4 * DAY, "wanted": 6, "ordered": 0, "made": 3},
        {"time": 5 * DAY, "wanted": 99, "ordered": 99, "made": 99},
    ]
    made = replication(tables=table("demand_day", *days))
    wanted, ordered, built = (np.var([row[name] for row in days[1:4]]) for name in ("wanted", "ordered", "made"))
    assert overall(made)["bullwhip"] == pytest.approx(ordered / wanted)
    assert by(made, "echelon") == {
        ("bullwhip", "merchants"): pytest.approx(ordered / wanted),
        ("bullwhip", "brands"): pytest.approx(built / ordered),
    }


@pytest.mark.parametrize("days", [1, 3])
def test_steady_demand_or_a_single_day_has_no_bullwhip(days):
    rows = [{"time": (2 + i) * DAY, "wanted": 5, "ordered": i} for i in range(days)]
    assert math.isnan(overall(replication(tables=table("demand_day", *rows)))["bullwhip"])


def test_without_suppliers_everything_about_them_is_missing():
    found = overall(replication())
    names = ("cycle_service_level", "bullwhip", "supplier_otif", "lead_time_mean", "lead_time_cv")
    assert np.isnan([found[name] for name in names]).all()
