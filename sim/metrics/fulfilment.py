"""From the payment to the door: how long it took, and whether it was what was promised."""

import numpy as np

from sim.metrics.cohort import TICKS_PER_HOUR, Cohort
from sim.metrics.definition import define
from sim.metrics.ratio import ratio, spread
from sim.world.orders import Status

_TIMES = (
    ("order_cycle_time", "from placed to delivered"),
    ("pay_to_ship_time", "from paid to shipped"),
    ("ship_to_deliver_time", "from shipped to delivered"),
)
_SPREADS = (("mean", "mean"), ("p50", "median"), ("p95", "95th percentile"))

DEFINITIONS = define(
    "fulfilment",
    *((f"{name}_{end}", "hours", "down", f"{way}, {word}") for name, way in _TIMES for end, word in _SPREADS),
    ("ship_sla_rate", "share", "up", "orders shipped by their ship-by time / paid orders whose ship-by time has come"),
    (
        "on_time_rate",
        "share",
        "up",
        "orders delivered by the promised time / paid orders, not called off, whose promised time has come",
    ),
    (
        "otif",
        "share",
        "up",
        "orders delivered by the promised time with all units wanted / paid orders whose promised time has come, "
        "called off or not",
    ),
    (
        "perfect_order_rate",
        "share",
        "up",
        "otif, and kept: a return here has no stated reason, so each one counts as a fault",
    ),
    ("undeliverable_parcels", "count", "down", "parcels that neither van nor carrier could bring"),
    ("open_orders", "count", "down", "orders of the window that had not ended when the drain was over"),
)


def fulfilment(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of the orders' way."""
    return _times(cohort) | _promises(cohort) | _loose_ends(cohort)


def _times(cohort: Cohort) -> dict[str, float]:
    placed, paid = cohort.order("placed"), cohort.order("paid")
    shipped, delivered = cohort.order("shipped"), cohort.order("delivered")
    left, there = shipped >= 0, delivered >= 0
    found = spread("order_cycle_time", (delivered - placed)[there] / TICKS_PER_HOUR, 50, 95)
    found |= spread("pay_to_ship_time", (shipped - paid)[left] / TICKS_PER_HOUR, 50, 95)
    return found | spread("ship_to_deliver_time", (delivered - shipped)[there] / TICKS_PER_HOUR, 50, 95)


def _promises(cohort: Cohort) -> dict[str, float]:
    watched_until = cohort.replication.final.at
    shipped, ship_by = cohort.order("shipped"), cohort.order("ship_by")
    paid = cohort.order("paid") >= 0
    to_ship = paid & (ship_by <= watched_until)
    promised = paid & (cohort.order("promised") <= watched_until)
    on_time = promised & cohort.on_time
    full = on_time & (cohort.order("short") == 0)
    perfect = full & ~np.isin(cohort.status, (Status.RETURNING, Status.RETURNED))
    return {
        "ship_sla_rate": ratio(int((to_ship & (shipped >= 0) & (shipped <= ship_by)).sum()), int(to_ship.sum())),
        "on_time_rate": ratio(int(on_time.sum()), int((promised & ~cohort.called_off).sum())),
        "otif": ratio(int(full.sum()), int(promised.sum())),
        "perfect_order_rate": ratio(int(perfect.sum()), int(promised.sum())),
    }


def _loose_ends(cohort: Cohort) -> dict[str, float]:
    nowhere = cohort.status == Status.UNDELIVERABLE
    return {
        "undeliverable_parcels": len(np.unique(cohort.order("parcel")[nowhere])),
        "open_orders": int((cohort.order("ended") < 0).sum()),
    }
