"""How alike consumers of like taste become in what they turn to: where a loop narrows the world, it shows here.

References
----------
Chaney, Stewart & Engelhardt (2018), RecSys '18: homogenisation is the change, against a world without the
recommender, of the mean Jaccard index of what users did, over each user's pair with the most similar one by true
preference.  The pairs are the same in both worlds, so nothing is chosen by what is measured.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.metrics.cohort import TICKS_PER_DAY, Cohort
from sim.metrics.definition import define
from sim.metrics.interest import Interest
from sim.metrics.ratio import ratios
from sim.world.streams import streams

Long = NDArray[np.int64]
Float = NDArray[np.float64]

MOST_CONSUMERS = 4_000
"""Looked at; of more, so many are drawn, the same ones in every arm."""
CHUNK = 512
"""Consumers at a time: memory."""

DEFINITIONS = define(
    "recommendation",
    (
        "similarity_nearest",
        "ratio",
        "",
        "Jaccard index of the items that two consumers clicked, carted or ordered in the window (by day: up to the "
        "day's end), mean over pairs of each consumer with the one of most similar taste, by the true cosine; pairs "
        f"of which one did nothing are left out; of more than {MOST_CONSUMERS:,} consumers a sample, alike in all arms",
    ),
)


def overall(cohort: Cohort) -> float:
    """Return the likeness at the window's end."""
    return float(by_day(cohort)[-1])


def by_day(cohort: Cohort) -> Float:
    """Return the likeness of pairs by the end of each day of the window, float64[days]; NaN while there is no pair."""
    return cohort.once(_by_day)


def _by_day(cohort: Cohort) -> Float:
    consumers = _watched(cohort)
    first, second = nearest_pairs(cohort.world.truth.consumers["taste"][consumers])
    owner, item, day = _first_days(cohort, consumers)
    return mean_jaccard(owner, item, day, (first, second), len(consumers), len(cohort.calendar))


def _watched(cohort: Cohort) -> Long:
    """Return whose likeness is measured."""
    n = len(cohort.world.truth.consumers)
    if n <= MOST_CONSUMERS:
        return np.arange(n)
    # A stream of its own: what was drawn before does not matter, nor how often KPIs are computed.
    rng = streams(cohort.world.scenario.seed, cohort.replication.world.replication)("metrics.similarity")
    return np.sort(rng.choice(n, MOST_CONSUMERS, replace=False))


def nearest_pairs(taste: NDArray[Any]) -> tuple[Long, Long]:
    """Return each consumer's pair with the one of most similar taste, every pair once; of equals the smaller id.

    Parameters
    ----------
    taste : float[n, d]
    """
    n = len(taste)
    if n < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    length = np.linalg.norm(taste.astype(np.float64), axis=1, keepdims=True)
    unit = taste / np.where(length > 0, length, 1)
    nearest = np.zeros(n, np.int64)
    for start in range(0, n, CHUNK):
        rows = np.arange(start, min(start + CHUNK, n))
        cosine = (unit[rows] @ unit.T).astype(np.float32)  # rounded: a sum's last bit decides nothing
        cosine[rows - start, rows] = -np.inf
        nearest[rows] = cosine.argmax(axis=1)
    own = np.arange(n)
    pairs = np.unique(np.minimum(own, nearest) * n + np.maximum(own, nearest))
    return pairs // n, pairs % n


def mean_jaccard(owner: Long, item: Long, day: Long, pairs: tuple[Long, Long], consumers: int, days: int) -> Float:
    """Return the mean Jaccard index over pairs by the end of each day, float64[days].

    Parameters
    ----------
    owner, item, day : int64[n]
        Who turned to what, and the day on which first; by (owner, item), each once.
    pairs : two of int64[m]
        Of owners.
    """
    size = _running(owner, day, consumers, days)
    first, second = pairs
    which, row, other = _in_both(owner, item, first, second, consumers)
    both = _running(which, np.maximum(day[row], day[other]), len(first), days)
    counted = (size[first] > 0) & (size[second] > 0)
    jaccard = ratios(both, size[first] + size[second] - both)
    return ratios(np.where(counted, jaccard, 0.0).sum(axis=0), counted.sum(axis=0))


def _running(group: Long, day: Long, groups: int, days: int) -> Long:
    """Return how many rows each group has by the end of each day, int64[groups, days]."""
    counted = np.bincount(group * days + day, minlength=groups * days)
    return np.cumsum(counted.reshape(groups, days), axis=1)


def _in_both(owner: Long, item: Long, first: Long, second: Long, consumers: int) -> tuple[Long, Long, Long]:
    """Return pair, row of the first and row of the second, for each item that both of a pair turned to."""
    start = np.searchsorted(owner, np.arange(consumers + 1))
    many = np.diff(start)[first]
    which = np.repeat(np.arange(len(first)), many)
    row = np.arange(len(which)) + np.repeat(start[first] - (np.cumsum(many) - many), many)
    most = int(item.max(initial=0)) + 1
    keys, wanted = owner * most + item, second[which] * most + item[row]
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    found = np.flatnonzero(keys[place] == wanted) if len(keys) else np.zeros(0, np.int64)
    return which[found], row[found], place[found]


def _first_days(cohort: Cohort, consumers: Long) -> tuple[Long, Long, Long]:
    """Return who of some consumers (by place) turned to what in the window, and the day of it on which first."""
    interest = cohort.once(Interest)
    acts = interest.between(cohort.start, cohort.end)
    place = np.full(len(cohort.world.truth.consumers), -1)
    place[consumers] = np.arange(len(consumers))
    owner, item = place[interest.consumer[acts]], interest.item[acts]
    rows = np.flatnonzero((owner >= 0) & (item >= 0))
    most = len(interest.item_of)
    keys, at = np.unique(owner[rows] * most + item[rows], return_index=True)  # the first of each: in order of time
    day = interest.time[acts][rows[at]] // TICKS_PER_DAY - cohort.calendar.start
    return keys // most, keys % most, day
