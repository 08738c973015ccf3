"""What the stock is worth, and what the merchants' money in it brings."""

from sim.metrics.cohort import TICKS_PER_DAY, Cohort
from sim.metrics.definition import define
from sim.metrics.ratio import CENTS, ratio

DAYS_PER_YEAR = 365.0

DEFINITIONS = define(
    "capital",
    ("inventory_value_mean", "money", "", "stock at unit cost, average over time"),
    ("inventory_turns", "per year", "up", "cost of goods sold (shipped and kept), per year / inventory_value_mean"),
    ("days_of_supply", "days", "", "inventory_value_mean / cost of goods sold per day"),
    (
        "gross_margin",
        "money",
        "up",
        "value less unit cost of the orders that were shipped and kept, whenever their goods were bought",
    ),
    ("gmroi", "per year", "up", "gross_margin, per year / inventory_value_mean"),
    (
        "inventory_change",
        "money",
        "",
        "stock at cost after the drain less at the end of the warm-up: receipts less shipments plus returns restocked",
    ),
    (
        "contribution_merchants",
        "money",
        "up",
        "profit_merchants + inventory_change: goods bought and not sold yet are no loss, goods sold from the opening "
        "stock are no gift",
    ),
    (
        "cash_to_cash_days",
        "days",
        "down",
        "days_of_supply + days receivable (from shipping to the payment, by value: negative, for consumers pay "
        "first) - days payable (0: brands are paid at the receipt)",
    ),
)


def capital(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of what is tied up in stock."""
    value = inventory_value(cohort)
    sold = cohort.sold
    sold_cost = int(cohort.cost[sold].sum()) / CENTS
    margin = int(cohort.value[sold].sum()) / CENTS - sold_cost
    change = _inventory_change(cohort)
    lasts = ratio(value, sold_cost / cohort.days)
    return {
        "inventory_value_mean": value,
        "inventory_turns": ratio(sold_cost / cohort.days * DAYS_PER_YEAR, value),
        "days_of_supply": lasts,
        "gross_margin": margin,
        "gmroi": ratio(margin / cohort.days * DAYS_PER_YEAR, value),
        "inventory_change": change,
        "contribution_merchants": cohort.earned("merchants") + change,
        "cash_to_cash_days": lasts + _days_receivable(cohort),
    }


def inventory_value(cohort: Cohort) -> float:
    """Return the time average of the stock at cost, money."""
    held = cohort.replication.closing.held - cohort.replication.opening.held
    cost = cohort.world.truth.offers["unit_cost"][cohort.world.stock.offer]
    # Average first: unit-ticks times cents overflow integers in a large world.
    return float((held * (cost / cohort.span)).sum()) / CENTS


def _inventory_change(cohort: Cohort) -> float:
    """Return what the stock is worth more after the drain than after the warm-up, money.

    What comes back and is sold as seconds or written off never enters the stock's worth again.
    """
    cost, book = cohort.world.truth.offers["unit_cost"], cohort.world.orders.rows
    came, back = cohort.table("receipt"), cohort.table("return")
    came = came[came["time"] >= cohort.start]
    back = back[(back["time"] >= cohort.start) & (back["fate"] == "restocked")]
    left = book["shipped"] >= cohort.start
    cents = sum(int((cost[rows["offer"]] * rows["units"]).sum()) for rows in (came, back))
    return (cents - int((cost[book["offer"]] * book["units"] * left).sum())) / CENTS


def _days_receivable(cohort: Cohort) -> float:
    sold = cohort.sold
    wait = (cohort.order("paid") - cohort.order("shipped"))[sold] / TICKS_PER_DAY
    value = cohort.value[sold]
    return ratio(float((wait * value).sum()), int(value.sum()))
