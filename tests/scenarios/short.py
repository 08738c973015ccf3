"""Each shipped scenario, cut short: one replication of a few days, and what came of it in a few lines."""

from hashlib import blake2b
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np

from sim.metrics import headline, kpis
from sim.processes.story import play
from sim.record.replication import Replication
from sim.scenario.load import load
from sim.study.identity import versions
from tests.world.worlds import SHARED

RECORDED = Path(__file__).parent / "recorded"
SHORT = {
    "quickstart": ("horizon=5 days", "warm_up=1 day", "population.consumers=1500"),
    "festival": ("horizon=11 days", "population.consumers=1000"),
    "creator_shock": ("horizon=5 days", "population.consumers=800"),
    "clicks_or_profit": ("horizon=4 days", "warm_up=1 day", "population.consumers=2000"),
    "real_orders": ("horizon=3 days", "warm_up=1 day", "demand.0.per_day=300"),
}
"""What makes each one short, by its name."""
TABLES = {"real_orders": ("olist_orders.parquet", "olist_items.parquet")}
"""Which tables a scenario reads that do not ship with it."""


def lacking(name: str) -> bool:
    """Tell whether a table the scenario reads is not here."""
    return not all((SHARED / table).exists() for table in TABLES.get(name, ()))


def outcome(name: str) -> dict[str, Any]:
    """Return what a scenario's short run gives, as plain JSON: headline KPIs, and a digest of the order book."""
    data = SHARED if name in TABLES else None
    replication = play(load(name, sets=SHORT[name], data=data).scenario, 0)
    found = kpis(replication)
    value = found[found["dimension"] == ""].set_index("name")["value"]
    shown = {kpi: float(value[kpi]) for _, names in headline for kpi in names if kpi in value}
    return {
        "libraries": libraries(),
        "sets": list(SHORT[name]),
        "kpis": {kpi: None if isnan(number) else number for kpi, number in shown.items()},
        "orders": len(replication.world.orders.rows),
        "order_book": digest(replication),
    }


def libraries() -> dict[str, str]:
    """Return the versions of the libraries that may change a last digit; the package's own is no excuse."""
    return {name: number for name, number in versions().items() if name != "streamstock"}


UNUSED = {"coupon": 0, "touch": -1}
"""Columns that only marketing fills: where they hold nothing but this, they are not digested."""


def digest(replication: Replication) -> str:
    """Return a digest of every column of the order book, without the gaps between them."""
    rows = replication.world.orders.rows
    total = blake2b(digest_size=16)
    for column in rows.dtype.names:
        if column in UNUSED and (rows[column] == UNUSED[column]).all():
            continue
        total.update(np.ascontiguousarray(rows[column]).tobytes())
    return total.hexdigest()
