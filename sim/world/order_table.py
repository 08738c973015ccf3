"""Real orders as a table tells them, a row per order line: what a bootstrap draws from."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.schema.clock import TICKS_PER_MINUTE
from sim.world.inputs import Input, input_of, read_only
from sim.world.table import Names, Table, open_table
from sim.world.table_times import every_microsecond

Long = NDArray[np.int64]

MOST_UNITS = 1_000_000
MICROSECONDS_PER_MINUTE = 60_000_000
MINUTES_PER_DAY = 1440


@dataclass(frozen=True, slots=True)
class OrderTable:
    """Order lines, row by row.

    Attributes
    ----------
    where : str
        What errors about who and what begin with.
    day : int64[n]
        The date, days since 1970-01-01 (a Thursday).
    since_midnight : int64[n], ticks
    sku, consumer : Names
    merchant : Names or None
    units : int64[n]
    """

    where: str
    day: Long
    since_midnight: Long
    sku: Names
    consumer: Names
    merchant: Names | None
    units: Long

    def __len__(self) -> int:
        return len(self.day)


def read_orders(scenario: Scenario, number: int) -> OrderTable:
    """Return the orders that the scenario's ``demand.<number>`` draws from.

    Raises
    ------
    ScenarioError
        Where the table is none, a column is missing or of the wrong type, or nothing is in it.
    """
    orders = input_of(scenario, f"demand.{number}", scenario.demand[number])
    assert orders is not None  # a bootstrap has a table
    return _read(orders)


@lru_cache(maxsize=4)
def _read(source: Input) -> OrderTable:
    table = open_table(source, ("time", "sku", "consumer"), ("merchant", "units"))
    day, since_midnight = _times(table)
    return read_only(
        OrderTable(
            where=table.where,
            day=day,
            since_midnight=since_midnight,
            sku=table.every_name("sku"),
            consumer=table.every_name("consumer"),
            merchant=table.every_name("merchant") if "merchant" in table.its else None,
            units=_units(table),
        )
    )


def _units(table: Table) -> Long:
    units = table.numbers("units", 1, MOST_UNITS)
    if units is None:
        return np.ones(len(table), np.int64)
    wrong = ~(units == np.floor(units))
    if wrong.any():
        row = int(np.argmax(wrong))
        found = "nothing" if np.isnan(units[row]) else f"{units[row]:g}"
        raise table.wrong("units", f"found {found}, allowed a whole number", row)
    return units.astype(np.int64)


def _times(table: Table) -> tuple[Long, Long]:
    """Return the date and the ticks since its midnight of each row's ``time``."""
    minutes, rest = np.divmod(every_microsecond(table, "time"), MICROSECONDS_PER_MINUTE)
    ticks = minutes % MINUTES_PER_DAY * TICKS_PER_MINUTE
    return minutes // MINUTES_PER_DAY, ticks + rest * TICKS_PER_MINUTE // MICROSECONDS_PER_MINUTE
