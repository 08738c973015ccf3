"""New offers, small merchants and new consumers, against the others."""

import math

from sim.schema.clock import to_ticks
from sim.schema.kinds import Act, Surface
from tests.metrics.handmade import DAY, ROOM_0, acts, by, make_world, order, overall, replication
from tests.metrics.handmade import returned as back
from tests.metrics.test_exposure import exposure

LOOK, CLICK = Act.IMPRESSION, Act.CLICK


def world_with(*logged, listed=-100 * DAY):
    """Return the world with impressions of some consumers logged, and offer 0 listed at a minute."""
    world = make_world()
    world.truth.consumers["logged"][list(logged)] = 1
    world.truth.offers["listed"][0] = to_ticks(listed)
    return world


def test_orders_of_an_offer_are_of_a_new_one_for_seven_days_after_it_was_listed():
    lines = [order(2 * DAY - 1, 0, units=2), order(2 * DAY, 0), back(3 * DAY, 1)]
    found = by(replication(lines, world=world_with(listed=-5 * DAY)), "item_age")
    assert (found["orders", "new"], found["orders", "old"]) == (1, 2)
    assert (found["gmv", "new"], found["gmv", "old"]) == (20, 10 + 20)
    assert (found["gmv_net", "new"], found["gmv_net", "old"]) == (20, 10)


def test_impressions_of_new_and_old_offers_make_up_the_share_of_new_ones():
    made = replication(world=world_with(listed=-5 * DAY), exposure=exposure((1, 0, 30), (3, 0, 10), (2, 2, 20)))
    found = by(made, "item_age")
    assert (found["impressions", "new"], found["impressions", "old"]) == (30, 30)
    assert overall(made)["new_item_exposure"] == 30 / 60


def test_merchants_are_told_apart_by_size():
    lines = [order(2000, 0), order(2000, 1), order(2000, 2, units=4, short=2)]
    found = by(replication(lines, exposure=exposure((1, 0, 3), (2, 2, 1))), "merchant_size")
    assert (found["orders", "large"], found["orders", "small"]) == (2, 1)
    assert (found["impressions", "large"], found["impressions", "small"]) == (3, 1)
    assert (found["fill_rate", "large"], found["fill_rate", "small"]) == (1, 4 / 6)


def test_click_rates_are_those_of_the_consumers_whose_impressions_are_logged():
    log = acts(
        (100, 0, LOOK, 0),  # in the warm-up
        (2000, 0, LOOK, 0),
        (2001, 0, LOOK, 2),
        (2002, 0, CLICK, 2),
        (2003, 1, CLICK, 2),  # nobody saw what else it looked at
        (2004, 0, LOOK, ROOM_0),  # about no offer
        (2005, 0, CLICK, 0),  # on an advertisement
        (2006, 0, CLICK, 0),  # in a room that an advertisement led to
        (2006, 0, LOOK, 0),
    )
    log["page"][6:] = -1
    log["surface"][7:] = Surface.LIVE
    size = by(replication(world=world_with(0), acts=log), "merchant_size")
    assert (size["ctr", "large"], size["ctr", "small"]) == (1 / 2, 1)
    age = by(replication(world=world_with(0, listed=0), acts=log), "item_age")
    assert (age["ctr", "new"], age["ctr", "old"]) == (1 / 2, 1)


def test_consumers_are_known_from_the_session_after_their_first_click():
    log = acts((2000, 0, LOOK, 0), (2001, 0, CLICK, 0), (2002, 0, LOOK, 1), (2500, 0, LOOK, 2), (2501, 0, CLICK, 2))
    log["session"] = (7, 7, 7, 8, 8)
    lines = [order(2002, 0, session=7), order(2502, 2, session=8), order(2600, 1, session=-1, consumer=-1)]
    found = by(replication(lines, world=world_with(0), acts=log), "history")
    assert (found["ctr", "new"], found["ctr", "known"]) == (1 / 2, 1)
    assert (found["orders", "new"], found["orders", "known"]) == (1, 1)
    assert (found["gmv", "new"], found["gmv", "known"]) == (10, 5)


def test_without_a_logged_consumer_there_is_no_click_rate():
    assert math.isnan(by(replication(acts=acts((2000, 0, CLICK, 0))), "history")["ctr", "new"])


def test_an_order_that_comes_by_itself_is_neither_of_a_new_consumer_nor_of_a_known_one():
    lines = [order(2000, 0), order(2100, 1, consumer=-1, session=-1), order(2200, 2, consumer=-1, session=-1)]
    found = by(replication(lines, acts=acts((2000, 0, Act.ORDER, 0))), "history")
    assert (found["orders", "new"], found["orders", "known"]) == (1, 0)
