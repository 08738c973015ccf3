"""What showing a content to a consumer is worth in truth: for policies that may know, and for judging the others."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.choice import buy_utility, cart_utility, chance, click_utility, match
from sim.schema.compiled import allocating
from sim.schema.kinds import ContentKind
from sim.schema.recommending import PageRequests
from sim.world.state import Rows
from sim.world.world import World

ROOM = int(ContentKind.ROOM)
Float = NDArray[np.float64]


def expected_margin(world: World, c: Rows, requests: PageRequests) -> Float:
    """Return the expected contribution, cents, of each content if it is examined: (n, n_contents).

    Probability of a click, a cart and an order, times the mean units, times price less unit cost, times the
    probability that the goods are kept.  Prices and rooms are those of the requests' view; a room counts as its
    item on show with the room's pull.  Nothing is expected of a room that is not live.
    """
    habits, truth, view = world.scenario.behaviour.after_delivery, world.truth, requests.view
    rate = np.clip(world.cast.category_return_rate, 1e-9, 1 - 1e-9)
    base = np.log(rate / (1 - rate))
    margins: Float = _margins(
        truth.consumers, truth.offers, truth.contents, truth.promise_days, c[0], requests.consumer, view.price,
        view.room_offer, view.room_price, base, float(habits.return_match), float(habits.return_live),
    )  # fmt: skip
    return margins


@allocating
def _margins(
    consumers, offers, contents, promise_days, c, who, price, room_offer, room_price, base, return_match, return_live
):
    out = np.zeros((len(who), len(contents)))
    units = 1.0 / (1.0 - c.more_units)
    for i in range(len(who)):
        consumer = consumers[who[i]]
        for j in range(len(contents)):
            content = contents[j]
            in_room = content.kind == ROOM
            o = room_offer[content.room] if in_room else content.offer
            if o < 0:
                continue
            offer = offers[o]
            asked = room_price[content.room] if in_room else price[o]
            fit = match(consumer.taste, offer.vector)
            shown = fit if in_room else match(consumer.taste, content.vector)
            appeal = offer.appeal if in_room else content.appeal
            relative = consumer.sensitivity * (math.log(asked) - offer.reference)
            discount = max(0.0, 1.0 - asked / offer.list_price)
            followed = False
            if content.creator >= 0:
                for f in range(consumer.follows.shape[0]):
                    followed |= consumer.follows[f] == content.creator
            click = click_utility(c, shown, appeal, relative, discount, offer.sold, followed, False, 0.0)
            if in_room:
                click += c.live_pull
            cart = cart_utility(c, fit, relative, discount, in_room)
            promise = promise_days[offer.node, consumer.region]
            buy = buy_utility(
                c, fit, relative, discount, offer.sold, offer.stars, offer.ratings, promise, consumer.trust, in_room
            )
            back = base[offer.category] + return_match * (fit + offer.quality)
            if in_room:
                back += return_live
            kept = 1.0 - chance(back)
            out[i, j] = chance(click) * chance(cart) * chance(buy) * units * (asked - offer.unit_cost) * kept
    return out
