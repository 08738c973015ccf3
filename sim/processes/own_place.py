"""A merchant without a warehouse hands over by itself."""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtri

from sim.behaviour.purposes import HANDLING
from sim.processes.parcel import Parcel, make_parcels
from sim.processes.scene import Scene
from sim.schema.clock import MINUTES_PER_DAY, to_ticks


class OwnPlace:
    """Gets each line ready in its own time: lognormal, the same luck in every arm.

    Parameters
    ----------
    dock : callable
        ``dock(parcel, ready)`` takes each parcel with the instant at which it is ready; nothing acts on it before.
    """

    def __init__(self, scene: Scene, dock: Callable[[Parcel, int], None]) -> None:
        self._scene = scene
        self._dock = dock
        rules = scene.world.scenario.orders
        self._median = rules.handling if rules.handling is not None else MINUTES_PER_DAY
        self._spread = float(rules.handling_spread)

    def accept(self, lines: list[int]) -> None:
        """Take over allocated lines: each of a consumer's lines is ready when the slowest is."""
        for parcel in make_parcels(self._scene.world, lines):
            luck = max(self._scene.luck(line, HANDLING) for line in parcel.lines)
            minutes = self._median * float(np.exp(self._spread * ndtri(luck)))
            self._dock(parcel, self._scene.now + max(1, to_ticks(minutes)))
