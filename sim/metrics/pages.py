"""The logged pages, what their places hold, and which of it turned out to be relevant."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.metrics.cohort import TICKS_PER_DAY, Cohort
from sim.schema.kinds import Act, Surface
from sim.world.state import Rows

Long = NDArray[np.int64]
Bool = NDArray[np.bool_]

K = 10
"""First places of a page that the KPIs named ``_at_10`` look at."""
INTERESTED = (Act.CLICK, Act.CART, Act.ORDER)
"""What makes an item relevant, and what popularity counts."""
TIME_BITS = 27
"""A day of ticks fits."""
NOTHING = -1


class Pages:
    """Pages served in the window to consumers whose impressions are logged.

    An *item* is what a content is about: the offer of an offer or a video (both are the same item), the room itself for
    a room's card.  The *last day* is the window's last 24 hours: its pages were served before what they are judged
    by, and popularity is counted strictly before it.
    """

    def __init__(self, cohort: Cohort) -> None:
        slates = cohort.replication.slates
        self._cohort = cohort
        self.offers = len(cohort.world.truth.offers)
        self.consumers = len(cohort.world.truth.consumers)
        self.from_ = max(cohort.start, cohort.end - TICKS_PER_DAY)
        self.all = slates[(slates["time"] >= cohort.start) & (slates["time"] < cohort.end)]
        self.last_day = self.all[self.all["time"] >= self.from_]

    @cached_property
    def item_of(self) -> NDArray[np.int32]:
        """The item of each content, and of an empty place (index -1)."""
        contents = self._cohort.world.truth.contents
        items = np.where(contents["offer"] >= 0, contents["offer"], np.arange(len(contents)))
        return np.append(items, NOTHING).astype(np.int32)

    @property
    def vectors(self) -> NDArray[np.float32]:
        """Latent vectors of the contents, float32[n_contents, d]."""
        vectors: NDArray[np.float32] = self._cohort.world.truth.contents["vector"]
        return vectors

    # -- what was relevant ---------------------------------------------------------------------------------

    @cached_property
    def before(self) -> Rows:
        """Acts of interest before the last day, all consumers'."""
        acts = self._cohort.replication.acts
        return _interested(acts[: np.searchsorted(acts["time"], self.from_)])

    @cached_property
    def during(self) -> Rows:
        """Acts of interest on the last day, all consumers'."""
        acts = self._cohort.replication.acts
        first, last = np.searchsorted(acts["time"], (self.from_, self._cohort.end))
        return _interested(acts[first:last])

    def items(self, acts: Rows) -> Long:
        """Return the item of each act: inside a room the offer on show, else the item of the content."""
        inside = acts["surface"] == Surface.LIVE
        return np.where(inside, acts["offer"], self.item_of[acts["content"]]).astype(np.int64)

    def judged(self, k: int) -> tuple[Bool, Long, Long]:
        """Judge the first page of each session of the last day by what its consumer turned to from then on.

        Returns
        -------
        hits : bool[n, k]
            Whether a place holds a relevant item that no place above holds; k is smaller on smaller pages.
        relevant : int64[n]
            How many items were relevant, at least one: other sessions are left out.
        item : int64[n, k]
            -1 in an empty place.
        """
        pages = self.last_day[self.last_day["page"] == 0]
        item = self.item_of[pages["content"][:, :k]].astype(np.int64)
        consumer = pages["consumer"].astype(np.int64)
        since = pages["time"] - self.from_
        owner, what, last = self._last_interest()
        # How many of the consumer's items were turned to at or after the page: those between two places in order.
        order = np.sort((owner << TIME_BITS) | last)
        relevant = np.searchsorted(order, (consumer + 1) << TIME_BITS) - np.searchsorted(
            order, (consumer << TIME_BITS) | since
        )
        seen = _lookup(self._pair(owner, what), last, self._pair(consumer[:, None], item))
        hits = (item >= 0) & (seen >= since[:, None]) & first_of_its_kind(item)
        some = relevant > 0
        return hits[some], relevant[some], item[some]

    def _last_interest(self) -> tuple[Long, Long, Long]:
        """Return consumers, items, and when in the last day each last turned to it (ticks), by (consumer, item)."""
        acts = self.during
        consumer, item = acts["consumer"].astype(np.int64), self.items(acts)
        order = np.lexsort((acts["time"], item, consumer))
        pair = self._pair(consumer, item)[order]
        last = order[np.append(pair[1:] != pair[:-1], True)] if len(order) else order
        return consumer[last], item[last], acts["time"][last] - self.from_

    def _pair(self, consumer: Any, item: Any) -> Long:
        paired: Long = consumer * len(self.item_of) + item
        return paired

    # -- what was popular ------------------------------------------------------------------------------------

    @cached_property
    def popularity(self) -> Long:
        """Acts of interest per offer before the last day."""
        return self._per_offer(self.before)

    @cached_property
    def orders_so_far(self) -> Long:
        """Orders per offer before the last day."""
        return self._per_offer(self.before[self.before["act"] == Act.ORDER])

    def _per_offer(self, acts: Rows) -> Long:
        items = self.items(acts)
        return np.bincount(items[(items >= 0) & (items < self.offers)], minlength=self.offers)


def first_of_its_kind(item: Long) -> Bool:
    """Tell which places hold what no place above them in the row holds."""
    same = item[:, :, None] == item[:, None, :]
    earlier = np.tri(item.shape[1], k=-1, dtype=bool)
    return np.asarray(~(same & earlier).any(axis=2))


def _interested(acts: Rows) -> Rows:
    return acts[np.isin(acts["act"], INTERESTED)]


def _lookup(keys: Long, values: Long, wanted: Long) -> Long:
    """Return the values of sorted keys; -1 for a key that is not there."""
    if not len(keys):
        return np.full(wanted.shape, NOTHING, np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], NOTHING)
