"""Demand that comes at random: a Poisson process per offer."""

import numpy as np

from sim.processes.demand_rows import demand_rows
from sim.processes.timetable import DAY
from sim.world.state import Rows
from sim.world.world import World


class PoissonDemand:
    """Single units, each offer's at the same rate: all offers' orders are one process of which each takes its share.

    Parameters
    ----------
    number : int
        Which of the scenario's demands it is.
    """

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self._number = number
        self._drawn = 0
        self._rate = world.scenario.demand[number].per_day * len(world.truth.offers)
        self._stream = world.stream("demand.poisson", number)

    def draw(self, begins: int, ends: int) -> Rows:
        """Return the orders of a day in [begins, ends) (ticks), in order of time."""
        rng = self._stream
        n = int(rng.poisson(self._rate))
        since = np.sort(rng.integers(0, DAY, n))
        offer = rng.integers(0, len(self._world.truth.offers), n) if n else np.zeros(0, np.int64)
        rows = demand_rows(self._world, self._number, self._drawn, begins + since, offer)
        self._drawn += n
        return rows[rows["placed"] < ends]
