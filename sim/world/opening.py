"""How the world stands at the start: shelves filled, and a past that shows in units sold and ratings."""

import numpy as np
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.schema.clock import MINUTES_PER_DAY, TICKS_PER_MINUTE
from sim.world.nodes import Nodes
from sim.world.state import Rows
from sim.world.stock import StockLedger
from sim.world.streams import Stream

Float = NDArray[np.float64]
Long = NDArray[np.int64]

PAST_DAYS = 60.0
"""Sales of so many days before the start count as social proof."""
STARS_SPREAD = 1.0


def open_ledger(scenario: Scenario, offers: Rows, nodes: Nodes, base_rate: Float) -> StockLedger:
    """Return the stock ledger: a key per offer and node of its merchant, the opening units shared out evenly."""
    second = nodes.second[offers["merchant"]]
    keys = 1 + (second >= 0)
    offer = np.repeat(np.arange(len(offers)), keys).astype(np.int32)
    first_key = np.concatenate(([0], np.cumsum(keys))).astype(np.int32)
    place = np.arange(len(offer)) - first_key[offer]
    units = opening_units(scenario, base_rate)[offer]
    return StockLedger(
        offers=offers,
        owner=offers["merchant"][offer].astype(np.int32),
        sku=offers["sku"][offer].astype(np.int32),
        node=np.where(place == 0, offers["node"][offer], second[offer]).astype(np.int32),
        offer=offer,
        first_key=first_key,
        on_hand=units // keys[offer] + (place < units % keys[offer]),
    )


def opening_units(scenario: Scenario, base_rate: Float) -> Long:
    """Return the opening units per offer: the scenario's number, or so many days of expected sales.

    Those were bought by the brands' rules: not less than their minimum order, where anything is on the shelf at all.
    """
    amount = scenario.stock.amount
    if scenario.stock.opening == "units":
        return np.full(len(base_rate), round(amount), np.int64)
    units = np.minimum(np.rint(amount * base_rate), 1e12)
    return np.maximum(units, scenario.brands.minimum_order * (amount > 0)).astype(np.int64)


def give_past(scenario: Scenario, stream: Stream, offers: Rows, base_rate: Float) -> None:
    """Draw what was sold and how it was rated before the start, of offers that were listed then."""
    age = np.clip(-offers["listed"] / (MINUTES_PER_DAY * TICKS_PER_MINUTE), 0.0, PAST_DAYS)
    habits = scenario.behaviour.after_delivery
    sold = stream("offers.sold").poisson(np.minimum(age * base_rate, 1e9))
    ratings = stream("offers.ratings").binomial(sold, np.clip(float(habits.review_share), 0.0, 1.0))
    mean = float(habits.stars_on_time) + float(habits.stars_match) * offers["quality"]
    noise = STARS_SPREAD * np.sqrt(ratings) * stream("offers.stars").standard_normal(len(offers))
    stars = np.clip(np.rint(ratings * mean + noise), ratings, 5 * ratings)
    offers["sold"], offers["ratings"], offers["stars"] = sold, ratings, stars
