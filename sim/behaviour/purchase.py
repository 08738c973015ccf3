"""From a click to an order: the cart, the wish to buy, the attempt, and what a consumer does who finds nothing."""

import math

import numpy as np

from sim.behaviour.choice import buy_utility, cart_utility, chance, duration, match, units_wanted
from sim.behaviour.coupon import cents_off, coupon_at, within_budget
from sim.behaviour.crowd import ASKED, NO_PAGE
from sim.behaviour.page import ROOM, lucky_content, utility
from sim.behaviour.purposes import BUY, CART, PAYMENT, PAYS, STOCKOUT, UNITS, WAIT
from sim.behaviour.tally import LIVE, TICKS_PER_DAY, count, count_session, note
from sim.schema.compiled import inner
from sim.schema.counters import Counter
from sim.schema.draws import uniform
from sim.schema.kinds import Act
from sim.world.availability import due, reserve, reserve_from_slot
from sim.world.state import BOUGHT_PLACES

ACT_CART, ACT_ORDER, ACT_STOCKOUT = int(Act.CART), int(Act.ORDER), int(Act.STOCKOUT)
CARTS, INTENTS, SATISFIED = int(Counter.CARTS), int(Counter.INTENTS), int(Counter.SATISFIED)
ORDERED, STOCKOUTS = int(Counter.ORDERS), int(Counter.STOCKOUTS)
LOST_UNITS, LOST_CENTS = int(Counter.LOST_UNITS), int(Counter.LOST_CENTS)
WITH_ORDER = int(Counter.SESSIONS_WITH_ORDER)
NOBODY = -1


@inner
def wants_to_buy(w, c, s, t):
    """Draw cart and purchase intention for the place just clicked; set the units wanted.

    The price that counts is the one shown, less a coupon that would serve for a single unit.
    """
    row = w.sessions[s]
    j = row.place
    offer = w.offers[row.offer_at[j]]
    consumer = w.consumers[row.consumer]
    in_room = row.room >= 0
    fit = match(consumer.taste, offer.vector)
    price = row.price_at[j] - cents_off(w, c, row, row.offer_at[j], row.price_at[j], 1, t)
    relative = consumer.sensitivity * (math.log(price) - offer.reference)
    discount = max(0.0, 1.0 - price / offer.list_price)
    luck = lucky_content(row, j) + (row.exposure << 32)
    if uniform(row.key, CART, luck) >= chance(cart_utility(c, fit, relative, discount, in_room)):
        return False
    note(w, row, t, ACT_CART, row.slate[j], row.offer_at[j], 1.0)
    count(w, c, row, CARTS, 1)
    promise = w.promise_days[offer.node, consumer.region]
    v = buy_utility(
        c, fit, relative, discount, offer.sold, offer.stars, offer.ratings, promise, consumer.trust, in_room
    )
    if uniform(row.key, BUY, luck) >= chance(v):
        return False
    row.wanted = units_wanted(uniform(row.key, UNITS, luck), c.more_units)
    return True


@inner
def try_to_buy(w, c, s, t):
    """Reserve what was wanted at the session's place, or react to finding nothing."""
    row = w.sessions[s]
    j = row.place
    offer = row.offer_at[j]
    content = row.slate[j]
    limit = w.offers[offer].purchase_limit
    in_slot = row.room >= 0 and w.rooms[row.room].slot == row.slot and w.rooms[row.room].offer == offer
    if in_slot:
        limit = w.rooms[row.room].purchase_limit
    units = affordable(w, c, row, offer, row.price_at[j], limit, t)
    if units <= 0:
        return
    count(w, c, row, INTENTS, units)
    w.offers[offer].wanted += units
    held = w.rooms[row.room].left if in_slot else w.offers[offer].available
    got = there(w, row, row.price_at[j], units, held)
    if got <= 0:
        run_out(w, c, s, offer, content, units, t)
        return
    if in_slot:
        slot = row.slot
        reserve_from_slot(w.offers, w.rooms, row.room, got)
        if w.rooms[row.room].left == 0:
            w.at[0].sold_out_room = row.room
    else:
        slot = np.int64(-1)
        reserve(w.offers, offer, got, t)
    count(w, c, row, SATISFIED, got)
    if got < units:
        lose(w, c, row, units - got, row.price_at[j])
    order(w, c, s, t, offer, content, got, units - got, row.price_at[j], slot, 0, 0)


@inner
def try_again(w, c, s, t):
    """A consumer who waited for stock comes back once, at today's price."""
    row = w.sessions[s]
    offer = row.wait_offer
    price = w.offers[offer].price
    row.wanted = row.wait_units
    got = max(0, to_be_had(w, c, row, offer, price, t))
    if got < row.wait_units:
        lose(w, c, row, row.wait_units - got, price)
    if got <= 0:
        return
    reserve(w.offers, offer, got, t)
    order(w, c, s, t, offer, row.wait_content, got, 0, price, np.int64(-1), 0, 1)


@inner
def to_be_had(w, c, row, offer, price, t):
    """Return the units of those wanted that are there for everybody, and that limit and budget allow."""
    units = affordable(w, c, row, offer, price, w.offers[offer].purchase_limit, t)
    return there(w, row, price, units, w.offers[offer].available)


@inner
def there(w, row, price, units, held):
    """Return how many of the units are there; with fewer the coupon may not serve, so the budget alone must do."""
    if held >= units:
        return units
    return min(held, w.consumers[row.consumer].budget_left // price)


@inner
def affordable(w, c, row, offer, price, limit, t):
    """Return the units of those wanted that the purchase limit and the budget allow."""
    consumer = w.consumers[row.consumer]
    already = 0
    for i in range(BOUGHT_PLACES):
        if consumer.bought[i] == offer:
            already += consumer.bought_units[i]
    return within_budget(w, c, row, offer, price, min(row.wanted, limit - already), t)


@inner
def order(w, c, s, t, offer_id, content, units, short, price, slot, substitute, retried):
    """Write the order down, take it from the budget, and note which triggers it pulls."""
    row = w.sessions[s]
    consumer = w.consumers[row.consumer]
    offer = w.offers[offer_id]
    off = cents_off(w, c, row, offer_id, price, units, t)
    touch = redeem(w, row, offer_id, t) if off > 0 else touched(consumer, t)
    consumer.budget_left -= units * price - off
    consumer.bought[consumer.n_bought % BOUGHT_PLACES] = offer_id
    consumer.bought_units[consumer.n_bought % BOUGHT_PLACES] = units
    consumer.n_bought += 1
    fit = match(consumer.taste, offer.vector)
    paid = price - off / units
    relative = consumer.sensitivity * (math.log(paid) - offer.reference)
    discount = max(0.0, 1.0 - paid / offer.list_price)
    out = w.orders[w.at[0].orders]
    w.at[0].orders += 1
    out.placed = t
    what = offer_id + (row.ordered << 32)
    unpaid = uniform(row.key, PAYS, what) < c.unpaid
    out.pays_at = -1 if unpaid else t + duration(c.payment, uniform(row.key, PAYMENT, what), c.grid)
    out.session = row.session
    out.number = row.number
    out.slot = slot
    out.price = price
    out.coupon = off
    out.touch = touch
    out.consumer = row.consumer
    out.offer = offer_id
    out.content = content
    out.creator = w.contents[content].creator
    out.units = units
    out.short = short
    out.match = fit + offer.quality
    promise = w.promise_days[offer.node, consumer.region]
    out.surplus = buy_utility(
        c,
        fit,
        relative,
        discount,
        offer.sold,
        offer.stars,
        offer.ratings,
        promise,
        consumer.trust,
        row.room >= 0,
    )
    out.surface = LIVE if row.room >= 0 else row.surface
    out.substitute = substitute
    out.retried = retried
    note(w, row, t, ACT_ORDER, content, offer_id, units)
    count(w, c, row, ORDERED, 1)
    if row.ordered == 0:
        count_session(w, c, row, WITH_ORDER)
    row.ordered += 1
    w.at[0].release_at = min(w.at[0].release_at, (t // c.release_every + 1) * c.release_every)
    if due(w.offers, offer_id):
        w.at[0].due_offer = offer_id


@inner
def redeem(w, row, offer, t):
    """Use up the coupon for an offer; return whose it was."""
    consumer = w.consumers[row.consumer]
    place = coupon_at(w, row, offer, t)
    content = consumer.coupon[place]
    consumer.coupon[place] = -1
    return content


@inner
def touched(consumer, t):
    """Return what the advertisement was for that brought a consumer within the last 24 hours, -1 = none did."""
    return consumer.touch if t - consumer.touched <= TICKS_PER_DAY else np.int32(-1)


@inner
def lose(w, c, row, units, price):
    """Count units a consumer wanted and will not have."""
    count(w, c, row, LOST_UNITS, units)
    count(w, c, row, LOST_CENTS, units * price)


@inner
def run_out(w, c, s, offer, content, units, t):
    """Nothing is there: trust falls, and the consumer leaves, takes something else, waits, or shrugs."""
    row = w.sessions[s]
    consumer = w.consumers[row.consumer]
    price = row.price_at[row.place]
    consumer.trust = min(1.0, max(0.0, consumer.trust + c.trust_stockout))
    note(w, row, t, ACT_STOCKOUT, content, offer, units)
    count(w, c, row, STOCKOUTS, 1)
    u = uniform(row.key, STOCKOUT, offer)
    if u < c.stockout_leave:
        leave_platform(w, s)
    elif u < c.stockout_leave + c.stockout_substitute:
        if substitute(w, c, s, t, units):
            return
    elif u < c.stockout_leave + c.stockout_substitute + c.stockout_wait and row.wait_offer < 0:
        row.wait_offer = offer
        row.wait_content = content
        row.wait_units = units
        row.wait_at = t + duration(c.wait, uniform(row.key, WAIT, offer), c.grid)
        return
    lose(w, c, row, units, price)


@inner
def leave_platform(w, s):
    """Look at nothing more, and forget the next page, asked for or not."""
    row = w.sessions[s]
    row.depth = 0
    if row.next_state == ASKED:
        w.requests[row.request].target = NOBODY
    row.next_state = NO_PAGE
    row.look = 1 << 20


@inner
def substitute(w, c, s, t, units):
    """Buy the most attractive other place of the page that is available now; tell whether there was one."""
    row = w.sessions[s]
    best, best_utility = -1, -math.inf
    if row.room < 0:
        for j in range(row.slate.shape[0]):
            offer = row.offer_at[j]
            if offer < 0 or offer == row.offer_at[row.place] or w.offers[offer].available <= 0:
                continue
            if w.contents[row.slate[j]].kind == ROOM:
                continue
            v = utility(w, c, row, j, 0.0)
            if v > best_utility:
                best, best_utility = j, v
    if best < 0:
        return False
    offer = row.offer_at[best]
    price = row.price_at[best]
    row.wanted = units
    got = to_be_had(w, c, row, offer, price, t)
    if got <= 0:
        return False
    reserve(w.offers, offer, got, t)
    if got < units:
        lose(w, c, row, units - got, price)
    place = row.place
    row.place = best
    order(w, c, s, t, offer, row.slate[best], got, units - got, price, np.int64(-1), 1, 0)
    row.place = place
    return True
