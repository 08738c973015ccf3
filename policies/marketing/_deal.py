"""Money dealt out in whole visits and whole coupons."""

import numpy as np
from numpy.typing import NDArray

from sim.schema.marketing import MarketingPlan, MarketingView

Float = NDArray[np.float64]
Long = NDArray[np.int64]

MINUTES_PER_DAY = 1440.0


def plan(view: MarketingView, weight: Float, coupons: float) -> MarketingPlan:
    """Return the day's budget dealt out by weight, a share of it for coupons."""
    for_coupons = int(view.budget * coupons)
    turn = int(view.minute // MINUTES_PER_DAY)
    return MarketingPlan(
        visits=deal(weight, view.budget - for_coupons, view.visit_price, turn),
        coupons=deal(weight, for_coupons, view.coupon_value, turn),
    )


def deal(weight: Float, cents: int, unit: int, turn: int = 0) -> Long:
    """Return at most ``cents`` dealt out by weight, each target's a multiple of ``unit``.

    Each gets the whole units of its exact share; those left over go one each to the largest remainders (Hamilton's
    method of apportionment), among equals to another stretch of targets every ``turn``.  No weight, no money.
    """
    n, total = len(weight), float(weight.sum())
    units = cents // unit
    if units == 0 or total <= 0.0:
        return np.zeros(n, np.int64)
    exact = weight / total * units
    whole = np.floor(exact + 1e-9).astype(np.int64)  # a share that is whole but for rounding is whole
    left = units - int(whole.sum())
    if left > 0:
        remainder = np.where(weight > 0, np.round(exact - whole, 9), -1.0)
        place = (np.arange(n) - turn * left) % n
        whole[np.lexsort((place, -remainder))[:left]] += 1
    return whole * unit


def deliverable(view: MarketingView) -> NDArray[np.bool_]:
    """Return which targets money can bring anybody to: those with something left to sell."""
    return np.asarray(view.available > 0)
