"""Merchants look at their stock and order what their policy says: every review period, or whenever it is due."""

from collections.abc import Generator

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.policy.contain_supply import NEVER_DUE, ContainedReplenishment
from sim.processes.late import REVIEW, Late
from sim.processes.scene import Scene
from sim.processes.shelves import Shelves
from sim.processes.suppliers import Suppliers
from sim.schema.clock import to_ticks
from sim.schema.stocking import InventoryView

Long = NDArray[np.int64]

MOST_ROUNDS = 8
"""Reviews of one key at one instant: a policy that orders too little to get above its own level comes to an end."""


class Periodic:
    """Reviews all stock at 0, R, 2R, ... before the horizon; at one instant after receipts and the day's round."""

    def __init__(self, scene: Scene, policy: ContainedReplenishment, shelves: Shelves, suppliers: Suppliers) -> None:
        self._scene = scene
        self._policy = policy
        self._shelves = shelves
        self._suppliers = suppliers
        scene.env.process(self._reviews())

    def _reviews(self) -> Generator[simpy.Event, None, None]:
        scenario = self._scene.world.scenario
        period = scenario.policies.inventory.review
        assert period != "continuous"
        for instant in range(0, to_ticks(scenario.horizon), max(1, to_ticks(period))):
            yield Late(self._scene, instant, REVIEW)
            keys = np.arange(len(self._scene.world.stock))
            place(self._suppliers, keys, self._policy.review(self._shelves.view(self._scene.env.now, keys)))


class Continuous:
    """Reviews a key whenever its inventory position is at or under its reorder level.

    The kernel watches positions offer by offer, so an offer's trigger is armed such that it fires when the position
    of the main key is at the key's level: units sold, and not bound to a node yet, are shown there.  Other keys
    are looked at when orders are bound to them.  Levels are worked out anew at every day's end and at every review.
    Where a policy leaves a position at or under its level, each further unit sold is a new review.
    """

    def __init__(self, scene: Scene, policy: ContainedReplenishment, shelves: Shelves, suppliers: Suppliers) -> None:
        self._scene = scene
        self._policy = policy
        self._shelves = shelves
        self._suppliers = suppliers
        self._horizon = to_ticks(scene.world.scenario.horizon)
        self._level = np.full(len(scene.world.stock), NEVER_DUE, np.int64)
        scene.env.process(self._start())

    def _start(self) -> Generator[simpy.Event, None, None]:
        yield Late(self._scene, 0, REVIEW)
        self.look_at_all()

    def look_at_all(self) -> None:
        """Work out all levels anew, and review what is due."""
        if len(self._level):
            self._look(np.arange(len(self._level)), always=True)

    def review(self, offer: int) -> None:
        """Review an offer whose trigger was pulled."""
        self._look(np.array(self._scene.world.stock.keys_of(offer), np.int64))

    def bound(self, keys: list[int]) -> None:
        """Look at keys that orders were bound to, where an offer has several."""
        stock = self._scene.world.stock
        for offer in sorted({int(stock.offer[key]) for key in keys}):
            both = np.array(stock.keys_of(offer), np.int64)
            if len(both) > 1 and self._level[both].max() > NEVER_DUE:
                if (self._shelves.position(both) <= self._level[both]).any():
                    self._look(both)
                else:
                    self._arm(both)

    def _look(self, keys: Long, always: bool = False) -> None:
        """Review those of some keys (all keys of their offers) that are due, until none is or nothing is ordered."""
        if self._scene.now >= self._horizon:
            return
        for _ in range(MOST_ROUNDS):
            view = self._shelves.view(self._scene.env.now, keys)
            level = self._level[keys] = self._policy.reorder_level(view)
            due = view.position <= level
            if always:  # a policy without a level is asked once a day
                due |= level == NEVER_DUE
                always = False
            if not self._order(view, keys, due) or (self._shelves.position(keys) > level).all():
                break
        self._arm(keys)

    def _order(self, view: InventoryView, keys: Long, due: NDArray[np.bool_]) -> int:
        """Ask the policy about the keys that are due; return how many units that ordered."""
        if not due.any():
            return 0
        if not due.all():
            keys = keys[due]
            view = self._shelves.view(self._scene.env.now, keys)
        return place(self._suppliers, keys, self._policy.review(view))

    def _arm(self, keys: Long) -> None:
        """Have the next unit that makes the main key of an offer due pull its trigger."""
        offers, stock = self._scene.world.truth.offers, self._scene.world.stock
        main = keys[stock.main_key[stock.offer[keys]] == keys]
        offer, level = stock.offer[main], self._level[main]
        slack = np.maximum(self._shelves.position(main) - level, 1)
        offers["reorder_level"][offer] = np.where(level == NEVER_DUE, NEVER_DUE, offers["position"][offer] - slack)


def place(suppliers: Suppliers, keys: Long, units: Long) -> int:
    """Order units per key; return how many in all."""
    some = np.flatnonzero(units)
    return sum(suppliers.order(key, n) for key, n in zip(keys[some].tolist(), units[some].tolist(), strict=True))
