"""What a replication did day by day and hour by hour, for plots: warm-up, horizon and drain alike."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.record.replication import Replication
from sim.schema.clock import TICKS_PER_MINUTE
from sim.schema.counters import Counter
from sim.world.state import Rows

WHOLE_DAY = -1
"""In the column ``hour`` of a value that belongs to a whole day."""
TICKS_PER_HOUR = 60 * TICKS_PER_MINUTE
HOURS = 24
CENTS = 100
_COUNTED = (
    Counter.SESSIONS,
    Counter.PAGES,
    Counter.IMPRESSIONS,
    Counter.OOS_IMPRESSIONS,
    Counter.CLICKS,
    Counter.CARTS,
    Counter.STOCKOUTS,
    Counter.LOST_UNITS,
)
Values = NDArray[np.float64]
Long = NDArray[np.int64]


def series(replication: Replication) -> pd.DataFrame:
    """Return the time series in long form.

    Returns
    -------
    DataFrame
        ``day`` (since the start), ``hour`` (0 to 23, `WHOLE_DAY` for values of a day), ``name``, ``value``.

        By the session's first day: sessions, pages, impressions, oos_impressions, clicks, carts, stockouts,
        lost_units.  By the hour an order was placed: orders, units, gmv (currency units).  By their own instants:
        shipped, delivered, returned, and the on_time_rate of what was delivered.  At the day's end: open_orders
        (neither delivered nor ended), units_on_hand, units_on_order, backorders, bare_share (of ledger keys).  Over
        the day: stock_value (currency units), active_consumers, units_wanted, units_ordered, units_made,
        viewers_peak.  A day without a value has no row.
    """
    rows = replication.world.orders.rows
    parts = [
        *_sessions(replication),
        *_orders_by_hour(rows),
        *_steps(rows),
        *_stock(replication.tables["stock_day"]),
        *_demand(replication.tables["demand_day"]),
        *_viewers(replication.tables["room_minute"]),
    ]
    return pd.concat(parts, ignore_index=True)


def _rows(name: str, values: Values, hourly: bool = False) -> pd.DataFrame:
    """Return one series; ``values`` begin with the first day or hour, NaN = no value."""
    place = np.flatnonzero(~np.isnan(values))
    day, hour = np.divmod(place, HOURS) if hourly else (place, np.full(len(place), WHOLE_DAY))
    return pd.DataFrame(
        {"day": day.astype(np.int32), "hour": hour.astype(np.int8), "name": name, "value": values[place]}
    )


def _sessions(replication: Replication) -> list[pd.DataFrame]:
    counted = replication.daily.sum(axis=(0, 2))
    days = len(counted)
    bits = np.unpackbits(replication.active, axis=1, bitorder="little", count=days)
    active = bits.sum(axis=0, dtype=np.int64)
    parts = [_rows(counter.name.lower(), counted[:, counter].astype(float)) for counter in _COUNTED]
    return [*parts, _rows("active_consumers", active.astype(float))]


def _orders_by_hour(rows: Rows) -> list[pd.DataFrame]:
    hour = rows["placed"] // TICKS_PER_HOUR
    units = rows["units"].astype(float)
    weights = {"orders": None, "units": units, "gmv": rows["price"] * units / CENTS}
    hours = -(-int(hour.max(initial=-1) + 1) // HOURS) * HOURS
    return [
        _rows(name, np.bincount(hour, weight, minlength=hours).astype(float), hourly=True)
        for name, weight in weights.items()
    ]


def _steps(rows: Rows) -> list[pd.DataFrame]:
    """Return what was shipped, delivered and returned by day, how much of it on time, and what stayed open."""
    day = {step: _days(rows[step]) for step in ("placed", "shipped", "delivered", "returned")}
    day["closed"] = _days(np.where(rows["delivered"] >= 0, rows["delivered"], rows["ended"]))
    days = 1 + max((int(d.max()) for d in day.values() if len(d)), default=-1)
    count = {step: np.bincount(d, minlength=days).astype(float) for step, d in day.items()}
    arrived = rows[rows["delivered"] >= 0]
    on_time = np.bincount(day["delivered"], arrived["delivered"] <= arrived["promised"], minlength=days)
    with np.errstate(invalid="ignore"):
        rate = on_time / count["delivered"]
    return [
        *(_rows(step, count[step]) for step in ("shipped", "delivered", "returned")),
        _rows("on_time_rate", rate),
        _rows("open_orders", np.cumsum(count["placed"] - count["closed"])),
    ]


def _days(instants: Long) -> Long:
    days: Long = instants[instants >= 0] // (HOURS * TICKS_PER_HOUR)
    return days


def _stock(table: pd.DataFrame) -> list[pd.DataFrame]:
    day = _day_before(table)
    sums = {name: _summed(day, table[name]) for name in ("value", "on_hand", "on_order", "backorders", "bare", "keys")}
    with np.errstate(invalid="ignore"):
        bare_share = sums["bare"] / sums["keys"]
    return [
        _rows("stock_value", sums["value"] / CENTS),
        _rows("units_on_hand", sums["on_hand"]),
        _rows("units_on_order", sums["on_order"]),
        _rows("backorders", sums["backorders"]),
        _rows("bare_share", bare_share),
    ]


def _demand(table: pd.DataFrame) -> list[pd.DataFrame]:
    day = _day_before(table)
    return [_rows(f"units_{name}", _summed(day, table[name])) for name in ("wanted", "ordered", "made")]


def _viewers(table: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the most viewers at once in all rooms together, by day."""
    at_once = table.groupby("time")["viewers"].sum()
    day = at_once.index.to_numpy(np.int64) // (HOURS * TICKS_PER_HOUR)
    peak = np.full(day.max(initial=-1) + 1, np.nan)
    np.fmax.at(peak, day, at_once.to_numpy(float))
    return [_rows("viewers_peak", peak)]


def _day_before(table: pd.DataFrame) -> Long:
    """Return the day that ended at each row's time."""
    day: Long = table["time"].to_numpy(np.int64) // (HOURS * TICKS_PER_HOUR) - 1
    return day


def _summed(day: Long, values: "pd.Series[int]") -> Values:
    """Return sums by day; NaN for a day without rows."""
    days = int(day.max(initial=-1)) + 1
    sums = np.bincount(day, values.to_numpy(float), minlength=days)
    return np.where(np.bincount(day, minlength=days) > 0, sums, np.nan)
