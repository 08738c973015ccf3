"""Laws of fulfilment over random orders: nothing is lost, nothing happens before its cause."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.processes.timetable import DAY, Hours, next_multiple, next_of_day
from sim.schema.clock import to_ticks
from sim.world.orders import By, Status
from tests.processes.fulfilment_world import FAR_EAST, PLACE, WAREHOUSE, Town, build, lines, scenario

HOMES = [PLACE, {"latitude": 30.1, "longitude": 120.1}, FAR_EAST]
ENDS = (Status.DELIVERED, Status.LAPSED, Status.CANCELLED, Status.RETURNED, Status.UNDELIVERABLE)
ORDER = st.tuples(
    st.integers(1, to_ticks(5000.0)),  # placed
    st.one_of(st.just(-1), st.integers(0, to_ticks(60.0))),  # payment delay
    st.integers(-1, 2),  # consumer
    st.integers(0, 1),  # offer
    st.integers(1, 3),  # units
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(ORDER, max_size=25),
    st.sampled_from([0.0, 0.5]),
    st.sampled_from([0, 1, 5000]),  # carrier's capacity a day
    st.sampled_from([0, 1]),  # vans of the second warehouse
    st.sampled_from(["1 min", "7.5 s", "1 h"]),
)
def test_every_order_ends_and_no_unit_or_cent_is_lost(orders, return_rate, capacity, vans, every):
    vans = vans if capacity else 1  # a warehouse without a lane is refused
    warehouses = [WAREHOUSE, {**WAREHOUSE, "name": "b", "vans": vans, "opens": "8 h", "closes": "20 h"}]
    rules = scenario(
        return_rate,
        network={"warehouses": warehouses, "carrier": {"capacity_per_day": capacity}},
        orders={"release_every": every},
    )
    stock = [[40, 36, 2], [40, 35, 1]]
    world = build(rules, HOMES, stock, [PLACE, HOMES[1], FAR_EAST], node_warehouse=[0, 1, -1])
    town = Town(world)
    columns = np.array(sorted(orders), np.int64).reshape(-1, 5).T
    rows = lines([0.0] * len(orders), columns[2], columns[3], units=columns[4])
    rows["placed"] = columns[0]
    rows["pays_at"] = np.where(columns[1] < 0, -1, columns[0] + columns[1])
    town.order(rows)
    book = town.run(days=600)
    assert np.isin(book["status"], ENDS).all()
    assert (book["ended"] >= book["placed"]).all()
    assert not world.stock.reserved.any()
    assert not world.truth.offers["promised"].any()
    shipped = book["shipped"] >= 0
    assert world.stock.issued.sum() == book["units"][shipped].sum()
    assert (book["paid"][shipped] >= 0).all()
    assert np.array_equal(shipped, book["by"] != By.NOBODY)
    assert np.array_equal(book["delivered"] >= 0, shipped)
    kept = np.isin(book["status"], (Status.DELIVERED,))
    net = world.money.total("sales") - world.money.total("refunds")
    assert net == (book["price"] * book["units"])[kept].sum()


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_the_next_batch_is_later_and_at_most_a_period_away(now, every):
    instant = next_multiple(now, every)
    assert now < instant <= now + every
    assert instant % every == 0


@given(
    st.integers(-(10**9), 10**12), st.integers(0, DAY - 1), st.lists(st.integers(0, DAY - 1), min_size=1, unique=True)
)
def test_the_next_time_of_day_is_the_first_of_them_strictly_later(now, midnight, times):
    instant = next_of_day(now, -midnight, sorted(times))
    assert now < instant <= now + DAY
    candidates = [
        t for at in times for t in range(-midnight + at - DAY + (now + midnight) // DAY * DAY, instant + 1, DAY)
    ]
    assert instant == min(t for t in candidates if t > now)


@given(st.integers(0, 10**9), st.integers(0, DAY - 1), st.integers(1, DAY), st.integers(1, DAY))
def test_waves_start_while_the_doors_are_open(now, opens, length, every):
    hours = Hours(0, opens, min(DAY, opens + length))
    wave = hours.next_wave(now, every)
    assert now < wave <= now + DAY
    assert hours.until_open(wave) == 0
    assert (wave % DAY - opens) % every == 0
    assert hours.until_open(now + hours.until_open(now)) == 0
