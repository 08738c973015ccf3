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
    At,
    Crowd,
    empty_crowd,
    grown,
)
from sim.behaviour.kernel import advance, answer, ask_for_arrivals
from sim.behaviour.tally import TICKS_PER_DAY
from sim.scenario.consistent import LONGEST_DAYS
from sim.schema.compiled import ready
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
        Days in the horizon, `LONGEST_DAYS` at most where there are consumers; buckets of the exposure counters.
    places : int
        Places on a page.
    """

    def __init__(self, truth: Truth, c: Rows, key: int, *, days: int, buckets: int, places: int) -> None:
        if len(truth.consumers) and days > LONGEST_DAYS:
            raise OverflowError(f"{days} days are more than the {LONGEST_DAYS} that the consumers' calendar holds")
        self.c = c
        self._end = days * TICKS_PER_DAY
        self.crowd: Crowd = empty_crowd(truth, key, days=days, buckets=buckets, places=places)
        self._at: NDArray[np.int64] = self.crowd.at.view(np.int64)  # the same numbers
        self._next_session = 0
        self._acts: list[Rows] = []
        self._orders: list[Rows] = []
        self._no_propensity = np.full((1, places), np.nan, np.float32)
        nothing = np.zeros((0, places), np.int32), np.zeros((0, places), np.float32)
        self._advance = ready(advance, self.crowd, c, 0)
        self._ask = ready(ask_for_arrivals, self.crowd, 0)
        self._answer = ready(answer, self.crowd, *nothing)

    @property
    def now(self) -> int:
        """Everything strictly before this instant (ticks) has happened."""
        return self._at.item(At.NOW)

    @property
    def next_time(self) -> int:
        """No event lies before this instant, ticks; `NEVER` where nothing will happen by itself."""
        return self._at.item(At.NEXT)

    @property
    def release_at(self) -> int:
        """The instant at which the orders placed so far must be released, ticks; very far without orders."""
        return self._at.item(At.RELEASE_AT)

    @property
    def due_offer(self) -> int:
        """The offer whose position fell to its reorder level just now, -1 = none."""
        return self._at.item(At.DUE_OFFER)

    @property
    def sold_out_room(self) -> int:
        """The room whose allotment was sold out just now, -1 = none."""
        return self._at.item(At.SOLD_OUT_ROOM)

    def advance(self, limit: int) -> Pause:
        """Walk all sessions strictly before ``limit`` (ticks), or to the first trigger or missing slate."""
        if self._at.item(At.NEXT) >= limit:  # most SimPy events follow one another without a visit in between
            self._at[At.NOW] = max(self._at.item(At.NOW), min(limit, self._at.item(At.RELEASE_AT)))
            self._at[At.DUE_OFFER] = self._at[At.SOLD_OUT_ROOM] = -1
            return Pause.DONE
        while True:
            code = self._advance(self.crowd, self.c, limit)
            if code == FULL_ROWS:
                self._drain()
            elif code == FULL_SESSIONS:
                self._make_room()
            else:
                return Pause(code)

    # -- who comes ---------------------------------------------------------------------------------------------

    def come(self, arrivals: Rows) -> None:
        """Add a day's arrivals (sorted) to those who are still to come.

        Whoever had a first slate already is asked about again: the view in force decides, so the answer is the same.
        """
        w = self.crowd
        late = w.arrivals[self._at[At.ARRIVAL] : self._at[At.ARRIVALS]]
        arrivals = self._number(arrivals)
        if len(late):
            merged = np.concatenate((late, arrivals))
            arrivals = merged[np.lexsort((merged["session"], merged["time"]))]
        self.crowd = w._replace(arrivals=arrivals)
        self._at[At.ARRIVALS] = len(arrivals)
        self._at[At.ARRIVAL] = self._at[At.ANSWERED] = self._at[At.ANSWERED_FROM] = 0
        self._expect(arrivals)

    def flock(self, arrivals: Rows) -> None:
        """Add a flash crowd (sorted) to those on their way to rooms; nobody comes after the last day."""
        w = self.crowd
        arrivals = arrivals[arrivals["time"] < self._end]
        waiting = w.flash[self._at[At.FLASH] : self._at[At.FLASHES]]
        merged = np.concatenate((waiting, self._number(arrivals)))
        self.crowd = w._replace(flash=merged[np.lexsort((merged["session"], merged["time"]))])
        self._at[At.FLASH] = 0
        self._at[At.FLASHES] = len(merged)
        self._expect(merged)

    def _expect(self, arrivals: Rows) -> None:
        if len(arrivals):
            self._at[At.NEXT] = min(self._at.item(At.NEXT), int(arrivals["time"].min()))

    def _number(self, arrivals: Rows) -> Rows:
        if len(arrivals) and arrivals["time"].max() >= self._end:
            raise ValueError("arrivals after the last day")
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
        first, last = self._at.item(At.ANSWERED), self._at.item(At.ARRIVALS)
        ahead = int(np.searchsorted(w.arrivals["time"][first:last], until)) if first < last else 0
        self._fit_requests(self._at.item(At.REQUESTS) + ahead, ahead)
        w = self.crowd
        self._ask(w, until)
        asked = w.requests[: self._at.item(At.REQUESTS)]
        return PageRequests(**{name: np.ascontiguousarray(asked[name]) for name in _ASKED}, view=view)

    def answer(self, content: NDArray[np.int32], propensity: NDArray[np.float32] | None) -> None:
        """Answer every open request; row i answers request i of the last `asked`."""
        if len(content) != self._at[At.REQUESTS]:
            raise ValueError(f"{len(content)} slates for {self._at[At.REQUESTS]} requests")
        if propensity is None:
            if len(self._no_propensity) < len(content):
                self._no_propensity = np.full((2 * len(content), content.shape[1]), np.nan, np.float32)
            propensity = self._no_propensity
        self._answer(self.crowd, np.ascontiguousarray(content, np.int32), propensity)

    # -- what they did -----------------------------------------------------------------------------------------

    def take_acts(self) -> list[Rows]:
        """Return the acts since the last call and strictly before now, in order of time.

        A look is written down when the eyes set out, ahead of its instant: what lies ahead is kept back.
        """
        self._drain()
        acts = np.concatenate((self.crowd.acts[:0], *self._acts))
        acts = acts[np.argsort(acts["time"], kind="stable")]
        n = int(np.searchsorted(acts["time"], self.now))
        self._acts = [acts[n:]]
        return [acts[:n]]

    def take_orders(self) -> Rows:
        """Return the orders since the last call, in order of time."""
        self._drain()
        orders, self._orders = self._orders, []
        self._at[At.RELEASE_AT] = NEVER
        return np.concatenate(orders) if orders else self.crowd.orders[:0]

    # -- growing -----------------------------------------------------------------------------------------------

    def _drain(self) -> None:
        w, acts, orders = self.crowd, self._at.item(At.ACTS), self._at.item(At.ORDERS)
        if acts:
            self._acts.append(w.acts[:acts].copy())
        if orders:
            self._orders.append(w.orders[:orders].copy())
        self._at[At.ACTS] = self._at[At.ORDERS] = 0

    def _make_room(self) -> None:
        n = 2 * len(self.crowd.sessions)
        requests = max(2 * n, len(self.crowd.requests))
        self.crowd = grown(self.crowd, sessions=n, heap=n, requests=requests)

    def _fit_requests(self, requests: int, firsts: int) -> None:
        if requests > len(self.crowd.requests):
            self.crowd = grown(self.crowd, requests=2 * requests)
        if firsts > len(self.crowd.first):
            self.crowd = grown(self.crowd, first=2 * firsts)
