"""The stock under review as a merchant knows it."""

import numpy as np
from numpy.typing import NDArray

from sim.processes.demand_history import DemandHistory
from sim.schema.stocking import InventoryView
from sim.world.world import World

Long = NDArray[np.int64]


class Shelves:
    """Makes `InventoryView` of ledger keys.

    Units promised or allotted, but not bound to a node yet, are shown at the offer's main node: promised ones as
    reserved there, so that a key's position is what its offer can count on.

    Parameters
    ----------
    quoted_minutes : float
        The lead time from order to shelf, as suppliers quote it.
    review_period : float, minutes
    """

    def __init__(self, world: World, history: DemandHistory, quoted_minutes: float, review_period: float) -> None:
        self._world = world
        self._history = history
        self._period = review_period
        stock, brands = world.stock, world.scenario.brands
        n = len(stock)
        self._is_main = stock.main_key[stock.offer] == np.arange(n)
        self._lead_time = np.full(n, quoted_minutes)
        self._lead_time_sd = np.full(n, brands.lead_time * float(brands.lead_time_cv))
        self._order_cost = np.full(n, round(100 * brands.order_cost), np.int64)
        self._holding_rate = np.full(n, float(world.scenario.stock.holding_rate))
        self._minimum_order = np.full(n, brands.minimum_order, np.int64)
        self._pack_size = np.full(n, brands.pack_size, np.int64)

    def position(self, keys: Long) -> Long:
        """Return ``on_hand - reserved + on_order - backorders`` per key, less what is promised at its offer."""
        stock = self._world.stock
        bound = stock.on_hand[keys] - stock.reserved[keys] + stock.on_order[keys] - stock.backorders[keys]
        return bound - self._at_main("promised", keys)

    def view(self, minute: float, keys: Long) -> InventoryView:
        """Return what a policy may know of some keys at ``minute``."""
        stock = self._world.stock
        offer = stock.offer[keys]
        offers = self._world.truth.offers
        return InventoryView(
            minute=minute,
            key=keys.astype(np.int32),
            offer=offer,
            owner=stock.owner[keys],
            sku=stock.sku[keys],
            node=stock.node[keys],
            on_hand=stock.on_hand[keys],
            reserved=stock.reserved[keys] + self._at_main("promised", keys),
            allotted=self._at_main("allotted", keys),
            on_order=stock.on_order[keys],
            backorders=stock.backorders[keys],
            position=self.position(keys),
            demand=self._history.of(keys),
            lead_time=self._lead_time[keys],
            lead_time_sd=self._lead_time_sd[keys],
            review_period=self._period,
            unit_cost=offers["unit_cost"][offer],
            price=offers["price"][offer],
            order_cost=self._order_cost[keys],
            holding_rate=self._holding_rate[keys],
            minimum_order=self._minimum_order[keys],
            pack_size=self._pack_size[keys],
        )

    def _at_main(self, column: str, keys: Long) -> Long:
        units = self._world.truth.offers[column][self._world.stock.offer[keys]]
        return np.asarray(units * self._is_main[keys], np.int64)
