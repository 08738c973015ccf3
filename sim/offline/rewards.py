"""Which looks of a log became clicks."""

import numpy as np
from numpy.typing import NDArray

from sim.offline.log_table import LogTable
from sim.schema.kinds import Act

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

SOON = 30.0
"""Minutes after a look in which a click belongs to it, where looks and clicks are rows of their own."""


def rewards(log: LogTable) -> Float:
    """Return 1 for a look that became a click, 0 for one that did not, NaN for what is no look."""
    if not log.looks.any():
        return np.full(len(log), np.nan)
    if log.marked:
        return np.asarray(log.act == Act.CLICK, np.float64)
    return np.where(log.looks, _followed(log), np.nan)


def _followed(log: LogTable) -> Bool:
    """Return which rows are followed soon by a click of the same user on the same item at the same place."""
    place = np.zeros(len(log), np.int64) if log.position is None else log.position.astype(np.int64) + 1
    key = (log.user.astype(np.int64) * len(log.items) + log.item) * (int(place.max()) + 1) + place
    order = np.lexsort((log.minute, key))
    clicked, minute, key = log.act[order] == Act.CLICK, log.minute[order], key[order]
    until = np.where(clicked, np.arange(len(order)), len(order))
    following = np.minimum.accumulate(until[::-1])[::-1]  # the next click at or after each row
    there = np.minimum(following, len(order) - 1)
    soon = np.zeros(len(log), np.bool_)
    soon[order] = (following < len(order)) & (key[there] == key) & (minute[there] - minute <= SOON)
    return soon
