"""How many are watching: every live room at every whole minute."""

from collections.abc import Generator

import simpy

from sim.processes.run_of_show import RunOfShow
from sim.processes.scene import Scene
from sim.processes.timetable import next_multiple
from sim.schema.clock import TICKS_PER_MINUTE


class RoomMinutes:
    """Writes down viewers and stock of each live room at the whole minutes strictly inside its livestream.

    One process for all rooms; it sleeps while nobody is live.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._shows: list[RunOfShow] = []

    def watch(self, show: RunOfShow) -> None:
        """Watch a livestream from now to its end."""
        self._shows.append(show)
        if len(self._shows) == 1:
            self._scene.env.process(self._tick())

    def _tick(self) -> Generator[simpy.Event, None, None]:
        while self._shows:
            yield self._scene.until(next_multiple(self._scene.now, TICKS_PER_MINUTE))
            now = self._scene.now
            self._shows = [show for show in self._shows if show.ends > now]
            for show in self._shows:
                if show.begins < now:
                    self._write(show.creator, now)

    def _write(self, creator: int, now: int) -> None:
        room = self._scene.world.truth.rooms[creator]
        names = ("viewers", "left", "slot")
        self._scene.record.row("room_minute", time=now, creator=creator, **{name: int(room[name]) for name in names})
