"""A table of demand, an item and a date a row, as a panel to forecast from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.study.demand_panel import DemandPanel
from sim.world.inputs import Input
from sim.world.table import Names, Table, open_table
from sim.world.table_times import every_microsecond

Float = NDArray[np.float64]
Long = NDArray[np.int64]

NEEDS = ("item", "date", "units")
MAY = ("views", "carts", "follows", "live_minutes", "stockout")
COLUMNS = (*NEEDS, *MAY)
MOST = 1e9
MOST_CELLS = 100_000_000
MICROSECONDS_PER_DAY = 86_400_000_000
ONE_ROW_A_SALE = "Where a row is a single sale, say --sales."


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows' places: item and day (from 0), in a grid of items by days."""

    item: Names
    first: np.datetime64
    day: Long
    days: int

    @property
    def cell(self) -> Long:
        return self.item.code.astype(np.int64) * self.days + self.day

    def date(self, day: int) -> str:
        return str(self.first + np.timedelta64(day, "D"))


def demand_panel(path: Path, columns: Mapping[str, str], sales: bool = False) -> DemandPanel:
    """Read a CSV or Parquet table.

    Columns ``item``, ``date``, ``units`` (blank = unknown) and, where there are any, ``views``, ``carts``, ``follows``,
    ``live_minutes`` and ``stockout`` (1 = stock ran out on that day).  The last days, on which no item has units,
    are planned: of them only ``live_minutes`` counts.

    Parameters
    ----------
    columns : mapping of str to str
        Where the table's own names differ: {our name: its name}.
    sales : bool
        A row is a single sale: they are summed by item and day, a day without any is a day without demand, and
        without a column of units each is one unit.  An item's first sale only tells that it is on sale: its demand is
        known from the day after, for to begin with a day on which it sold would make demand look larger than it is.

    Raises
    ------
    ScenarioError
        Where it is no such table; dates of an item that stand twice or are left out among them.
    """
    needs = NEEDS[:2] if sales else NEEDS
    table = open_table(Input.at(path, str(path), columns), needs, tuple(name for name in COLUMNS if name not in needs))
    rows = _placed(table)
    if sales:
        return _of_sales(table, rows)
    _check_dates(table, rows)
    units = _grid(rows, _numbers(table, "units", np.nan), np.nan)
    told = np.flatnonzero(~np.isnan(units).all(axis=0))
    if not len(told):
        raise table.wrong("units", "there is not a single value")
    return _panel(table, rows, units[:, : told[-1] + 1])


def _placed(table: Table) -> _Rows:
    item = table.every_name("item")
    day = every_microsecond(table, "date") // MICROSECONDS_PER_DAY
    first, days = int(day.min()), int(day.max() - day.min()) + 1
    if len(item.known) * days > MOST_CELLS:
        why = f"{len(item.known):,} items over {days:,} days are more than {MOST_CELLS:,} numbers"
        raise ScenarioError(table.where, why)
    return _Rows(item, np.datetime64(first, "D"), day - first, days)


def _check_dates(table: Table, rows: _Rows) -> None:
    """Refuse an item with a date twice, or left out between its first and its last."""
    order = np.argsort(rows.cell, kind="stable")
    step = np.diff(rows.cell[order])
    alike = np.diff(rows.item.code[order]) == 0
    for wrong in np.flatnonzero(alike & (step != 1))[:1]:
        row, gap = int(order[wrong + 1]), int(step[wrong])
        item, date = rows.item.known[rows.item.code[row]], rows.date(int(rows.day[row]))
        if gap == 0:
            raise table.wrong("date", f"item {item!r} has {date} twice", row, ONE_ROW_A_SALE)
        before = rows.date(int(rows.day[row]) - gap)
        missing = "a day is" if gap == 2 else f"{gap - 1} days are"
        hint = f"Add rows with the units of each day. {ONE_ROW_A_SALE}"
        raise table.wrong("date", f"item {item!r} goes from {before} to {date}: {missing} missing", row, hint)


def _of_sales(table: Table, rows: _Rows) -> DemandPanel:
    units = _numbers(table, "units", 1.0)
    if np.isnan(units).any():
        raise table.wrong("units", "the value is missing", int(np.isnan(units).argmax()))
    some = _sums(rows, np.ones(len(table))) > 0
    begun = np.zeros(some.shape, np.bool_)
    begun[:, 1:] = np.maximum.accumulate(some, axis=1)[:, :-1]
    return _panel(table, rows, np.where(begun, _sums(rows, units), np.nan))


def _panel(table: Table, rows: _Rows, units: Float) -> DemandPanel:
    days = units.shape[1]
    told = {name: _sums(rows, np.nan_to_num(_numbers(table, name, 0.0))) for name in MAY}
    return DemandPanel(
        items=rows.item.known,
        first=rows.first,
        demand=units,
        censored=told["stockout"][:, :days] > 0,
        views=told["views"][:, :days] if "views" in table.its else None,
        carts=told["carts"][:, :days],
        follows=told["follows"][:, :days],
        live_minutes=told["live_minutes"],
    )


def _numbers(table: Table, name: str, without: float) -> Float:
    found = table.numbers(name, 0.0, MOST)
    return np.full(len(table), without) if found is None else found


def _grid(rows: _Rows, values: Float, empty: float) -> Float:
    cells = np.full(len(rows.item.known) * rows.days, empty)
    cells[rows.cell] = values
    return cells.reshape(-1, rows.days)


def _sums(rows: _Rows, values: Float) -> Float:
    shape = (len(rows.item.known), rows.days)
    found: Float = np.bincount(rows.cell, values, shape[0] * shape[1]).astype(np.float64)
    return found.reshape(shape)
