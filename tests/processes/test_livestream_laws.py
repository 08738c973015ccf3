"""Laws of livestreams over random evenings: units, viewers and money add up at every minute."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.schema.clock import to_ticks
from tests.processes.live_world import CERTAIN, EAGER, PAYING, Evening, build, scenario, show, slot

SLOT = st.tuples(
    st.integers(-1, 2),  # item; -1 = the policy chooses
    st.integers(0, 15),  # minutes before it
    st.integers(1, 20),  # minutes
    st.integers(0, 12),  # allotment
    st.sampled_from([0.0, 0.2, 0.99]),
)


def planned(parts: list[tuple[int, int, int, int, float]]) -> list[dict[str, Any]]:
    """Return slots one after the other."""
    slots, minute = [], 0
    for item, gap, length, allotment, discount in parts:
        begins = minute + gap
        terms = {"allotment": allotment, "discount": discount}
        slots.append(slot(None if item < 0 else item, f"{begins} min", f"{length} min", **terms))
        minute = begins + length
    return slots


def check_minutes(evening: Evening):
    """Check at every minute what must be true of offers and rooms."""
    truth = evening.world.truth
    while True:
        yield evening.env.timeout(1.0)
        evening.world.stock.check("a minute")
        allotted = np.zeros(len(truth.offers), np.int64)
        on_show = truth.rooms["offer"] >= 0
        np.add.at(allotted, truth.rooms["offer"][on_show], truth.rooms["left"][on_show])
        assert (truth.offers["allotted"] == allotted).all()
        assert (truth.rooms["left"] >= 0).all()
        assert (truth.rooms["viewers"] >= 0).all()
        assert (truth.rooms["viewers"] <= truth.rooms["peak"]).all()
        assert (truth.rooms["peak"] <= truth.rooms["entries"]).all()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(SLOT, max_size=5),
    st.lists(SLOT, max_size=3),
    st.lists(st.integers(0, 15), min_size=3, max_size=3),
    st.sampled_from([0.0, 7.0, 50.0]),
    st.sampled_from([1, to_ticks(1 / 60), to_ticks(7.5 / 60)]),
    st.booleans(),
    st.integers(0, 2**32),
)
def test_units_viewers_and_money_add_up(first, second, stock, per_week, grid, stays, seed):
    behaviour = {**EAGER, "live": {"stay": CERTAIN if stays else 0.0}}
    events = [
        show(*planned(first), at="20 min", for_="200 min", notified_share=1.0, crowd=20),
        show(*planned(second), at="220 min", for_="3 h", notified_share=0.5),
    ]
    creators = {"livestreams": {"per_week": per_week, "slots": 2, "slot": "10 min", "allotment": 4, "slot_fee": 1.0}}
    rules = scenario(
        seed=seed, horizon="8 h", drain="8 h", behaviour=behaviour, orders={**PAYING, "return_window": "10 min"},
        creators=creators, events=events,
    )  # fmt: skip
    evening = Evening(build(rules, 60, stock, creators=2, followers=20, visits=1.0), grid=grid)
    evening.env.process(check_minutes(evening))
    evening.run()
    _check_records(evening)


def _check_records(evening: Evening) -> None:
    slots, shows = evening.diary.of("slot"), evening.diary.of("livestream")
    orders = evening.world.orders.rows
    for row in slots:
        ours = orders[orders["slot"] == row["slot"]]
        assert ours["units"].sum() == row["sold"] <= row["allotted"]
        assert (ours["offer"] == row["offer"]).all()
        assert (ours["price"] == row["price"]).all()
        assert (row["sold_out_at"] >= 0) == (row["sold"] == row["allotted"] and row["time"] == row["sold_out_at"])
    assert orders["units"][orders["slot"] >= 0].sum() == sum(row["sold"] for row in slots)
    assert sum(row["sold"] for row in shows) == sum(row["sold"] for row in slots)
    assert sum(row["allotted"] for row in shows) == sum(row["allotted"] for row in slots)
    assert sum(row["revenue"] for row in shows) == sum(row["sold"] * row["price"] for row in slots)
    aired = sum(row["allotted"] > 0 for row in slots)
    assert evening.world.money.total("slot_fee") == 100 * aired
    assert not evening.shows.busy
    assert not evening.world.truth.offers["allotted"].any()
    assert not evening.world.truth.rooms["live"].any()
    for row in shows:
        assert 0 <= row["watched"] <= row["entries"] * (row["time"] - row["began"])
