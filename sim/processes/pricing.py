"""Prices are set once a day."""

import numpy as np
from numpy.typing import NDArray

from sim.policy.contain_supply import ContainedPricing
from sim.processes.scene import Scene
from sim.schema.clock import TICKS_PER_MINUTE
from sim.schema.stocking import PricingView


class Pricing:
    """Asks the policy what each offer costs from now on."""

    def __init__(self, scene: Scene, policy: ContainedPricing) -> None:
        self._scene = scene
        self._policy = policy

    def set(self, sold_week: NDArray[np.int64]) -> None:
        """Set all prices and write down those that changed; what a page or a slot shows keeps its price.

        Parameters
        ----------
        sold_week : int64[n_offers]
            Units ordered over the last seven days.
        """
        offers = self._scene.world.truth.offers
        price = self._policy.price(self._view(sold_week))
        changed = np.flatnonzero(price != offers["price"])
        offers["price"] = price
        now = self._scene.now
        for offer in changed.tolist():
            self._scene.record.row("price", time=now, offer=offer, price=int(price[offer]))

    def _view(self, sold_week: NDArray[np.int64]) -> PricingView:
        offers = self._scene.world.truth.offers
        names = ("list_price", "price", "unit_cost", "available")
        columns = {name: offers[name].copy() for name in names}
        listed = offers["listed"] / TICKS_PER_MINUTE
        return PricingView(minute=self._scene.env.now, sold_week=sold_week, listed=listed, **columns)
