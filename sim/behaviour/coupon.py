"""Coupons: who holds them, which one an order would use, what that takes off."""

from sim.schema.compiled import compiled, inner
from sim.world.state import COUPON_PLACES

LAST = 2**63 - 1
"""Later than any coupon expires."""


@compiled
def hand_out(consumers, who, target, now, until):
    """Give each of ``who`` a coupon of ``target`` (a content) that can be used in [now, until), ticks.

    It takes an empty place, or that of a coupon no longer of use; with neither, of the one that expires first.
    """
    for i in range(len(who)):
        consumer = consumers[who[i]]
        place = 0
        for j in range(COUPON_PLACES):
            if _expires(consumer, j, now) < _expires(consumer, place, now):
                place = j
        consumer.coupon[place] = target
        consumer.coupon_until[place] = until


@inner
def _expires(consumer, place, now):
    """Return when a place's coupon expires; one that is used or expired is worth nothing from now on."""
    return max(consumer.coupon_until[place], now) if consumer.coupon[place] >= 0 else now


@inner
def coupon_at(w, row, offer, t):
    """Return the place of the coupon that an offer bought at ``t`` would use, the first to expire; -1 = none.

    An offer's coupon is good for all that its merchant sells, a room's for whatever is bought in the room.
    """
    consumer = w.consumers[row.consumer]
    best, until = -1, LAST
    for j in range(COUPON_PLACES):
        target = consumer.coupon[j]
        if target < 0 or not t < consumer.coupon_until[j] < until:
            continue
        if target < w.offers.shape[0]:
            good = w.offers[target].merchant == w.offers[offer].merchant
        else:
            good = row.room >= 0 and w.contents[target].room == row.room
        if good:
            best, until = j, consumer.coupon_until[j]
    return best


@inner
def cents_off(w, c, row, offer, price, units, t):
    """Return what a coupon would take off an order, cents."""
    if units * price < c.coupon_minimum or coupon_at(w, row, offer, t) < 0:
        return 0
    return c.coupon_value


@inner
def within_budget(w, c, row, offer, price, units, t):
    """Return how many of ``units`` the budget pays for, with a coupon where that makes it more."""
    left = w.consumers[row.consumer].budget_left
    most = min(units, left // price)
    if most < units:
        helped = min(units, (left + c.coupon_value) // price)
        if helped > most and cents_off(w, c, row, offer, price, helped, t) > 0:
            return helped
    return most
