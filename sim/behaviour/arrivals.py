"""Who comes when: a non-homogeneous Poisson process per consumer, thinned by trust, and flash crowds."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.choice import duration, match
from sim.behaviour.crowd import ARRIVAL_ROW
from sim.behaviour.purposes import ACCEPT, CROWD, HOUR, NOTICE, QUERY, SURFACE, VISITS
from sim.schema.clock import TICKS_PER_MINUTE
from sim.schema.compiled import allocating, compiled, inner
from sim.schema.draws import extend, uniform
from sim.schema.kinds import Surface
from sim.world.state import Rows

VISITS_A_DAY = 64
"""A consumer's sessions of a day are numbered day x 64 + i; more than 63 a day do not happen."""
FLASH_NUMBERS = 1 << 40
TICKS_PER_HOUR = 60 * TICKS_PER_MINUTE
SEARCH = int(Surface.SEARCH)
START_SURFACES = np.array([Surface.FEED, Surface.MALL, Surface.SEARCH], np.int32)


def day_arrivals(
    consumers: Rows,
    c: Rows,
    key: int,
    *,
    day: int,
    factor: float | NDArray[np.float64],
    hours: NDArray[np.float64],
    surfaces: NDArray[np.float64],
    categories: NDArray[np.float32],
    hour_of_start: float,
) -> Rows:
    """Return a simulated day's arrivals in order of (time, consumer), sessions not yet numbered.

    Candidates are Poisson at the rate a fully trusting consumer would have; each is kept with the probability
    that trust at the day's start gives it.  So the same candidates stand in every arm, and a consumer whose
    trust fell comes to a subset of them.

    Parameters
    ----------
    day : int
        Days since the start; the day begins at ``day * 1440`` minutes.
    factor : float, or float64[n_segments]
        Of the weekday and of surges.
    hours : float64[n_segments, 24]
        Relative numbers of visits by hour of the clock.
    surfaces : float64[n_segments, 3]
        Shares of sessions that begin in feed, mall and search.
    categories : float32[n_categories, d]
        What a category is about: consumers search for what they like.
    hour_of_start : float
        Clock hour at which the scenario starts.
    """
    counts = _count(consumers, c[0], np.uint64(key), day, np.full(len(hours), factor, np.float64))
    rows = np.zeros(int(counts.sum()), ARRIVAL_ROW)
    kept = _fill(
        rows, counts, consumers, c[0], np.uint64(key), day, np.cumsum(hours, axis=1), np.cumsum(surfaces, axis=1),
        categories, hour_of_start,
    )  # fmt: skip
    rows = rows[:kept]
    return rows[np.lexsort((rows["number"], rows["consumer"], rows["time"]))]


@allocating
def _count(consumers, c, key, day, factor):
    counts = np.zeros(len(consumers), np.int64)
    most = math.exp(c.trust_activity * (1.0 - c.opening_trust))
    for i in range(len(consumers)):
        rate = consumers[i].visit_rate * factor[consumers[i].segment] * most
        left = uniform(extend(key, np.uint64(i)), VISITS, day)
        term = math.exp(-rate)
        while left >= term and counts[i] < VISITS_A_DAY - 1:
            left -= term
            counts[i] += 1
            term *= rate / counts[i]
    return counts


@allocating
def _fill(rows, counts, consumers, c, key, day, hours, surfaces, categories, hour_of_start):
    n = 0
    weights = np.zeros(len(categories))
    for i in range(len(consumers)):
        consumer = consumers[i]
        keep = math.exp(c.trust_activity * (consumer.trust - 1.0))
        for visit in range(counts[i]):
            number = day * VISITS_A_DAY + visit
            k = extend(extend(key, np.uint64(i)), np.uint64(number))
            if uniform(k, ACCEPT, 0) >= keep:
                continue
            row = rows[n]
            n += 1
            row.time = instant(uniform(k, HOUR, 0), hours[consumer.segment], hour_of_start, day, c.grid)
            row.number = number
            row.consumer = i
            row.room = -1
            row.query = -1
            row.surface = START_SURFACES[_pick(uniform(k, SURFACE, 0), surfaces[consumer.segment])]
            if row.surface == SEARCH:
                for g in range(len(categories)):
                    weights[g] = math.exp(match(consumer.taste, categories[g]))
                row.query = _pick(uniform(k, QUERY, 0), np.cumsum(weights))
    return n


@inner
def instant(u, cumulated, hour_of_start, day, grid):
    """Return the instant of a day, ticks, that a uniform number makes of the cumulated weights of clock hours."""
    since_midnight = (_hour(u, cumulated) - hour_of_start) % 24.0
    ticks = np.int64(math.ceil(since_midnight * TICKS_PER_HOUR)) + day * 24 * TICKS_PER_HOUR
    # rounded up, but not into the next day, which begins without this day's arrivals
    return min(-(-ticks // grid), ((day + 1) * 24 * TICKS_PER_HOUR - 1) // grid) * grid


@inner
def _hour(u, cumulated):
    at = u * cumulated[-1]
    before = 0.0
    for hour in range(24):
        if at < cumulated[hour]:
            return hour + (at - before) / (cumulated[hour] - before)
        before = cumulated[hour]
    return 23.999


@inner
def _pick(u, cumulated):
    at = u * cumulated[-1]
    for i in range(len(cumulated)):
        if at < cumulated[i]:
            return i
    return len(cumulated) - 1


def flash_crowd(
    consumers: Rows, c: Rows, key: int, *, room: int, livestream: int, now: int, share: float, within: float,
    crowd: int,
) -> Rows:  # fmt: skip
    """Return those who come to a room when its livestream starts, in order of (time, consumer).

    Each follower of the creator comes with probability ``share``; ``crowd`` more (in the mean) come from among
    the others.  Delays are exponential with mean ``within`` ticks.
    """
    rows = np.zeros(len(consumers), ARRIVAL_ROW)
    n = _notice(rows, consumers, c[0], np.uint64(key), room, livestream, now, share, within, crowd)
    rows = rows[:n].copy()
    return rows[np.lexsort((rows["consumer"], rows["time"]))]


@compiled
def count_followers(consumers: Rows, creator: int) -> int:
    """Return how many consumers follow a creator."""
    n = 0
    for i in range(len(consumers)):
        if _follows(consumers[i].follows, creator):
            n += 1
    return n


@inner
def _follows(follows, creator):
    found = False
    for j in range(follows.shape[0]):
        found |= follows[j] == creator
    return found


@allocating
def _notice(rows, consumers, c, key, room, livestream, now, share, within, crowd):
    n = 0
    others = crowd / max(1, len(consumers) - count_followers(consumers, room)) if crowd > 0 else 0.0
    number = FLASH_NUMBERS + livestream
    for i in range(len(consumers)):
        chance = share if _follows(consumers[i].follows, room) else others
        if chance <= 0.0:
            continue
        k = extend(extend(key, np.uint64(i)), np.uint64(number))
        if uniform(k, NOTICE, 0) >= chance:
            continue
        row = rows[n]
        n += 1
        row.time = -(-now // c.grid) * c.grid + duration(within, uniform(k, CROWD, 0), c.grid)
        row.number = number
        row.consumer = i
        row.surface = 1
        row.query = -1
        row.room = room
    return n
