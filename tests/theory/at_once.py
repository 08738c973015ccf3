"""A release that hands over at once: what theory means by demand that is served from the shelf."""

from collections.abc import Callable
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from policies.inventory.none import NonePolicy
from sim.policy.contain_supply import ContainedReplenishment
from sim.processes.scene import Scene
from sim.processes.supply import open_supply
from sim.world.state import Rows
from sim.world.world import World
from tests.processes.fulfilment_world import Diary


class AtOnce:
    """Issues what is promised at the instant it is."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def place(self, lines: Rows) -> None:
        self._hand_over(lines["offer"].tolist(), lines["units"].tolist())

    def owe(self, lines: Rows, units: NDArray[np.int64]) -> None:
        had = lines["units"] - units
        self._hand_over(lines["offer"].tolist(), had.tolist())

    def stock_came(self) -> None:
        served = self._scene.world.stock.take_served()
        self._hand_over(list(served), list(served.values()))

    def postpone(self, offer: int, since: int, until: int, ships: int) -> None:
        raise NotImplementedError("no presales here")

    def watch_binding(self, watcher: Callable[[list[int]], None]) -> None:
        """One node per offer: nobody needs to watch."""

    def _hand_over(self, offers: list[int], units: list[int]) -> None:
        stock = self._scene.world.stock
        for offer, n in zip(offers, units, strict=True):
            if n:
                key = int(stock.main_key[offer])
                stock.bind(key, n)
                stock.issue(key, n, self._scene.now)


class Counter:
    """A shop counter: supply and exogenous demand, nothing between the shelf and the customer."""

    def __init__(self, world: World, policy: Any) -> None:
        self.env = simpy.Environment()
        self.world = world
        self.diary = Diary()
        self.scene = Scene(self.env, world, self.diary)
        guarded = ContainedReplenishment("inventory", policy, NonePolicy())
        open_supply(self.scene, guarded, AtOnce(self.scene))  # type: ignore[arg-type]  # what supply asks of a release

    @property
    def now(self) -> int:
        """The present instant, ticks."""
        return self.scene.now

    def run(self, days: float) -> None:
        """Run for so many days, and check the law of stock."""
        self.env.run(until=self.env.now + days * 1440)
        self.world.stock.check("the test")
        self.world.money.check("the test")
