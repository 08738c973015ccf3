"""The scenario's behaviour as plain numbers, in the units of the kernels (ticks, cents, logit units)."""

import math
from typing import NamedTuple

import numpy as np

from sim.scenario.scenario import Scenario
from sim.schema.clock import TICKS_PER_MINUTE, to_ticks
from sim.world.state import Rows


class Coefficients(NamedTuple):
    """What the kernels need to know of the scenario; see `sim.scenario.behaviour` for meaning and evidence."""

    grid: int  # ticks; every duration is rounded up to a multiple of it
    attention: float
    next_page: float
    look: float  # mean ticks
    detail: float
    checkout: float
    log_repeat: float
    shortest_page: int  # ticks
    click_base: float
    click_taste: float
    click_price: float
    click_discount: float
    click_social: float
    click_followed: float
    click_sold_out: float
    cart_base: float
    cart_taste: float
    cart_price: float
    cart_discount: float
    buy_base: float
    buy_taste: float
    buy_price: float
    buy_discount: float
    buy_social: float
    buy_rating: float
    buy_promise: float
    buy_trust: float
    more_units: float
    opening_trust: float
    live_cart: float
    live_buy: float
    live_look: float
    live_stay: float
    live_stay_taste: float
    live_pull: float
    like: float
    comment: float
    follow: float
    share: float
    stockout_leave: float
    stockout_substitute: float
    stockout_wait: float
    wait: float
    trust_stockout: float
    trust_activity: float
    unpaid: float
    payment: float
    warm_up: int  # ticks
    release_every: int  # ticks
    ticks_per_bucket: int  # of the exposure counters
    coupon_value: int  # cents
    coupon_minimum: int  # cents that an order must be worth


def coefficients(scenario: Scenario, *, grid: int = 1, bucket_days: int = 1) -> Rows:
    """Collect the numbers, `Coefficients`, as an array of one row: a kernel takes it as one pointer.

    ``grid`` (ticks) is coarser than one only where ties are to be studied.
    """
    numbers = _numbers(scenario, grid, bucket_days)
    kinds = [(name, "i8" if kind is int else "f8") for name, kind in Coefficients.__annotations__.items()]
    return np.array([tuple(numbers)], dtype=kinds)


def _numbers(scenario: Scenario, grid: int, bucket_days: int) -> Coefficients:
    behaviour = scenario.behaviour
    browsing, click, cart, buy = behaviour.browsing, behaviour.click, behaviour.cart, behaviour.buy
    live, social, stockout = behaviour.live, behaviour.social, behaviour.stockout
    second = TICKS_PER_MINUTE / 60
    return Coefficients(
        grid=grid,
        attention=float(browsing.attention),
        next_page=float(browsing.next_page),
        look=float(browsing.look_seconds) * second,
        detail=float(browsing.detail_seconds) * second,
        checkout=float(browsing.checkout_seconds) * second,
        log_repeat=math.log(float(browsing.repeat)),
        shortest_page=-(-max(1, to_ticks(scenario.serving.shortest_page)) // grid) * grid,
        click_base=float(click.base),
        click_taste=float(click.taste),
        click_price=float(click.price),
        click_discount=float(click.discount),
        click_social=float(click.social),
        click_followed=float(click.followed),
        click_sold_out=float(click.sold_out),
        cart_base=float(cart.base),
        cart_taste=float(cart.taste),
        cart_price=float(cart.price),
        cart_discount=float(cart.discount),
        buy_base=float(buy.base),
        buy_taste=float(buy.taste),
        buy_price=float(buy.price),
        buy_discount=float(buy.discount),
        buy_social=float(buy.social),
        buy_rating=float(buy.rating),
        buy_promise=float(buy.promise),
        buy_trust=float(buy.trust),
        more_units=float(buy.more_units),
        opening_trust=float(scenario.population.opening_trust),
        live_cart=float(live.cart),
        live_buy=float(live.buy),
        live_look=float(live.look_seconds) * second,
        live_stay=float(live.stay),
        live_stay_taste=float(live.stay_taste),
        live_pull=float(live.pull),
        like=float(social.like),
        comment=float(social.comment),
        follow=float(social.follow),
        share=float(social.share),
        stockout_leave=float(stockout.leave),
        stockout_substitute=float(stockout.substitute),
        stockout_wait=float(stockout.wait),
        wait=stockout.wait_time * TICKS_PER_MINUTE,
        trust_stockout=float(behaviour.trust.stockout),
        trust_activity=float(behaviour.trust.activity),
        unpaid=float(scenario.orders.unpaid_share),
        payment=scenario.orders.payment_delay * TICKS_PER_MINUTE,
        warm_up=to_ticks(scenario.warm_up),
        release_every=to_ticks(scenario.orders.release_every),
        ticks_per_bucket=bucket_days * 1440 * TICKS_PER_MINUTE,
        coupon_value=scenario.marketing.coupon.value_cents,
        coupon_minimum=scenario.marketing.coupon.minimum_cents,
    )
