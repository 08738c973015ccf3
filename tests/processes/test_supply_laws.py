"""Laws of supply over random scenarios: no unit, cent, order or lot is lost, whatever is ordered, sold or broken."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.schema.stocking import InventoryView
from sim.world.orders import Status
from tests.processes.supply_world import Shop, rules, shop


@dataclass(frozen=True)
class Whim:
    """Orders by hash of what it sees, and is due at some level."""

    seed: int
    level: int

    def review(self, view: InventoryView) -> np.ndarray:
        rng = np.random.default_rng((self.seed, round(view.minute), *np.abs(view.position).tolist()))
        return rng.integers(0, 7, len(view))

    def reorder_level(self, view: InventoryView) -> np.ndarray:
        return np.full(len(view), self.level, np.int64)


PLANS = st.fixed_dictionaries(
    {
        "review": st.sampled_from(["continuous", "6 h", "1 day", "1000 min"]),
        "brands": st.fixed_dictionaries(
            {
                "count": st.integers(1, 3),
                "lead_time": st.sampled_from(["0 min", "7 h", "2 days"]),
                "lead_time_cv": st.sampled_from([0, 0.3, 1.5]),
                "capacity_per_day": st.sampled_from([3, 40, 1e9]),
                "minimum_order": st.integers(1, 6),
                "pack_size": st.integers(1, 4),
            }
        ),
        "network": st.fixed_dictionaries(
            {"inbound": st.sampled_from(["0 min", "1 day"]), "receiving": st.sampled_from(["0 min", "90 min"])}
        ),
        "demand": st.lists(st.fixed_dictionaries({"per_day": st.sampled_from([0.3, 2.0, 9.0])}), max_size=2),
        "stock": st.fixed_dictionaries({"when_short": st.sampled_from(["lost", "backorder"])}),
        "orders": st.fixed_dictionaries({"release_every": st.sampled_from(["1 min", "7 h"])}),
        "seed": st.integers(0, 1000),
    }
)
EVENT = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("supplier_outage"),
            "brand": st.just(0),
            "at": st.sampled_from(["0 min", "1 day", "3 days"]),
            "for": st.sampled_from(["1 h", "2 days"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("presale"),
            "item": st.sampled_from(["sku-0", "sku-1"]),
            "at": st.sampled_from(["0 min", "30 h"]),
            "for": st.sampled_from(["5 h", "1 day"]),
            "units": st.integers(1, 12),
        }
    ),
)
EVENTS = st.lists(EVENT, max_size=3, unique_by=lambda event: (event["kind"], event.get("item", event["at"])))
STOCK = st.integers(1, 2).flatmap(
    lambda nodes: st.lists(st.lists(st.integers(0, 8), min_size=nodes, max_size=nodes), min_size=2, max_size=3)
)


def play(plan: dict[str, Any], events: list[dict[str, Any]], stock: list[list[int]], level: int) -> Shop:
    """Live for six days, checking every law at each midnight, then let everything under way arrive."""
    scenario = rules(return_rate=0.3, horizon="6 days", events=events, **plan)
    place = Shop(shop(scenario, stock), Whim(plan["seed"], level))
    place.live(6)
    place.run(1500)
    return place


@settings(max_examples=60, deadline=None)
@given(PLANS, EVENTS, STOCK, st.integers(-2, 6))
def test_every_lot_is_received_once_and_every_order_ends_or_waits(plan, events, stock, level):
    place = play(plan, events, stock, level)
    world, diary = place.world, place.diary
    bought, came = diary.of("purchase"), diary.of("receipt")
    assert sorted((row["time"], row["key"], row["units"]) for row in bought) == sorted(
        (row["ordered"], row["key"], row["units"]) for row in came
    )
    assert not world.stock.on_order.any()
    assert all(row["time"] >= row["ordered"] for row in came)
    assert all(row["units"] >= plan["brands"]["minimum_order"] for row in bought)
    assert all(row["units"] % plan["brands"]["pack_size"] == 0 for row in bought)

    rows = world.orders.rows
    waits = rows["status"] == Status.PAID
    ends = (Status.DELIVERED, Status.CANCELLED, Status.RETURNED)
    assert (waits | np.isin(rows["status"], ends)).all()
    assert waits.sum() == 0 or plan["stock"]["when_short"] == "backorder"
    owed = int(world.stock.backorders.sum())
    assert owed <= rows["units"][waits].sum()
    assert (owed > 0) == bool(waits.any())

    offers = world.truth.offers
    unmet = sum(row["units"] for row in diary.of("unmet"))
    assert offers["wanted"].sum() == rows["units"].sum() + unmet
    kept = np.isin(rows["status"], (Status.DELIVERED, Status.RETURNED)) | waits
    assert offers["sold"].sum() == rows["units"][kept].sum()
    assert not offers["ahead"].any()

    assert world.money.total("cost_purchase") == sum(row["cents"] for row in bought)
    assert world.money.total("cost_ordering") == 2000 * len(bought)
    days = diary.of("demand_day")
    assert sum(row["wanted"] for row in days) == offers["wanted"].sum()
    assert sum(row["ordered"] for row in days) == sum(row["units"] for row in bought)


@settings(max_examples=30, deadline=None)
@given(PLANS, STOCK, st.integers(-2, 6), st.integers(0, 4), st.integers(1, 4))
def test_an_outage_only_delays(plan, stock, level, at, days):
    """The orders of the first day, the same with and without an outage, all come, none earlier."""
    plan = {**plan, "demand": [], "review": "10 days"}
    outage = {"kind": "supplier_outage", "brand": 0, "at": f"{at} days", "for": f"{days} days"}
    calm, struck = (
        sorted((row["key"], row["ordered"], row["units"], row["time"]) for row in place.diary.of("receipt"))
        for place in (play(plan, events, stock, level) for events in ([], [outage]))
    )
    assert [lot[:3] for lot in calm] == [lot[:3] for lot in struck]
    assert all(one[3] <= other[3] for one, other in zip(calm, struck, strict=True))


@settings(max_examples=20, deadline=None)
@given(PLANS, EVENTS, STOCK, st.integers(-2, 6))
def test_the_same_seed_is_the_same_run(plan, events, stock, level):
    one, other = (play(plan, events, stock, level) for _ in range(2))
    assert one.diary.rows == other.diary.rows
    assert np.array_equal(one.world.orders.rows, other.world.orders.rows)
    assert one.world.money.flows == other.world.money.flows


@settings(max_examples=30, deadline=None)
@given(PLANS, STOCK)
def test_a_position_at_or_under_its_level_is_never_left_unreviewed(plan, stock):
    """Continuous (s, S) with enough ordered each time: after each instant every position is above s."""
    plan = {**plan, "review": "continuous"}
    scenario = rules(horizon="6 days", **plan)
    place = Shop(shop(scenario, stock), UpTo(low=2, high=9))
    while place.env.peek() < 6 * 1440:
        place.env.step()
        if place.env.peek() > place.env.now and place.env.now > 0:
            waiting = place.world.truth.offers["position"]
            keys = np.diff(place.world.stock.first_key)
            assert (waiting > 2 * keys).all() or place.supply.continuous is None


@dataclass(frozen=True)
class UpTo:
    """(s, S)."""

    low: int
    high: int

    def review(self, view: InventoryView) -> np.ndarray:
        return np.where(view.position <= self.low, self.high - view.position, 0)

    def reorder_level(self, view: InventoryView) -> np.ndarray:
        return np.full(len(view), self.low, np.int64)
