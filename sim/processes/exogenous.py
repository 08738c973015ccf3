"""Orders that come by themselves, beside or instead of consumers' choices."""

from collections.abc import Callable, Generator
from typing import Protocol

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.processes.bootstrap_demand import BootstrapDemand
from sim.processes.late import DEMAND, Late
from sim.processes.poisson_demand import PoissonDemand
from sim.processes.release import Release
from sim.processes.scene import Scene
from sim.processes.timetable import DAY
from sim.schema.clock import to_ticks
from sim.world.availability import due
from sim.world.state import Rows

Long = NDArray[np.int64]


class Source(Protocol):
    """Where exogenous orders come from."""

    def draw(self, begins: int, ends: int) -> Rows:
        """Return the orders (`ORDER_ROW`) in [begins, ends) (ticks), in order of time; spans follow each other."""


class Exogenous:
    """Places the orders of the scenario's ``demand``, each at its own instant, until the horizon.

    An order takes what is available at its instant.  What it finds short is lost, or waits for stock as a backorder
    (``stock.when_short``); then the whole order waits, and goes out when its last unit has come.  Orders of offers
    that are not listed yet do not happen.

    Parameters
    ----------
    review : callable or None
        ``review(offer)``: a continuous review that an order makes due.
    """

    def __init__(self, scene: Scene, release: Release, review: Callable[[int], None] | None) -> None:
        self._scene = scene
        self._release = release
        self._review = review
        self._waits = scene.world.scenario.stock.when_short == "backorder"
        kinds: dict[str, Callable[..., Source]] = {"poisson": PoissonDemand, "bootstrap": BootstrapDemand}
        demand = scene.world.scenario.demand
        self._sources = [kinds[part.kind](scene.world, number) for number, part in enumerate(demand)]
        if self._sources and len(scene.world.truth.offers):
            scene.env.process(self._orders())

    def _orders(self) -> Generator[simpy.Event, None, None]:
        """Draw a day's orders at its beginning, and wait from one to the next."""
        horizon = to_ticks(self._scene.world.scenario.horizon)
        for begins in range(0, horizon, DAY):
            ends = min(begins + DAY, horizon)
            lines = np.concatenate([source.draw(begins, ends) for source in self._sources])
            lines = lines[np.argsort(lines["placed"], kind="stable")]
            lines = lines[self._scene.world.truth.offers["listed"][lines["offer"]] <= lines["placed"]]
            for i, placed in enumerate(lines["placed"].tolist()):
                yield Late(self._scene, placed, DEMAND)
                self.place(lines[i : i + 1])
            yield Late(self._scene, ends, DEMAND)

    def place(self, line: Rows) -> None:
        """Place an order (`ORDER_ROW`, one row) at this instant."""
        offer, units, now = int(line["offer"][0]), int(line["units"][0]), self._scene.now
        world = self._scene.world
        offers, stock = world.truth.offers, world.stock
        offers["wanted"][offer] += units
        line["price"] = offers["price"][offer]
        short = units - stock.demand(offer, units, now)
        if short and self._waits:
            stock.backorder(offer, short, now)
            self._release.owe(line, np.array([short], np.int64))
        elif short < units:
            line["units"], line["short"] = units - short, short
            self._release.place(line)
        if short:
            kind = "backorder" if self._waits else "unmet"
            self._scene.record.row(kind, time=now, offer=offer, units=short, value=short * int(line["price"][0]))
        if self._review is not None and due(offers, offer):
            self._review(offer)
