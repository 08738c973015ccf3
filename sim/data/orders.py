"""Order lines in one form, whether they really were or were simulated, so that the same facts are taken of both.

Columns: ``placed``, ``shipped`` (handed to the carrier or a van), ``delivered``, ``promised`` (local times, NaT where
it did not happen), ``price`` (currency units), ``km`` (great circle from where it is sent to the home, NaN = unknown),
``stars`` (1 to 5, NaN = not rated), ``merchant`` (None = unknown).
"""

from collections.abc import Iterable
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.world.geography import metres_between
from sim.world.inputs import input_of
from sim.world.table import Table, open_table
from sim.world.table_times import every_microsecond, microseconds

Float = NDArray[np.float64]

NEEDS = ("placed", "price")
HOME, SELLER = ("home_latitude", "home_longitude"), ("seller_latitude", "seller_longitude")
TIMES = ("shipped", "delivered", "promised")
MAY = (*TIMES, "stars", "merchant", *HOME, *SELLER)
DEAREST = 1e9
MICROSECONDS_PER_MINUTE = 60_000_000


def real_orders(scenario: Scenario) -> pd.DataFrame:
    """Return the real order lines that the scenario's ``real`` names.

    Raises
    ------
    ScenarioError
        Where the table is none, a column is missing or of the wrong type, or nothing is in it.
    """
    assert scenario.real is not None
    source = input_of(scenario, "real", scenario.real)
    assert source is not None  # the model refuses real orders without a table
    table = open_table(source, NEEDS, MAY)
    merchant = table.names("merchant")
    named = None if merchant is None else np.array([*merchant.known, None], object)[merchant.code]
    return pd.DataFrame(
        {
            "placed": every_microsecond(table, "placed").view("M8[us]"),
            **{name: _times(table, name) for name in TIMES},
            "price": table.numbers("price", 0.0, DEAREST),
            "km": _km(table),
            "stars": _numbers(table, "stars", 1.0, 5.0),
            "merchant": named,
        }
    )


def simulated_orders(orders: Iterable[pd.DataFrame], scenario: Scenario) -> pd.DataFrame:
    """Return the order lines placed in [warm-up, horizon), of all replications together.

    Parameters
    ----------
    orders : iterable of DataFrame
        A replication's orders each, as `sim.record.order_table` lays them out.
    """
    rows = pd.concat([_counted(frame, scenario) for frame in orders], ignore_index=True)
    return pd.DataFrame(
        {
            **{name: _instants(_floats(rows[name]), scenario.start) for name in ("placed", *TIMES)},
            "price": _floats(rows["price"]) / 100,
            "km": np.where(rows["consumer_id"].isna(), np.nan, _floats(rows["distance"]) / 1000),
            "stars": _floats(rows["stars"]),
            "merchant": rows["merchant"],
        }
    )


def counted_window(scenario: Scenario) -> tuple[np.datetime64, np.datetime64]:
    """Return from when until when orders are counted, local time."""
    begins, ends = _instants(np.array([scenario.warm_up, scenario.horizon]), scenario.start)
    return begins, ends


def _counted(frame: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    columns = ["placed", *TIMES, "price", "distance", "consumer_id", "stars", "merchant"]
    counted = (frame["placed"] >= scenario.warm_up) & (frame["placed"] < scenario.horizon)
    return frame.loc[counted, columns].astype({"merchant": object})


def _instants(minutes: Float, start: datetime) -> NDArray[np.datetime64]:
    """Return minutes since the start as local times; NaN becomes NaT."""
    never = np.isnan(minutes)
    since = np.rint(np.where(never, 0.0, minutes) * MICROSECONDS_PER_MINUTE).astype("m8[us]")
    return np.where(never, np.datetime64("NaT", "us"), np.datetime64(start, "us") + since)


def _floats(column: "pd.Series[float]") -> Float:
    return np.asarray(column.to_numpy(np.float64, na_value=np.nan))


def _times(table: Table, name: str) -> NDArray[np.datetime64]:
    if name not in table.its:
        return np.full(len(table), np.datetime64("NaT", "us"))
    return microseconds(table, name).view("M8[us]")  # what is missing is NaT's own number


def _numbers(table: Table, name: str, low: float, high: float) -> Float:
    found = table.numbers(name, low, high)
    return np.full(len(table), np.nan) if found is None else found


def _km(table: Table) -> Float:
    (a, b), (c, d) = (
        (_numbers(table, latitude, -90.0, 90.0), _numbers(table, longitude, -180.0, 180.0))
        for latitude, longitude in (SELLER, HOME)
    )
    return metres_between(a, b, c, d) / 1000
