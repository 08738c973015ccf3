"""What consumers turned to, and when: the log's clicks, carts and orders."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.metrics.cohort import Cohort
from sim.schema.kinds import Act, Surface
from sim.world.state import NEVER

Long = NDArray[np.int64]
Bool = NDArray[np.bool_]

INTERESTED = (Act.CLICK, Act.CART, Act.ORDER)
"""What makes an item relevant, what popularity counts, and what a history is made of."""
NOTHING = -1


class Interest:
    """The acts of interest of all consumers, in order of time, from the start on.

    An *item* is what a content is about: the offer of an offer or a video (both are the same item), the room itself for
    a room's card.  Inside a room it is the offer on show.

    Attributes
    ----------
    time : int64[n], ticks
    consumer, item : int64[n]
    order : bool[n]
        Whether the act was an order.
    item_of : int32[n_contents + 1]
        The item of each content, and of an empty place (index -1).
    offers : int
        How many offers there are: items below are offers, the others rooms.
    """

    def __init__(self, cohort: Cohort) -> None:
        acts, truth = cohort.replication.acts, cohort.world.truth
        at = np.flatnonzero(np.isin(acts["act"], INTERESTED))
        self.offers = len(truth.offers)
        contents = truth.contents
        items = np.where(contents["offer"] >= 0, contents["offer"], np.arange(len(contents)))
        self.item_of = np.append(items, NOTHING).astype(np.int32)
        self.time: Long = acts["time"][at]
        self.consumer = acts["consumer"][at].astype(np.int64)
        inside = acts["surface"][at] == Surface.LIVE
        self.item = np.where(inside, acts["offer"][at], self.item_of[acts["content"][at]]).astype(np.int64)
        self.order: Bool = acts["act"][at] == Act.ORDER
        self._first = np.full(len(truth.consumers) + 1, len(at))  # the last is nobody
        np.minimum.at(self._first, self.consumer, np.arange(len(at)))
        self._first_time = np.append(self.time, NEVER)[self._first]
        self._first_session = np.append(acts["session"][at], NOTHING)[self._first]

    def between(self, since: int, until: int) -> slice:
        """Return where the acts in [since, until) are (ticks)."""
        first, last = np.searchsorted(self.time, (since, until))
        return slice(int(first), int(last))

    def per_offer(self, acts: slice, chosen: Bool | slice = slice(None)) -> Long:
        """Return how many of some acts were about each offer, int64[n_offers]."""
        item = self.item[acts][chosen]
        return np.bincount(item[(item >= 0) & (item < self.offers)], minlength=self.offers)

    def is_first(self, consumer: ArrayLike, session: ArrayLike, time: ArrayLike) -> Bool:
        """Tell for moments of sessions whether the consumer had turned to nothing before the session began."""
        who = np.asarray(consumer)
        return np.asarray((np.asarray(time) <= self._first_time[who]) | (self._first_session[who] == session))
