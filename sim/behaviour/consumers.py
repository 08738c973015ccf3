"""The consumers as the rest of the world meets them: advance them, answer what they ask, take what they did."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.crowd import (
    DONE,
    FULL_ROWS,
    FULL_SESSIONS,
    NEED_SLATES,
    SESSION_BITS,
    TRIGGER,
    Crowd,
    empty_crowd,
    grown,
)
from sim.behaviour.kernel import advance, answer, ask_for_arrivals, next_time
from sim.schema.recommending import PageRequests, ServingView
from sim.world.state import NEVER, Rows, Truth

_ASKED = ("consumer", "session", "page", "surface", "minute", "query", "recent")


class Pause(IntEnum):
    """Why `Consumers.advance` stopped."""

    DONE = DONE
    NEED_SLATES = NEED_SLATES
    TRIGGER = TRIGGER


class Consumers:
    """All sessions, walked by the compiled kernel strictly before any instant another part acts at.

    Parameters
    ----------
    truth : Truth
        The world's rows; the kernel reads and writes them.
    c : Coefficients
    key : int
        Root of the keyed draws.
    days, buckets : int
        Days in the horizon; buckets of the exposure counters.
    places : int
        Places on a page.
    """

    def __init__(self, truth: Truth, c: np.record, key: int, *, days: int, buckets: int, places: int) -> None:
        self.c = c
        self.crowd: Crowd = empty_crowd(truth, key, days=days, buckets=buckets, places=places)
        self._next_session = 0
        self._acts: list[Rows] = []
        self._orders: list[Rows] = []
        self._no_propensity = np.full((1, places), np.nan, np.float32)

    @property
    def now(self) -> int:
        """Everything strictly before this instant (ticks) has happened."""
        return int(self.crowd.at.now)

    @property
    def next_time(self) -> int:
        """The instant of the next event, ticks."""
        return int(next_time(self.crowd))

    @property
    def release_at(self) -> int:
        """The instant at which the orders placed so far must be released, ticks; very far without orders."""
        return int(self.crowd.at["release_at"])

    @property
    def due_offer(self) -> int:
        """The offer whose position fell to its reorder level just now, -1 = none."""
        return int(self.crowd.at.due_offer)

    @property
    def sold_out_room(self) -> int:
        """The room whose allotment was sold out just now, -1 = none."""
        return int(self.crowd.at.sold_out_room)

    def advance(self, limit: int) -> Pause:
        """Walk all sessions strictly before ``limit`` (ticks), or to the first trigger or missing slate."""
        while True:
            code = advance(self.crowd, self.c, limit)
            if code == FULL_ROWS:
                self._drain()
            elif code == FULL_SESSIONS:
                self._make_room()
            else:
                return Pause(code)

    # -- who comes ---------------------------------------------------------------------------------------------

    def come(self, arrivals: Rows) -> None:
        """Add a day's arrivals (sorted); the day before must be through."""
        at = self.crowd.at
        if at.arrival < at.arrivals:
            raise ValueError("the last day's arrivals are not through")
        self.crowd = self.crowd._replace(arrivals=self._number(arrivals))
        at.arrivals = len(arrivals)
        at.arrival = at.answered = at.answered_from = 0

    def flock(self, arrivals: Rows) -> None:
        """Add a flash crowd (sorted) to those on their way to rooms."""
        w = self.crowd
        waiting = w.flash[w.at.flash : w.at.flashes]
        merged = np.concatenate((waiting, self._number(arrivals)))
        self.crowd = w._replace(flash=merged[np.lexsort((merged["session"], merged["time"]))])
        w.at.flash = 0
        w.at.flashes = len(merged)

    def _number(self, arrivals: Rows) -> Rows:
        arrivals["session"] = self._next_session + np.arange(len(arrivals))
        self._next_session += len(arrivals)
        if self._next_session >= 1 << SESSION_BITS:
            raise OverflowError("more sessions than session ids")
        return arrivals

    # -- what they ask -----------------------------------------------------------------------------------------

    def asked(self, view: ServingView, until: int) -> PageRequests:
        """Return all open requests, first pages of known arrivals before ``until`` (ticks) included.

        The arrays are live: they must not be kept.
        """
        w = self.crowd
        first, last = int(w.at.answered), int(w.at.arrivals)
        ahead = int(np.searchsorted(w.arrivals["time"][first:last], until)) if first < last else 0
        self._fit_requests(int(w.at.requests) + ahead, ahead)
        w = self.crowd
        ask_for_arrivals(w, until)
        asked = w.requests[: w.at.requests]
        return PageRequests(*(np.ascontiguousarray(asked[name]) for name in _ASKED), view=view)

    def answer(self, content: NDArray[np.int32], propensity: NDArray[np.float32] | None) -> None:
        """Answer every open request; row i answers request i of the last `asked`."""
        if len(content) != self.crowd.at.requests:
            raise ValueError(f"{len(content)} slates for {self.crowd.at.requests} requests")
        if propensity is None:
            if len(self._no_propensity) < len(content):
                self._no_propensity = np.full((2 * len(content), content.shape[1]), np.nan, np.float32)
            propensity = self._no_propensity
        answer(self.crowd, content, propensity)

    # -- what they did -----------------------------------------------------------------------------------------

    def take_acts(self) -> list[Rows]:
        """Return the acts since the last call, in chunks, in order of time."""
        self._drain()
        acts, self._acts = self._acts, []
        return acts

    def take_orders(self) -> Rows:
        """Return the orders since the last call, in order of time."""
        self._drain()
        orders, self._orders = self._orders, []
        self.crowd.at.release_at = NEVER
        return np.concatenate(orders) if orders else self.crowd.orders[:0]

    # -- growing -----------------------------------------------------------------------------------------------

    def _drain(self) -> None:
        w = self.crowd
        if w.at.acts:
            self._acts.append(w.acts[: w.at.acts].copy())
            w.at.acts = 0
        if w.at.orders:
            self._orders.append(w.orders[: w.at.orders].copy())
            w.at.orders = 0

    def _make_room(self) -> None:
        n = 2 * len(self.crowd.sessions)
        requests = max(2 * n, len(self.crowd.requests))
        self.crowd = grown(self.crowd, sessions=n, heap=n, requests=requests)

    def _fit_requests(self, requests: int, firsts: int) -> None:
        if requests > len(self.crowd.requests):
            self.crowd = grown(self.crowd, requests=2 * requests)
        if firsts > len(self.crowd.first):
            self.crowd = grown(self.crowd, first=2 * firsts)
