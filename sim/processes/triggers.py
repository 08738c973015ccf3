"""What the consumers' kernel sets off at an instant between two SimPy events."""

from collections.abc import Callable, Generator
from typing import Any

import simpy

Review = Callable[[int], None]


class Triggers:
    """Turns a trigger into an event at exactly its instant: a review that is due, a slot sold out.

    Parameters
    ----------
    review : callable or None
        ``review(offer)``: the continuous review of an offer's stock; None where reviews are periodic.
    """

    def __init__(self, env: simpy.Environment, review: Review | None = None) -> None:
        self._env = env
        self._review = review
        self._sold_out: dict[int, simpy.Event] = {}

    def on_sold_out(self, room: int) -> simpy.Event:
        """Return the event that the room's slot is sold out."""
        self._sold_out[room] = self._env.event()
        return self._sold_out[room]

    def pull(self, minute: float, offer: int, room: int) -> None:
        """Set off, at ``minute``, the review of an offer and the sell-out of a room (-1 = none)."""
        self._env.process(self._happen(minute, offer, room))

    def _happen(self, minute: float, offer: int, room: int) -> Generator[simpy.Event, Any, None]:
        yield self._env.timeout(minute - self._env.now)
        if room >= 0 and room in self._sold_out:
            self._sold_out.pop(room).succeed()
        if offer >= 0 and self._review is not None:
            self._review(offer)
