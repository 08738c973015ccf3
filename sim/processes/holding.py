"""What stock costs to keep, and what a day's end leaves on the shelves."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.processes.scene import Scene
from sim.schema.clock import MINUTES_PER_DAY, TICKS_PER_MINUTE
from sim.world.money import Remainder

Long = NDArray[np.int64]

MINUTES_PER_YEAR = 365 * int(MINUTES_PER_DAY)
MOST_PARTS = 1_000
"""The holding rate is taken as a fraction with at most this denominator, so that cents can be exact."""


class Holding:
    """Posts the cost of holding, merchants to the operators of the nodes, and writes the day's stock down.

    Exact: unit-ticks are counted, and what does not make a whole unit-minute or a whole cent waits for the next day.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        world = scene.world
        rate = Fraction(float(world.scenario.stock.holding_rate)).limit_denominator(MOST_PARTS)
        n = len(world.stock)
        self._numerator = rate.numerator
        self._minutes = Remainder(n, TICKS_PER_MINUTE)
        self._cents = Remainder(n, rate.denominator * MINUTES_PER_YEAR)
        self._unit_cost = world.truth.offers["unit_cost"][world.stock.offer]
        self._since = 0

    def close_day(self) -> None:
        """Post what the time since the last call has cost, and write down what lies where."""
        world, now = self._scene.world, self._scene.now
        stock = world.stock
        held = stock.settle_holding(now)
        minutes = self._minutes.whole_cents(held)
        cents = self._cents.whole_cents(minutes * self._unit_cost * self._numerator)
        payer = world.truth.offers["merchant"][stock.offer]
        world.money.post("cost_holding", "merchants", "operators", cents, payer, stock.node)
        self._write(held / max(1, now - self._since))
        self._since = now

    def _write(self, mean_units: NDArray[np.float64]) -> None:
        """Write a row per node: units at the day's end, their value over the day."""
        stock, nodes = self._scene.world.stock, len(self._scene.world.cast.node_latitude)
        columns = {
            "on_hand": stock.on_hand,
            "on_order": stock.on_order,
            "backorders": stock.backorders,
            "value": mean_units * self._unit_cost,
            "bare": stock.on_hand == 0,
            "keys": np.ones(len(stock)),
        }
        rows = {name: np.rint(np.bincount(stock.node, values, nodes)) for name, values in columns.items()}
        for node in range(nodes):
            counts = {name: int(values[node]) for name, values in rows.items()}
            self._scene.record.row("stock_day", time=self._scene.now, node=node, **counts)
