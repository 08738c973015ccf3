"""What an offer may be expected to sell in a day: rough, and the same under every policy."""

import numpy as np
from numpy.typing import NDArray

from sim.scenario.behaviour import Behaviour
from sim.scenario.scenario import Scenario
from sim.world.state import Rows

Float = NDArray[np.float64]

MATCHES, WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
"""Taste matches over random pairs are standard normal: means over them by Gauss-Hermite quadrature."""
MOST_PAGES = 50.0
LEAST = 1e-12


def sales_by_choice(scenario: Scenario, offers: Rows, consumers: Rows) -> Float:
    """Return units a day per offer that consumers may be expected to choose, float64[n_offers].

    Attractive offers are looked at more: looks are shared out in proportion to the chance that a look at the
    offer ends in an order.
    """
    chance = order_chance(scenario.behaviour, offers)
    share = chance / chance.sum()
    units = 1.0 / (1.0 - min(0.9, float(scenario.behaviour.buy.more_units)))
    return np.asarray(looks_per_day(scenario, consumers) * (share @ chance) * units * share)


def planned_sales(scenario: Scenario, by_choice: Float) -> Float:
    """Return what merchants count on of that: ``stock.expected_daily_sales`` over all offers, where it is given."""
    planned = scenario.stock.expected_daily_sales
    if not planned:
        return by_choice
    total = by_choice.sum()
    return planned * (by_choice / total if total > 0 else np.full(len(by_choice), 1.0 / len(by_choice)))


def sales_by_itself(scenario: Scenario) -> float:
    """Return units a day of exogenous Poisson demand, the same for each offer."""
    return float(sum(demand.per_day for demand in scenario.demand if demand.kind == "poisson"))


def looks_per_day(scenario: Scenario, consumers: Rows) -> float:
    """Return how many places all consumers examine in a day."""
    browsing = scenario.behaviour.browsing
    pages = min(MOST_PAGES, 1.0 / max(1e-9, 1.0 - float(browsing.next_page)))
    ranks = np.arange(1.0, scenario.serving.slate_size + 1)
    per_page = (ranks ** -max(0.0, float(browsing.attention))).sum()
    return float(consumers["visit_rate"].sum(dtype=np.float64) * pages * per_page)


def order_chance(behaviour: Behaviour, offers: Rows) -> Float:
    """Return the chance that a look at an offer ends in an order, float64[n_offers], over random consumers.

    With price sensitivity and trust as usual, and as many sold as there are by now.
    """
    social = np.log1p(offers["sold"])[:, None]
    relative = (np.log(offers["price"]) - offers["reference"])[:, None]
    appeal = offers["appeal"].astype(np.float64)[:, None]
    click, cart, buy = behaviour.click, behaviour.cart, behaviour.buy
    clicks = float(click.base) + float(click.taste) * MATCHES + float(click.price) * relative + appeal
    clicks = clicks + float(click.social) * social
    carts = float(cart.base) + float(cart.taste) * MATCHES + float(cart.price) * relative
    buys = float(buy.base) + float(buy.taste) * MATCHES + float(buy.price) * relative + float(buy.social) * social
    mean: Float = _chance(clicks) * _chance(carts) * _chance(buys) @ (WEIGHTS / WEIGHTS.sum())
    return np.asarray(np.maximum(mean, LEAST))


def _chance(utility: Float) -> Float:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(utility, -500, 500))))
