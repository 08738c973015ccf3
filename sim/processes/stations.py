"""Stations that do jobs one by one, first come first served, in opening hours."""

from collections import deque
from collections.abc import Callable, Generator
from typing import Generic, TypeVar

import numpy as np
import simpy

from sim.processes.scene import Scene
from sim.processes.timetable import Hours
from sim.schema.clock import TICKS_PER_MINUTE, on_grid

T = TypeVar("T")
Law = Callable[[], float]
"""Draws one job's minutes."""
GAMMA_SHAPE = 4.0


def law(kind: str, seconds: float, rng: np.random.Generator) -> Law:
    """Return the law of a job's time: ``constant``, ``exponential`` or ``gamma`` (shape 4), with a mean."""
    mean = seconds / 60.0
    laws: dict[str, Law] = {
        "constant": lambda: on_grid(mean),
        "exponential": lambda: on_grid(rng.exponential(mean)),
        "gamma": lambda: on_grid(rng.gamma(GAMMA_SHAPE, mean / GAMMA_SHAPE)),
    }
    return laws[kind]


class Stations(Generic[T]):
    """Alike stations with one queue: each station is a process, and sleeps while there is nothing to do.

    Parameters
    ----------
    capacity : int
        Number of stations.
    takes : callable
        Draws the minutes of a job.
    done : callable
        ``done(job, queued, started)``, the instants in ticks, when a job is finished.
    """

    def __init__(
        self, scene: Scene, capacity: int, hours: Hours, takes: Law, done: Callable[[T, int, int], None]
    ) -> None:
        self._scene = scene
        self._hours = hours
        self._takes = takes
        self._done = done
        self._queue: deque[tuple[int, T]] = deque()
        self._idle: list[simpy.Event] = []
        for _ in range(capacity):
            scene.env.process(self._station())

    def add(self, job: T) -> None:
        """Queue a job; a station that stands idle takes it up."""
        self._queue.append((self._scene.now, job))
        if self._idle:
            self._idle.pop().succeed()

    def _station(self) -> Generator[simpy.Event, None, None]:
        """Do one job after the other; over night stand still."""
        env = self._scene.env
        while True:
            while not self._queue:
                idle = env.event()
                self._idle.append(idle)
                yield idle
            closed = self._hours.until_open(self._scene.now)
            if closed:
                yield env.timeout(closed / TICKS_PER_MINUTE)
                continue
            queued, job = self._queue.popleft()
            started = self._scene.now
            yield env.timeout(self._takes())
            self._done(job, queued, started)
