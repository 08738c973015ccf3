"""What every process is handed: the clock, the world, and somebody who writes down what happens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import simpy

from sim.behaviour.aftermath import luck
from sim.schema.clock import to_minutes, to_ticks
from sim.world.state import Rows
from sim.world.world import World


class Recorder(Protocol):
    """Who writes down what happens."""

    def row(self, kind: str, **values: Any) -> None:
        """Append a row of a kind."""

    def log(self, act: int, time: int, consumer: int, offer: int, session: int, value: float) -> None:
        """Append a row to the behaviour log."""


@dataclass(slots=True)
class Scene:
    """The clock, the world, and the record."""

    env: simpy.Environment
    world: World
    record: Recorder

    @property
    def now(self) -> int:
        """The present instant, ticks."""
        return to_ticks(self.env.now)

    @property
    def orders(self) -> Rows:
        """The rows of all orders; fetched anew each time, for the book grows."""
        return self.world.orders.rows

    def luck(self, order: int, purpose: int) -> float:
        """Return the order's own uniform number for a purpose (`sim.behaviour.purposes`)."""
        row = self.orders[order]
        whose = (int(row["consumer"]), int(row["number"]), purpose, int(row["offer"]))
        return luck(np.uint64(self.world.key), *whose)

    def until(self, instant: int) -> simpy.Timeout:
        """Return the event of an instant (ticks), now or later."""
        return self.env.timeout(to_minutes(instant) - self.env.now)

    def call_at(self, instant: int, action: Callable[..., None], *arguments: Any) -> None:
        """Act at an instant (ticks): a process that does nothing but wait once."""
        callbacks = self.until(instant).callbacks
        assert callbacks is not None  # a new event's
        callbacks.append(lambda _: action(*arguments))
