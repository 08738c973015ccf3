"""The behaviour log: what the platform knows of what consumers did, and from when on a fit may see it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InvariantError
from sim.record.visibility import Visibility
from sim.schema.clock import TICKS_PER_MINUTE, to_ticks
from sim.schema.recommending import BehaviourLog
from sim.schema.rows import ACT_ROW
from sim.world.state import NEVER, Rows

TakeActs = Callable[[], list[Rows]]
UNKNOWN = -1
"""Surface, page and position of what is done after delivery; its content is the offer's own."""
_NOTED = ("time", "session", "consumer", "offer", "act", "value")
_TYPES: dict[str, type[np.generic]] = {
    "minute": np.float64,
    "act": np.int8,
    "consumer": np.int32,
    "content": np.int32,
    "offer": np.int32,
    "session": np.int64,
    "surface": np.int8,
    "page": np.int32,
    "position": np.int32,
    "value": np.float64,
    "propensity": np.float32,
}
_ALIKE = tuple(name for name in _TYPES if name != "minute")
"""Columns that the log and `ACT_ROW` name alike."""


class LogBook:
    """All acts in order of time; at one instant what processes log comes before what consumers do.

    Rows become part of the log once and in order: columns grow by doubling, so daily fits cost what is new.

    Parameters
    ----------
    take_acts : callable
        Returns the consumers' acts since the last call, in chunks, in order of time.
    delay : int, ticks
        A row of time t is visible to a fit at f when t < f - delay.
    rule : Visibility or None
        Says instead which rows are; then a fit's log is copied, since rows come between those seen before.
    """

    def __init__(self, take_acts: TakeActs, delay: int, rule: Visibility | None = None) -> None:
        self._take_acts = take_acts
        self._delay = 0 if rule else delay
        self._rule = rule
        self._visible = np.empty(0 if rule is None else 1024, np.int64)
        self._noted: list[tuple[int, int, int, int, int, float]] = []
        self._later = self._browsing = np.zeros(0, ACT_ROW)  # known, and too young to be entered
        self._columns = {name: np.empty(1024, dtype) for name, dtype in _TYPES.items()}
        self._n = 0
        self._complete_until = 0

    def later(self, act: int, time: int, consumer: int, offer: int, session: int, value: float) -> None:
        """Note an act that consumers do not do while browsing: a rating, a return."""
        self._noted.append((time, session, consumer, offer, act, value))

    def until(self, minute: float) -> BehaviourLog:
        """Return what a fit at ``minute`` may see: rows strictly before ``minute`` less the delay; read-only."""
        cut = to_ticks(minute) - self._delay
        self._enter_before(cut)
        n = int(np.searchsorted(self._columns["minute"][: self._n], cut / TICKS_PER_MINUTE))
        rows: slice | NDArray[np.int64] = slice(n)
        visible = None
        if self._rule is not None:
            rows = np.flatnonzero(self._visible[:n] < cut)
            visible = _read_only(self._visible[rows] / TICKS_PER_MINUTE)
        columns: dict[str, Any] = {name: _read_only(column[rows]) for name, column in self._columns.items()}
        return BehaviourLog(**columns, until=minute, visible=visible)

    def everything(self) -> Rows:
        """Return all rows ever logged, as `ACT_ROW`."""
        self._enter_before(int(NEVER))
        rows = np.zeros(self._n, ACT_ROW)
        rows["time"] = self._columns["minute"][: self._n] * TICKS_PER_MINUTE  # exact: minutes lie on the grid
        for name in _ALIKE:
            rows[name] = self._columns[name][: self._n]
        return rows

    def _enter_before(self, cut: int) -> None:
        """Move what happened before ``cut`` into the columns."""
        later, self._later = _split(np.concatenate((self._later, self._take_noted())), cut)
        browsing, self._browsing = _split(np.concatenate((self._browsing, *self._take_acts())), cut)
        rows = np.concatenate((later, browsing))
        if len(rows):
            self._enter(rows[np.argsort(rows["time"], kind="stable")])
        self._complete_until = max(self._complete_until, cut)

    def _enter(self, rows: Rows) -> None:
        if rows["time"][0] < self._complete_until:
            raise InvariantError(
                "behaviour log", f"a row of {rows['time'][0]} ticks came after a fit that should see it"
            )
        first, self._n = self._n, self._n + len(rows)
        for name, column in self._columns.items():
            if self._n > len(column):
                column = self._columns[name] = _longer(column, first, max(self._n, 2 * len(column)))
            column[first : self._n] = rows["time"] / TICKS_PER_MINUTE if name == "minute" else rows[name]
        if self._rule is not None:
            if self._n > len(self._visible):
                self._visible = _longer(self._visible, first, max(self._n, 2 * len(self._visible)))
            self._visible[first : self._n] = self._rule.ticks(rows)

    def _take_noted(self) -> Rows:
        noted, self._noted = self._noted, []
        rows = np.zeros(len(noted), ACT_ROW)
        for name, values in zip(_NOTED, zip(*noted, strict=True), strict=False):
            rows[name] = values
        rows["content"] = rows["offer"]  # an offer is a content of the same number
        rows["surface"] = rows["page"] = rows["position"] = UNKNOWN
        rows["propensity"] = np.nan
        return rows


def _split(rows: Rows, cut: int) -> tuple[Rows, Rows]:
    """Return the rows before ``cut`` and those from it on."""
    time = rows["time"]
    if (time[1:] < time[:-1]).any():
        raise InvariantError("behaviour log", "acts came out of the order of time")
    n = int(np.searchsorted(time, cut))
    return rows[:n], rows[n:]


def _longer(column: NDArray[Any], used: int, length: int) -> NDArray[Any]:
    longer = np.empty(length, column.dtype)
    longer[:used] = column[:used]
    return longer


def _read_only(column: NDArray[Any]) -> NDArray[Any]:
    view = column[:]
    view.setflags(write=False)
    return view
