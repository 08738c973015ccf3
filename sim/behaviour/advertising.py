"""Whom money reaches: the visits that advertisements bring, and who is sent a coupon.

A target's n-th visit or coupon of a day is the same whatever else is bought, and however much of it: who it is, when
they come, and their luck.
"""

import math

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.arrivals import instant
from sim.behaviour.crowd import ARRIVAL_ROW
from sim.behaviour.purposes import COUPON_WHO, PAID_WHEN, PAID_WHO
from sim.schema.compiled import allocating, inner
from sim.schema.draws import extend, uniform
from sim.world.state import Rows

Int = NDArray[np.int32]
Long = NDArray[np.int64]
Float = NDArray[np.float64]

PAID_NUMBERS = 1 << 61
DAY_PLACE, TARGET_PLACE = 51, 25
"""A paid session is numbered by day, target and its own number there: 1,024 days, 67 million contents, 33 million."""


def visits_to_offers(
    consumers: Rows, c: Rows, key: int, *, day: int, offer: Int, visits: Long, hours: Float, hour_of_start: float
) -> Rows:
    """Return who comes to offers on a day, in order of (time, number), sessions not yet numbered.

    Everybody is as likely to come, at the hours at which their segment is about.

    Parameters
    ----------
    offer, visits : int[m]
        How many are bought of what.
    hours : float64[n_segments, 24]
        Relative numbers of visits by hour of the clock.
    hour_of_start : float
        Clock hour at which the scenario starts.
    """
    rows = np.zeros(int(visits.sum()), ARRIVAL_ROW)
    _to_offers(rows, consumers, c[0], np.uint64(key), day, offer, visits, np.cumsum(hours, axis=1), hour_of_start)
    return _in_order(rows)


def visits_to_rooms(
    consumers: Rows, c: Rows, key: int, *, day: int, room: Int, content: Int, visits: Long, begins: Long, ends: Long
) -> Rows:
    """Return who comes to rooms, in order of (time, number): at any time of a livestream alike.

    Parameters
    ----------
    room, content, visits : int[m]
        How many are bought of which room, and its content id.
    begins, ends : int64[m, k], ticks
        The spans of the day in which each is to be live; one that is none begins when it ends.
    """
    rows = np.zeros(int(visits.sum()), ARRIVAL_ROW)
    _to_rooms(rows, consumers, c[0], np.uint64(key), day, room, content, visits, begins, ends)
    return _in_order(rows)


def _in_order(rows: Rows) -> Rows:
    return rows[np.lexsort((rows["number"], rows["time"]))]


def coupon_holders(n_consumers: int, key: int, *, day: int, content: int, number: int) -> Int:
    """Return who is sent a target's coupons of a day, int32[number]; everybody is as likely, some get several."""
    who: Int = _holders(n_consumers, np.uint64(key), day, content, number)
    return who


@inner
def _somebody(k, purpose, i, n):
    """Return the consumer that a target's i-th draw falls on."""
    return min(int(uniform(k, purpose, i) * n), n - 1)


@allocating
def _holders(n, key, day, content, number):
    k = extend(extend(key, np.uint64(day)), np.uint64(content))
    who = np.empty(number, np.int32)
    for i in range(number):
        who[i] = _somebody(k, COUPON_WHO, i, n)
    return who


@allocating
def _to_offers(rows, consumers, c, key, day, offer, visits, hours, hour_of_start):
    n = 0
    for target in range(len(offer)):
        k = extend(extend(key, np.uint64(day)), np.uint64(offer[target]))
        for i in range(visits[target]):
            row = rows[n]
            n += 1
            _bring(row, k, day, offer[target], i, len(consumers))
            weights = hours[consumers[row.consumer].segment]
            row.time = instant(uniform(k, PAID_WHEN, i), weights, hour_of_start, day, c.grid)
            row.room = -1
            row.offer = offer[target]
            row.surface = 0  # the feed comes after it


@allocating
def _to_rooms(rows, consumers, c, key, day, room, content, visits, begins, ends):
    n = 0
    for target in range(len(room)):
        k = extend(extend(key, np.uint64(day)), np.uint64(content[target]))
        for i in range(visits[target]):
            row = rows[n]
            n += 1
            _bring(row, k, day, content[target], i, len(consumers))
            at = _within(uniform(k, PAID_WHEN, i), begins[target], ends[target])
            row.time = -(-at // c.grid) * c.grid
            row.room = room[target]
            row.offer = -1
            row.surface = 1  # the room itself


@inner
def _bring(row, k, day, content, i, n_consumers):
    """Fill in who comes, and what keys their luck."""
    row.number = PAID_NUMBERS + (day << DAY_PLACE) + (np.int64(content) << TARGET_PLACE) + i
    row.consumer = _somebody(k, PAID_WHO, i, n_consumers)
    row.query = -1
    row.paid = 1


@inner
def _within(u, begins, ends):
    """Return the instant that a uniform number makes of some spans put end to end."""
    total = 0
    for j in range(len(begins)):
        total += ends[j] - begins[j]
    left = np.int64(math.floor(u * total))
    for j in range(len(begins)):
        if left < ends[j] - begins[j]:
            return begins[j] + left
        left -= ends[j] - begins[j]
    return ends[-1]
