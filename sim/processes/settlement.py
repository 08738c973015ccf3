"""When nothing can come back any more, creators and the platform get their share."""

from collections.abc import Generator

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.processes.payment import merchants, value
from sim.processes.scene import Scene
from sim.processes.timetable import midnight_before, next_of_day
from sim.processes.tray import Tray
from sim.schema.clock import to_ticks
from sim.world.orders import Status


class Settlement:
    """Settles each delivered line at the first midnight after its return window; what came back pays nothing."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._delivered: Tray[int] = Tray(scene)
        self._window = to_ticks(scene.world.scenario.orders.return_window)
        self._fee = float(scene.world.scenario.orders.platform_fee)
        scene.env.process(self._nights())

    def expect(self, line: int) -> None:
        """Note that a line was delivered now."""
        self._delivered.put(line)

    def _nights(self) -> Generator[simpy.Event, None, None]:
        """Every midnight, as long as anything is unsettled, settle what is past its return window."""
        midnight = midnight_before(self._scene.world.scenario.start)
        while True:
            yield self._delivered.filled()
            first = self._delivered.oldest + self._window
            yield self._scene.until(next_of_day(max(first, self._scene.now), midnight, [0]))
            self._settle(np.array(self._delivered.take(older=self._window), np.int64))

    def _settle(self, lines: NDArray[np.int64]) -> None:
        status = self._scene.orders["status"][lines]
        lines = lines[(status != Status.RETURNING) & (status != Status.RETURNED)]
        world, rows = self._scene.world, self._scene.orders[lines]
        fee = np.rint(value(rows) * self._fee).astype(np.int64)
        world.money.post("fee_platform", "merchants", "platform", fee, merchants(world, lines), 0)
        shown = rows["creator"] >= 0
        lines, rows = lines[shown], rows[shown]
        commission = np.rint(value(rows) * world.cast.offer_commission[rows["offer"]]).astype(np.int64)
        payers = merchants(world, lines)
        world.money.post("commission_creator", "merchants", "creators", commission, payers, rows["creator"])
