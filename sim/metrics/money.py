"""What everybody paid and earned.

All is read from the money ledger, whose accounts sum to zero over the world, as what was posted after the warm-up:
a commission of an order of the window settles during the drain, and one that settles soon after the warm-up for
an order placed before it is in as well.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.metrics.cohort import Cohort
from sim.metrics.definition import define
from sim.metrics.ratio import CENTS, Float, ratio
from sim.world.world import World

_COSTS = {
    "cost_holding": "storage, by unit cost and time, to the warehouses' operators",
    "cost_ordering": "fixed costs of orders to brands",
    "cost_purchase": "goods bought from brands",
    "cost_fulfilment": "picking and packing",
    "cost_last_mile": "vans and carriers, to the door",
    "cost_returns": "the way back and inspection",
    "cost_penalties": "late shipment, to the platform",
}
_MARKETING = {"marketing": 1, "coupons": 1, "coupons_returned": -1}
"""Accounts of the platform's marketing, and which way they count."""
_PARTIES = ("platform", "merchants", "creators", "brands", "carriers", "operators")
_TO_SERVE = ("cost_fulfilment", "cost_last_mile", "cost_returns", "cost_holding", "cost_penalties")
_COMMISSIONS = ("fee_platform", "commission_creator")
_SINCE = "posted after the warm-up"

DEFINITIONS = define(
    "money",
    *((name, "money", "down", f"{what}; {_SINCE}") for name, what in _COSTS.items()),
    (
        "cost_writeoff",
        "money",
        "down",
        f"goods thrown away, at cost; {_SINCE}. No cash moves: they were paid for when bought",
    ),
    (
        "cost_marketing",
        "money",
        "down",
        f"paid visits and coupons, less the coupons of orders that came back or were cancelled; {_SINCE}",
    ),
    ("cost_total", "money", "down", f"all supply costs: {', '.join(_COSTS)} (a write-off was bought already)"),
    ("cost_per_order", "money", "down", "cost_total / orders"),
    (
        "cost_to_serve",
        "money",
        "down",
        "(pick and pack + ship + returns + storage + penalties + the platform's and the creators' commissions) / "
        "delivered order",
    ),
    *(
        (f"profit_{party}", "money", "up", f"received less paid by all {party}, all accounts; {_SINCE}")
        for party in _PARTIES
    ),
    (
        "consumer_surplus",
        "money",
        "up",
        "utility in money terms of kept orders: expected utility over not buying, given that they bought, x what they "
        "paid / (|price coefficient at the purchase| x own price sensitivity); missing where price does not matter",
    ),
)


def money(cohort: Cohort) -> dict[str, float]:
    """Return the money KPIs."""
    costs = {name: cohort.posted(name) for name in (*_COSTS, "cost_writeoff")}
    total = sum(costs[name] for name in _COSTS)
    serving = sum(cohort.posted(account) for account in (*_TO_SERVE, *_COMMISSIONS))
    return (
        costs
        | {
            "cost_marketing": sum(sign * cohort.posted(account) for account, sign in _MARKETING.items()),
            "cost_total": total,
            "cost_per_order": ratio(total, len(cohort.orders)),
            "cost_to_serve": ratio(serving, int(cohort.delivered.sum())),
            "consumer_surplus": _consumer_surplus(cohort),
        }
        | {f"profit_{party}": cohort.earned(party) for party in _PARTIES}
    )


def _consumer_surplus(cohort: Cohort) -> float:
    """Return the kept orders' surplus in money.

    Utility falls with log price: dV/dprice = -coefficient x sensitivity / price.  To first order a gain of U logit
    units is therefore worth U x price / (coefficient x sensitivity) a unit.  Consumers whom prices do not move have
    no money measure and are left out.
    """
    coefficient = abs(float(cohort.world.scenario.behaviour.buy.price))
    counted = cohort.kept & cohort.browsed
    slope = coefficient * _sensitivity(cohort.world, cohort.order("consumer")[counted])
    worth = gain(cohort.order("surplus")[counted]) * (cohort.value - cohort.order("coupon"))[counted]
    moved = slope > 0
    if counted.any() and not moved.any():
        return math.nan
    return float((worth[moved] / slope[moved]).sum()) / CENTS


def gain(utility: ArrayLike) -> Float:
    """Return the expected utility over not buying of those who bought, float64[n], logit units.

    With a logistic disturbance e, E[V + e | V + e > 0] = log(1 + exp(V)) / P(buy): over all who had the choice that
    sums to the log-sum.  V alone would be negative wherever most would not have bought.

    References
    ----------
    Small & Rosen (1981), Econometrica 49(1): welfare of discrete choices.
    """
    v = np.clip(np.asarray(utility, np.float64), -30.0, None)  # below, the gain is 1 to the last digits
    return np.asarray(np.logaddexp(0.0, v) * (1.0 + np.exp(-v)))


def _sensitivity(world: World, consumer: NDArray[np.int32]) -> Float:
    return np.asarray(world.truth.consumers["sensitivity"][consumer], np.float64)
