"""What marketing money can be spent on today, and what is publicly known of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.processes.run_of_show import RunOfShow
from sim.processes.timetable import DAY
from sim.schema.clock import TICKS_PER_MINUTE
from sim.schema.kinds import ContentKind
from sim.world.world import World

Long = NDArray[np.int64]
Columns = dict[str, NDArray[Any]]

_FACTS = ("price", "unit_cost", "commission", "available", "sold_week")
_NAMES = (
    ("content", np.int32), ("kind", np.int8), ("merchant", np.int32), ("category", np.int32), ("creator", np.int32),
    ("price", np.int64), ("unit_cost", np.int64), ("commission", np.float64), ("available", np.int64),
    ("sold_week", np.int64), ("listed", np.float64), ("joined", np.float64),
)  # fmt: skip


class Targets:
    """The offers on sale and the rooms with a livestream planned for the day, offers first."""

    def __init__(self, world: World) -> None:
        self._world = world
        offers = world.truth.offers
        joined = np.full(int(offers["merchant"].max(initial=-1)) + 1, np.inf)
        np.minimum.at(joined, offers["merchant"], offers["listed"] / TICKS_PER_MINUTE)
        self._joined = joined[offers["merchant"]]

    def of_day(self, now: int, shows: Sequence[RunOfShow], sold_week: Long) -> Columns:
        """Return the columns of a `MarketingView` that say what there is, for the day that begins ``now`` (ticks)."""
        known = self._facts(sold_week)
        on_sale = np.flatnonzero(self._world.truth.offers["listed"] <= now)
        offers = {name: values[on_sale] for name, values in known.items()}
        rooms = [self._room(room, _of(room, shows), known) for room in live_today(shows)]
        return {
            name: np.concatenate((offers[name], [room[name] for room in rooms])).astype(kind) for name, kind in _NAMES
        }

    def _facts(self, sold_week: Long) -> Columns:
        world = self._world
        offers = world.truth.offers
        nobody = np.full(len(offers), -1)
        columns = {name: offers[name] for name in ("merchant", "category", "price", "unit_cost", "available")}
        return columns | {
            "content": np.arange(len(offers)),
            "kind": np.full(len(offers), ContentKind.OFFER),
            "creator": nobody,
            "commission": world.cast.offer_commission,
            "sold_week": sold_week,
            "listed": offers["listed"] / TICKS_PER_MINUTE,
            "joined": self._joined,
        }

    def _room(self, room: int, shows: Sequence[RunOfShow], known: Columns) -> dict[str, float]:
        """Return what is known of a room by what it will show."""
        items = sorted({slot.offer for show in shows for slot in show.slots if slot.offer >= 0})
        found = {name: known[name][items] for name in _FACTS}
        means = {name: round(float(found[name].mean())) if items else 0 for name in ("price", "unit_cost")}
        sums = {name: int(found[name].sum()) for name in ("available", "sold_week")}
        return {
            "content": room_card(self._world, room),
            "kind": ContentKind.ROOM,
            "merchant": -1,
            "category": -1,
            "creator": room,
            "commission": float(found["commission"].mean()) if items else 0.0,
            "listed": min(show.begins for show in shows) / TICKS_PER_MINUTE,
            "joined": np.nan,
            **means,
            **sums,
        }


def live_today(shows: Sequence[RunOfShow]) -> list[int]:
    """Return the rooms of a day's livestreams, ascending."""
    return sorted({show.creator for show in shows})


def _of(room: int, shows: Sequence[RunOfShow]) -> list[RunOfShow]:
    return [show for show in shows if show.creator == room]


def room_card(world: World, room: int) -> int:
    """Return the content id of a room."""
    return len(world.truth.contents) - len(world.truth.rooms) + room


def live_spans(rooms: Sequence[int], shows: Sequence[RunOfShow], now: int) -> tuple[Long, Long]:
    """Return when rooms are to be live on the day that begins ``now``: begins and ends, int64[m, k], ticks.

    What goes on after midnight is cut off; rooms with fewer livestreams have empty spans.
    """
    spans = [[(show.begins, min(show.ends, now + DAY)) for show in _of(room, shows)] for room in rooms]
    most = max(map(len, spans), default=0)
    table = np.array([own + [(now, now)] * (most - len(own)) for own in spans], np.int64).reshape(len(rooms), most, 2)
    return np.ascontiguousarray(table[..., 0]), np.ascontiguousarray(table[..., 1])
