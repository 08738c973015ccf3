"""Cuts the kernel's work into pieces at random, and answers pages early: no answer may change."""

from random import Random
from typing import Any

from sim.behaviour.consumers import Consumers, Pause
from sim.processes.serving import Serving
from sim.world.state import NEVER


class Restless:
    """Consumers who are advanced at random extra instants and whose requests are answered before they need be."""

    def __init__(self, consumers: Consumers, serving: Serving, rng: Random, cuts: int) -> None:
        self._consumers = consumers
        self._serving = serving
        self._rng = rng
        self._cuts = cuts

    def advance(self, limit: int) -> Pause:
        """Advance to a few instants on the way first."""
        first = self._consumers.now
        if first < limit < NEVER:
            for instant in sorted(
                self._rng.randrange(first, limit + 1) for _ in range(self._rng.randint(0, self._cuts))
            ):
                pause = self._consumers.advance(instant)
                if pause is not Pause.DONE:
                    return pause
                if self._rng.random() < 0.5:
                    self._serving.serve()
        return self._consumers.advance(limit)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._consumers, name)
