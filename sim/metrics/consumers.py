"""What consumers saw, did and spent."""

from sim.metrics.cohort import Cohort
from sim.metrics.definition import define
from sim.metrics.ratio import CENTS, ratio
from sim.metrics.retention import HORIZONS, active_in_window, retention
from sim.schema.counters import Counter
from sim.world.orders import Status

DEFINITIONS = define(
    "consumers",
    ("sessions", "count", "", "sessions that began in the window"),
    ("consumers_active", "count", "up", "consumers with a session on a day that overlaps the window"),
    ("slate_items", "count", "", "items shown on the pages that were opened"),
    ("impressions", "count", "", "items actually examined on a page"),
    ("clicks", "count", "", "items clicked"),
    ("carts", "count", "", "items put into the cart"),
    ("orders", "count", "up", "order lines placed in the window, by consumers and by demand that comes by itself"),
    ("units_ordered", "units", "up", "units of these orders"),
    ("ctr", "share", "up", "clicks / impressions"),
    ("cvr", "share", "up", "orders made in sessions / (clicks + offers' details that advertisements opened)"),
    ("ctcvr", "share", "up", "orders made in sessions / (impressions + offers' details that advertisements opened)"),
    ("session_conversion", "share", "up", "sessions with an order / sessions"),
    ("gmv", "money", "up", "price x quantity over orders placed, before cancellation and return"),
    ("gmv_net", "money", "up", "gmv less what was called off (unpaid, no stock, no way to the door) or came back"),
    ("aov", "money", "up", "gmv / orders"),
    ("rpm", "money", "up", "1000 x gmv of orders made in sessions / impressions"),
    ("arpu", "money", "up", "gmv of orders made in sessions / consumers_active"),
    *(
        (
            f"retention_d{n}",
            "share",
            "up",
            f"consumers active again {n} days after their first active day of the window / consumers who could be: "
            "only whole days, and only cohorts whose day lies inside the horizon",
        )
        for n in HORIZONS
    ),
    ("return_rate_units", "share", "down", "returned units / delivered units"),
    ("return_rate_value", "share", "down", "refunded value of returns / delivered value"),
    ("cancel_rate", "share", "down", "orders that ended before they were shipped / orders"),
    ("oos_impression_rate", "share", "down", "impressions on offers with nothing available to promise / impressions"),
)


def consumers(cohort: Cohort) -> dict[str, float]:
    """Return the consumers' KPIs."""
    return _counts(cohort) | _conversion(cohort) | _spending(cohort) | _regrets(cohort) | retention(cohort)


def _counts(cohort: Cohort) -> dict[str, float]:
    return {
        "sessions": cohort.count(Counter.SESSIONS),
        "consumers_active": int(active_in_window(cohort).sum()),
        "slate_items": cohort.count(Counter.SLATE_ITEMS),
        "impressions": cohort.count(Counter.IMPRESSIONS),
        "clicks": cohort.count(Counter.CLICKS),
        "carts": cohort.count(Counter.CARTS),
        "orders": len(cohort.orders),
        "units_ordered": int(cohort.units.sum()),
    }


def _conversion(cohort: Cohort) -> dict[str, float]:
    impressions, clicks = cohort.count(Counter.IMPRESSIONS), cohort.count(Counter.CLICKS)
    ordered, landings = cohort.count(Counter.ORDERS), cohort.count(Counter.LANDINGS)
    with_order = cohort.count(Counter.SESSIONS_WITH_ORDER)
    return {
        "ctr": ratio(clicks, impressions),
        "cvr": ratio(ordered, clicks + landings),
        "ctcvr": ratio(ordered, impressions + landings),
        "session_conversion": ratio(with_order, cohort.count(Counter.SESSIONS)),
        "oos_impression_rate": ratio(cohort.count(Counter.OOS_IMPRESSIONS), impressions),
    }


def _spending(cohort: Cohort) -> dict[str, float]:
    gmv = int(cohort.value.sum()) / CENTS
    browsed = int(cohort.value[cohort.browsed].sum()) / CENTS
    return {
        "gmv": gmv,
        "gmv_net": int(cohort.value[cohort.kept].sum()) / CENTS,
        "aov": ratio(gmv, len(cohort.orders)),
        "rpm": ratio(1000 * browsed, cohort.count(Counter.IMPRESSIONS)),
        "arpu": ratio(browsed, int(active_in_window(cohort).sum())),
    }


def _regrets(cohort: Cohort) -> dict[str, float]:
    delivered, returned = cohort.delivered, cohort.status == Status.RETURNED
    units_back = int(cohort.order("returned_units")[delivered].sum())
    return {
        "return_rate_units": ratio(units_back, int(cohort.units[delivered].sum())),
        "return_rate_value": ratio(int(cohort.value[returned].sum()), int(cohort.value[delivered].sum())),
        "cancel_rate": ratio(int(cohort.called_off.sum()), len(cohort.orders)),
    }
