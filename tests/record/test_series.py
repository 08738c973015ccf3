"""Day by day, hour by hour: each series on a replication small enough to count by hand."""

import math

import pandas as pd
import pytest

from sim.record.series import WHOLE_DAY, series
from sim.world.orders import Status
from tests.record.handmade import replication


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return series(replication())


def daily(frame: pd.DataFrame, name: str) -> dict[int, float]:
    rows = frame[(frame["name"] == name) & (frame["hour"] == WHOLE_DAY)]
    return dict(zip(rows["day"].tolist(), rows["value"].tolist(), strict=True))


def test_sessions_of_both_cohorts_and_all_surfaces_are_summed_by_day(found):
    assert daily(found, "sessions") == {0: 5.0, 1: 6.0}
    assert daily(found, "active_consumers") == {0: 3.0, 1: 3.0}


def test_orders_are_counted_in_the_hour_they_are_placed(found):
    hours = found[(found["name"] == "gmv") & (found["value"] > 0)]
    assert list(hours[["day", "hour", "value"]].itertuples(index=False, name=None)) == [
        (0, 1, 10.0),
        (0, 2, 16.0),
        (1, 0, 30.0),
    ]
    assert found[found["name"] == "orders"]["value"].sum() == 3
    assert len(found[found["name"] == "orders"]) == 48


def test_deliveries_count_on_their_day_and_orders_stay_open_until_then(found):
    assert daily(found, "shipped") == {0: 2.0, 1: 0.0, 2: 0.0}
    assert daily(found, "delivered") == {0: 0.0, 1: 2.0, 2: 0.0}
    assert daily(found, "returned") == {0: 0.0, 1: 0.0, 2: 1.0}
    assert daily(found, "open_orders") == {0: 2.0, 1: 1.0, 2: 1.0}


def test_a_rate_without_deliveries_has_no_row(found):
    assert daily(found, "on_time_rate") == {1: 0.5}


def test_stock_of_all_nodes_is_summed_on_the_day_that_ended(found):
    assert daily(found, "stock_value") == {0: 80.0, 1: 60.0}
    assert daily(found, "units_on_hand") == {0: 24.0, 1: 24.0}
    assert daily(found, "bare_share") == {0: 1 / 3, 1: 1 / 3}
    assert daily(found, "units_wanted") == {0: 4.0, 1: 8.0}


def test_the_peak_is_of_all_rooms_together(found):
    assert daily(found, "viewers_peak") == {0: 9.0}


def test_a_world_without_orders_or_rows_has_series_without_rows():
    bare = replication()
    bare.world.orders.__init__()
    empty = {kind: frame.iloc[:0] for kind, frame in bare.tables.items()}
    frame = series(type(bare)(**{n: getattr(bare, n) for n in bare.__dataclass_fields__} | {"tables": empty}))
    assert set(frame["name"]) == {
        "sessions", "pages", "impressions", "oos_impressions", "clicks", "carts", "stockouts", "lost_units",
        "active_consumers",
    }  # fmt: skip
    assert not frame["value"].map(math.isnan).any()
    assert [str(frame[name].dtype) for name in ("day", "hour", "value")] == ["int32", "int8", "float64"]


def test_an_order_that_lapsed_is_open_until_it_did():
    made = replication()
    rows = made.world.orders.rows
    rows["status"][2], rows["ended"][2] = Status.LAPSED, rows["placed"][2] + 1
    assert daily(series(made), "open_orders") == {0: 2.0, 1: 0.0, 2: 0.0}
