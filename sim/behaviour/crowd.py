"""The consumers' kernel state: who is browsing now, what they asked for, what they did.

One NamedTuple of arrays, passed whole to every kernel function.  Session slots exist for live sessions only.
"""

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.schema.counters import Counter
from sim.schema.kinds import Surface
from sim.schema.rows import ACT_ROW, ORDER_ROW
from sim.world.state import NEVER, Rows, Truth

RECENT_PLACES = 8
SESSION_BITS = 27
"""A heap key is time << SESSION_BITS | session: earlier first, then the smaller session id."""

ARRIVAL_ROW = np.dtype(
    [
        ("time", "i8"),
        ("session", "i8"),
        ("number", "i8"),  # the session's own number, the same in every arm
        ("consumer", "i4"),
        ("surface", "i4"),
        ("query", "i4"),
        ("room", "i4"),
        ("paid", "i4"),  # 1: an advertisement brings them, if it can be shown at that instant
        ("offer", "i4"),  # what it is for, where it is not for the room
    ],
    align=True,
)

# What a session does next (SESSION_ROW.stage).
TURN, CLICK, BUY, RETRY, LANDED = 0, 1, 2, 3, 4
# Where the next page stands (SESSION_ROW.next_state).
NO_PAGE, ASKED, READY = 0, 1, 2
# What `advance` returns.
DONE, NEED_SLATES, TRIGGER, FULL_ROWS, FULL_SESSIONS = 0, 1, 2, 3, 4


class At(IntEnum):
    """The kernel's own numbers (`Crowd.at`): kernels know them by name, Python reads them by place."""

    NOW = 0  # everything strictly before this has happened
    HEAP = 1  # events
    UNUSED = 2  # session slots never used yet begin here
    FREE = 3  # first of the chain of free slots (SESSION_ROW.next_free), -1 = none
    ARRIVAL = 4  # next one
    ARRIVALS = 5
    ANSWERED = 6  # arrivals before this one have their first slate, in ``first``
    ANSWERED_FROM = 7  # the arrival of ``first[0]``
    FLASH = 8
    FLASHES = 9
    REQUESTS = 10  # open ones
    ACTS = 11
    ORDERS = 12
    DUE_OFFER = 13  # trigger: its position fell to its reorder level; -1 = none
    SOLD_OUT_ROOM = 14  # trigger: its allotment was sold out; -1 = none
    RELEASE_AT = 15  # the first release instant after the oldest order not taken; far where there is none
    NEXT = 16  # no event lies before this instant


HEAP_ROW = np.dtype([("key", "i8"), ("slot", "i8")])
REQUEST_ROW = np.dtype(
    [
        ("minute", "f8"),
        ("session", "i8"),
        ("consumer", "i4"),
        ("page", "i4"),
        ("query", "i4"),
        ("target", "i4"),  # session slot; -1 nobody any more; -2 - i: ``first[i]``
        ("recent", "i4", (RECENT_PLACES,)),
        ("surface", "i1"),
    ],
    align=True,
)


def slate_row(places: int) -> np.dtype[np.void]:
    """Return the row of an answer kept for an arrival."""
    return np.dtype([("content", "i4", (places,)), ("propensity", "f4", (places,))])


def session_rows(n: int, places: int) -> Rows:
    """Return ``n`` free session slots for slates of ``places``."""
    return np.zeros(
        n,
        np.dtype(
            [
                ("key", "u8"),  # root of the session's draws
                ("session", "i8"),
                ("next_free", "i8"),
                ("number", "i8"),
                ("started", "i8"),
                ("opened", "i8"),  # the page
                ("cursor", "i8"),  # how far the eyes have got
                ("entered", "i8"),  # the room
                ("wait_at", "i8"),
                ("slot", "i8"),  # slot on air when the page opened
                ("consumer", "i4"),
                ("began", "i4"),  # surface of the first page
                ("surface", "i4"),  # of the pages outside rooms
                ("query", "i4"),
                ("stage", "i4"),
                ("page", "i4"),
                ("place", "i4"),
                ("depth", "i4"),
                ("examined", "i4"),
                ("exposure", "i4"),  # of the content at ``place``, earlier in this session
                ("room", "i4"),  # -1 = not in a room
                ("live", "i4"),  # the livestream entered
                ("look", "i4"),  # in the room
                ("next_state", "i4"),
                ("request", "i4"),  # row of the open request
                ("wanted", "i4"),
                ("ordered", "i4"),
                ("wait_offer", "i4"),
                ("wait_units", "i4"),
                ("wait_content", "i4"),
                ("recent", "i4", (RECENT_PLACES,)),  # newest first
                ("slate", "i4", (places,)),
                ("offer_at", "i4", (places,)),
                ("price_at", "i8", (places,)),
                ("sold_out_at", "i4", (places,)),
                ("utility", "f8", (places,)),
                ("propensity", "f4", (places,)),
                ("next_slate", "i4", (places,)),
                ("next_propensity", "f4", (places,)),
            ],
            align=True,
        ),
    )


class Crowd(NamedTuple):
    """All arrays of the kernel; see `sim.world.state` for the first five."""

    consumers: Rows
    offers: Rows
    contents: Rows
    rooms: Rows
    promise_days: NDArray[np.float64]
    key: np.uint64
    sessions: Rows
    heap: Rows
    arrivals: Rows
    flash: Rows
    first: Rows
    requests: Rows
    acts: Rows
    orders: Rows
    daily: NDArray[np.int64]
    exposure: NDArray[np.int64]
    active: NDArray[np.uint8]
    at: Rows


def empty_crowd(truth: Truth, key: int, *, days: int, buckets: int, places: int, sessions: int = 1024) -> Crowd:
    """Return a crowd with nobody in it and room for ``sessions`` at once (it grows)."""
    return Crowd(
        *truth,
        key=np.uint64(key),
        sessions=session_rows(sessions, places),
        heap=np.zeros(sessions, HEAP_ROW),
        arrivals=np.zeros(0, ARRIVAL_ROW),
        flash=np.zeros(0, ARRIVAL_ROW),
        first=np.zeros(64, slate_row(places)),
        requests=np.zeros(2 * sessions, REQUEST_ROW),
        acts=np.zeros(1 << 15, ACT_ROW),
        orders=np.zeros(1 << 12, ORDER_ROW),
        daily=np.zeros((2, days, len(Surface), len(Counter)), np.int64),
        exposure=np.zeros((buckets, len(truth.contents)), np.int64),
        active=np.zeros((len(truth.consumers), -(-days // 8)), np.uint8),
        at=_numbers(),
    )


def _numbers() -> Rows:
    """Return the numbers as an array of one row: handing a kernel the row itself would take ten times as long."""
    numbers = np.zeros(1, [(at.name.lower(), "i8") for at in At])
    for name in ("free", "due_offer", "sold_out_room"):
        numbers[name] = -1
    numbers["release_at"] = numbers["next"] = NEVER
    return numbers


def grown(crowd: Crowd, **lengths: int) -> Crowd:
    """Return the crowd with the named arrays longer along their first axis, contents kept."""
    longer: dict[str, Any] = {}
    for name, length in lengths.items():
        old = getattr(crowd, name)
        new = np.zeros((length, *old.shape[1:]), old.dtype)
        new[: len(old)] = old
        longer[name] = new
    return crowd._replace(**longer)
