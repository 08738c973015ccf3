"""What comes last at an instant: after all that processes do at it."""

import simpy
from simpy.events import NORMAL, EventPriority

from sim.processes.scene import Scene
from sim.schema.clock import to_minutes

REVIEW = EventPriority(NORMAL + 1)
"""Reviews see what has come and what was closed at their instant."""
DEMAND = EventPriority(NORMAL + 2)
"""Orders that come by themselves find what processes left, as consumers do."""


class Late(simpy.Event):
    """The event of an instant (ticks), now or later, behind every other of that instant with a lower priority."""

    def __init__(self, scene: Scene, instant: int, priority: EventPriority) -> None:
        super().__init__(scene.env)
        self._ok = True
        self._value = None
        scene.env.schedule(self, priority, to_minutes(instant) - scene.env.now)
