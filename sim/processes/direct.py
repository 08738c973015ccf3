"""Where there is no network, or no home on the map, parcels appear at the door after a while."""

from sim.processes.delivery import Door
from sim.processes.parcel import Parcel, make_parcels
from sim.processes.scene import Scene
from sim.processes.shipping import ship
from sim.schema.clock import to_ticks
from sim.world.orders import By


class Direct:
    """Ships at once, and delivers after ``delivery_without_network``."""

    def __init__(self, scene: Scene, door: Door) -> None:
        self._scene = scene
        self._door = door
        self._takes = max(1, to_ticks(scene.world.scenario.network.delivery_without_network))

    def accept(self, lines: list[int]) -> None:
        """Take over allocated lines."""
        rows, now = self._scene.orders, self._scene.now
        rows["picked"][lines] = rows["packed"][lines] = now
        for parcel in make_parcels(self._scene.world, lines):
            self.bring(parcel)

    def bring(self, parcel: Parcel) -> None:
        """Take over a parcel."""
        ship(self._scene, [parcel], By.DIRECT)
        self._scene.call_at(self._scene.now + self._takes, self._door.deliver, parcel.lines)
