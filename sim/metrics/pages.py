"""The logged pages of some time, and what is known of their consumers before and during it."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.metrics.cohort import TICKS_PER_DAY, Cohort
from sim.metrics.interest import NOTHING, Interest
from sim.world.state import Rows

Long = NDArray[np.int64]
Bool = NDArray[np.bool_]

K = 10
"""First places of a page that the KPIs named ``_at_10`` look at."""
TIME_BITS = 27
"""A day of ticks fits."""


class Past:
    """What consumers turned to before a day, and on it: what the day's pages are held against.

    Parameters
    ----------
    since, until : int
        Ticks, a day apart at most.
    """

    def __init__(self, interest: Interest, watched: Bool, since: int, until: int) -> None:
        self.interest = interest
        self.since = since
        self._watched = watched
        self._before = interest.between(0, since)
        self._during = interest.between(since, until)

    @cached_property
    def popularity(self) -> Long:
        """Acts of interest per offer before, all consumers'."""
        return self.interest.per_offer(self._before)

    @cached_property
    def orders(self) -> Long:
        """Orders per offer before."""
        return self.interest.per_offer(self._before, self.interest.order[self._before])

    @cached_property
    def own(self) -> tuple[Long, Long]:
        """Consumers and offers of the acts before, of consumers whose pages are logged."""
        consumer, item = self._acts(self._before)
        offered = (item >= 0) & (item < self.interest.offers)
        return consumer[offered], item[offered]

    @cached_property
    def last_interest(self) -> tuple[Long, Long, Long]:
        """Consumers, items, and when in the day each last turned to it (ticks), by (consumer, item)."""
        consumer, item = self._acts(self._during)
        time = self.interest.time[self._during][self._watched[self.interest.consumer[self._during]]]
        order = np.lexsort((time, item, consumer))
        consumer, item, time = consumer[order], item[order], time[order]
        last = np.append((consumer[1:] != consumer[:-1]) | (item[1:] != item[:-1]), True)[: len(order)]
        return consumer[last], item[last], time[last] - self.since

    def _acts(self, when: slice) -> tuple[Long, Long]:
        consumer, item = self.interest.consumer[when], self.interest.item[when]
        watched = self._watched[consumer]
        return consumer[watched], item[watched]


@dataclass(frozen=True, slots=True)
class Judged:
    """First pages of sessions, judged.

    Attributes
    ----------
    hits : bool[n, k]
        Whether a place holds a relevant item that no place above holds; k is smaller on smaller pages.
    relevant : int64[n]
        How many items were relevant, at least one.
    item : int64[n, k]
        -1 in an empty place.
    """

    hits: Bool
    relevant: Long
    item: Long


@dataclass(frozen=True)
class Pages:
    """Pages that were served to consumers whose impressions are logged.

    Attributes
    ----------
    rows : structured array, `slate_log_row`
    past : Past
        Of the day they were served on.
    """

    rows: Rows
    past: Past

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, chosen: Bool | slice) -> "Pages":
        """Return some of them."""
        return replace(self, rows=self.rows[chosen])

    @property
    def offers(self) -> int:
        """How many offers there are."""
        return self.past.interest.offers

    @cached_property
    def item(self) -> NDArray[np.int32]:
        """What the places are about, int32[n, places]; -1 in an empty one."""
        items: NDArray[np.int32] = self.past.interest.item_of[self.rows["content"]]
        return items

    def judged(self, k: int) -> Judged:
        """Judge the first page of each session by what its consumer turned to from then on, until the day's end.

        Pages of consumers who turned to nothing are left out.
        """
        first = self.rows["page"] == 0
        item = self.item[first, :k].astype(np.int64)
        consumer = self.rows["consumer"][first].astype(np.int64)
        since = self.rows["time"][first] - self.past.since
        owner, what, last = self.past.last_interest
        # How many of the consumer's items were turned to at or after the page: those between two places in order.
        order = np.sort((owner << TIME_BITS) | last)
        relevant = np.searchsorted(order, (consumer + 1) << TIME_BITS) - np.searchsorted(
            order, (consumer << TIME_BITS) | since
        )
        seen = _lookup(self._pair(owner, what), last, self._pair(consumer[:, None], item))
        hits = (item >= 0) & (seen >= since[:, None]) & first_of_its_kind(item)
        some = relevant > 0
        return Judged(hits[some], relevant[some], item[some])

    def _pair(self, consumer: Any, item: Any) -> Long:
        paired: Long = consumer * len(self.past.interest.item_of) + item
        return paired


class LoggedPages:
    """All logged pages of the window.

    Attributes
    ----------
    rows : structured array, `slate_log_row`
    """

    def __init__(self, cohort: Cohort) -> None:
        slates = cohort.replication.slates
        self.rows: Rows = slates[(slates["time"] >= cohort.start) & (slates["time"] < cohort.end)]
        self._interest = cohort.once(Interest)
        self._watched = np.zeros(len(cohort.world.truth.consumers), bool)
        self._watched[self.rows["consumer"]] = True
        self._days: dict[tuple[int, int], Pages] = {}

    def between(self, since: int, until: int) -> Pages:
        """Return the pages served in [since, until), a day at most (ticks)."""
        if (since, until) not in self._days:
            past = Past(self._interest, self._watched, since, until)
            rows = self.rows[(self.rows["time"] >= since) & (self.rows["time"] < until)]
            self._days[since, until] = Pages(rows, past)
        return self._days[since, until]


def last_day(cohort: Cohort) -> Pages:
    """Return the pages of the window's last 24 hours."""
    return cohort.once(LoggedPages).between(max(cohort.start, cohort.end - TICKS_PER_DAY), cohort.end)


def first_of_its_kind(item: Long) -> Bool:
    """Tell which places hold what no place above them in the row holds."""
    same = item[:, :, None] == item[:, None, :]
    earlier = np.tri(item.shape[1], k=-1, dtype=bool)
    return np.asarray(~(same & earlier).any(axis=2))


def _lookup(keys: Long, values: Long, wanted: Long) -> Long:
    """Return the values of sorted keys; -1 for a key that is not there."""
    if not len(keys):
        return np.full(wanted.shape, NOTHING, np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], NOTHING)
