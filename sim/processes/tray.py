"""Where work waits for the next batch."""

from typing import Generic, TypeVar

import simpy

from sim.processes.scene import Scene

T = TypeVar("T")


class Tray(Generic[T]):
    """Work in order of arrival.  What comes at the very instant of a batch goes with the next one.

    So no batch depends on which of two processes of one instant happens to act first.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._work: list[tuple[int, T]] = []
        self._wanted: simpy.Event | None = None

    def __len__(self) -> int:
        return len(self._work)

    @property
    def oldest(self) -> int:
        """The instant at which the first of the work came, ticks."""
        return self._work[0][0]

    def put(self, work: T) -> None:
        """Lay work down."""
        self._work.append((self._scene.now, work))
        if self._wanted is not None:
            self._wanted.succeed()
            self._wanted = None

    def filled(self) -> simpy.Event:
        """Return the event that some work waits: nobody needs to look at an empty tray."""
        event = self._scene.env.event()
        if self._work:
            return event.succeed()
        self._wanted = event
        return event

    def take(self, older: int = 0) -> list[T]:
        """Take all that came strictly before now, or before ``older`` ticks ago."""
        until = self._scene.now - older
        n = next((i for i, (came, _) in enumerate(self._work) if came >= until), len(self._work))
        taken, self._work = self._work[:n], self._work[n:]
        return [work for _, work in taken]
