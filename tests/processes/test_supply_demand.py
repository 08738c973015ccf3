"""Exogenous demand: Poisson and drawn again from real orders; what is short is lost or waits."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from policies.inventory.base_stock import BaseStock
from sim.errors import ScenarioError
from sim.processes.bootstrap_demand import BootstrapDemand, weekday_profile
from sim.schema.clock import to_ticks
from sim.schema.kinds import Surface
from sim.world.orders import Status
from sim.world.state import consumer_rows
from sim.world.world import World
from tests.processes.fulfilment_world import lines, minute
from tests.processes.supply_world import Shop, rules, shop

DAY = to_ticks(1440.0)


def order(place: Shop, at: float, units: int = 1, offer: int = 0) -> None:
    """Have an order come at a minute."""
    place.order(lines([at], -1, offer, units=units))


# -- what happens to an order ------------------------------------------------------------------------------------------


def test_an_order_takes_what_is_available_at_its_instant_at_todays_price():
    place = Shop(shop(rules(), [[3]]))
    order(place, 10.25)
    place.env.run(until=10.2)
    place.world.truth.offers["price"][0] = 777
    place.env.run(until=10.3)
    offer = place.world.truth.offers[0]
    assert (offer["available"], offer["promised"], offer["wanted"], offer["sold"]) == (2, 1, 1, 1)
    row = place.run(5)[0]
    assert (minute(row["placed"]), minute(row["paid"]), minute(row["allocated"])) == (10.25, 11.0, 11.0)
    assert (row["price"], row["status"]) == (777, Status.DELIVERED)


def test_what_is_short_is_lost_and_written_down():
    place = Shop(shop(rules(), [[3]]))
    order(place, 10.0, units=5)
    order(place, 20.0, units=2)
    orders = place.run(5)
    assert [(row["units"], row["short"]) for row in orders] == [(3, 2)]
    assert [(minute(row["time"]), row["units"], row["value"]) for row in place.diary.of("unmet")] == [
        (10.0, 2, 2000),
        (20.0, 2, 2000),
    ]
    assert place.world.truth.offers["wanted"][0] == 7


def test_what_is_short_waits_first_come_first_served_and_goes_out_when_its_last_unit_has_come():
    place = Shop(shop(rules(stock={"when_short": "backorder"}), [[1]]))
    order(place, 10.0, units=3)
    order(place, 20.0, units=1)
    place.run(1)
    assert [row["status"] for row in place.world.orders.rows] == [Status.PAID, Status.PAID]
    assert place.world.stock.backorders.tolist() == [3]
    for _ in range(3):
        place.supply.suppliers.order(0, 1)
        place.run(1)
    place.run(5)
    first, second = place.world.orders.rows
    assert minute(first["allocated"]) == 5 * 1440.0  # the second unit owed came with the second order
    assert minute(second["allocated"]) == 6 * 1440.0
    assert minute(first["paid"]) == 10.0
    assert place.world.stock.backorders.tolist() == [0]
    assert [(row["units"], row["value"]) for row in place.diary.of("backorder")] == [(2, 2000), (1, 1000)]
    assert not place.diary.of("unmet")


def test_who_still_waits_at_the_end_has_an_open_order():
    place = Shop(shop(rules(stock={"when_short": "backorder"}), [[0]]))
    order(place, 10.0)
    row = place.run(90)[0]
    assert (row["status"], row["ended"]) == (Status.PAID, -1)


def test_whoever_comes_later_does_not_get_the_goods_of_who_waits():
    place = Shop(shop(rules(stock={"when_short": "backorder"}), [[0]]))
    order(place, 10.0)
    order(place, 4 * 1440.0 + 1)
    place.supply.suppliers.order(0, 1)
    rows = place.run(20)
    assert [row["status"] for row in rows] == [Status.DELIVERED, Status.PAID]


def test_offers_not_listed_yet_have_no_demand():
    place = Shop(shop(rules(demand=[{"per_day": 50}], horizon="10 days"), [[9999], [9999]]))
    place.world.truth.offers["listed"][1] = 4 * DAY
    rows = place.run(20)
    placed = rows["placed"][rows["offer"] == 1]
    assert placed.min() >= 4 * DAY
    assert len(placed) > 200


# -- Poisson -----------------------------------------------------------------------------------------------------------


def test_poisson_demand_has_its_rate_per_offer_and_comes_evenly_over_the_day():
    """Error rate of each comparison under 1 in 1,000; the seed is fixed."""
    n, days, rate = 20, 30, 10.0
    place = Shop(shop(rules(demand=[{"per_day": rate}], horizon=f"{days} days"), [[10**6]] * n))
    rows = place.run(40)
    counts = np.bincount(rows["offer"], minlength=n)
    mean = rate * days
    assert abs(counts.sum() - n * mean) < 3.3 * np.sqrt(n * mean)
    spread = ((counts - counts.mean()) ** 2).sum() / counts.mean()  # chi-square, 19 degrees of freedom
    assert 5.4 < spread < 43.8
    hours = np.bincount(rows["placed"] % DAY // to_ticks(60.0), minlength=24)
    expected = len(rows) / 24
    assert ((hours - expected) ** 2 / expected).sum() < 49.7  # chi-square, 23 degrees of freedom
    assert rows["placed"].max() < days * DAY


def test_exogenous_orders_are_numbered_apart_and_of_nobody_known():
    rows = Shop(shop(rules(demand=[{"per_day": 5}, {"per_day": 5}]), [[9999]])).run(40)
    assert len(np.unique(rows["number"])) == len(rows)
    assert rows["number"].min() >= 1 << 60
    assert set(rows["consumer"]) == {-1}
    assert set(rows["surface"]) == {Surface.MALL}
    assert set(rows["creator"]) == set(rows["slot"]) == {-1}


def test_demand_is_the_same_whatever_is_on_the_shelves():
    def wanted(stock: int, policy: Any) -> list[tuple[int, int]]:
        place = Shop(shop(rules(demand=[{"per_day": 8}], horizon="5 days"), [[stock], [stock]]), policy)
        place.run(30)
        had = [(int(row["placed"]), int(row["number"] * 2 + row["offer"])) for row in place.world.orders.rows]
        return sorted(had + [(row["time"], -1) for row in place.diary.of("unmet")])

    plenty, few = wanted(999, None), wanted(3, BaseStock(level=3))
    assert [time for time, _ in plenty] == [time for time, _ in few]
    assert {who for _, who in few} - {-1} <= {who for _, who in plenty}


def test_the_horizon_ends_demand_in_the_middle_of_a_day():
    rows = Shop(shop(rules(demand=[{"per_day": 100}], horizon="36 h"), [[9999]])).run(10)
    assert DAY < rows["placed"].max() < 1.5 * DAY


# -- real orders, drawn again ------------------------------------------------------------------------------------------

FOUR_WEEKS = pd.date_range("2026-03-02", periods=28, freq="D")  # a Monday first


def world_from(
    folder: Path, frames: dict[str, pd.DataFrame], demand: dict[str, Any], n: int = 3, **parts: Any
) -> World:
    """Return a world whose demand is drawn from tables."""
    scenario = rules(demand=[{"kind": "bootstrap", "per_day": 200, **demand}], **parts)
    for key, frame in frames.items():
        path = folder / f"{key}.csv"
        frame.to_csv(path, index=False)
        scenario._inputs[key] = path
    return shop(scenario, [[10**6]] * n)


def real_orders(rows: int = 28) -> pd.DataFrame:
    """Return an order a day at 09:30 or 21:15, thrice as many on Saturdays."""
    days = FOUR_WEEKS[:rows]
    frame = pd.DataFrame({"time": days + pd.Timedelta("9h30min"), "sku": "sku-1", "consumer": "anna", "units": 2})
    saturdays = frame[frame["time"].dt.weekday == 5].copy()
    saturdays["time"] += pd.Timedelta("11h45min")
    saturdays["sku"] = "sku-2"
    return pd.concat([frame, saturdays, saturdays]).sample(frac=1, random_state=3)


def test_drawn_orders_keep_item_units_and_time_of_day_and_the_weekday_profile(tmp_path):
    """Error rate of each comparison under 1 in 1,000; the seed is fixed."""
    world = world_from(
        tmp_path, {"demand.0": real_orders()}, {"from": "demand.0.csv"}, horizon="28 days", start="2026-11-01T06:00"
    )
    rows = Shop(world).run(60)
    assert set(rows["units"]) == {2}
    since_midnight = (rows["placed"] + to_ticks(6 * 60.0)) % DAY
    assert {minute(t) for t in since_midnight} == {9.5 * 60, 21.25 * 60}
    assert set(rows["offer"][since_midnight == to_ticks(21.25 * 60)]) == {2}
    date = (rows["placed"] + to_ticks(6 * 60.0)) // DAY  # the first is a Sunday
    saturday = date % 7 == 6
    assert set(rows["offer"][~saturday]) == {1}
    assert abs(len(rows) - 200 * 28) < 3.3 * np.sqrt(200 * 28) + 200  # the first date begins at 06:00
    share = 3 / 9
    assert abs(saturday.mean() - share) < 3.3 * np.sqrt(share * (1 - share) / len(rows)) + 0.01


def test_a_table_of_under_a_week_has_no_weekdays():
    pools, busy = weekday_profile(np.array([10, 10, 12]))
    assert busy.tolist() == [1.0] * 7
    assert all(pool.tolist() == [0, 1, 2] for pool in pools)


def test_a_weekday_without_orders_stays_without():
    pools, busy = weekday_profile(np.array([0, 1, 7, 8]))  # Thursdays and Fridays
    assert [len(pool) for pool in pools] == [0, 0, 0, 2, 2, 0, 0]
    assert busy[[0, 1, 2, 5, 6]].tolist() == [0.0] * 5
    assert busy.mean() == pytest.approx(1.0)


def test_orders_and_their_lines_may_be_two_tables(tmp_path):
    orders = pd.DataFrame({"id": ["a", "b", "c"], "time": "2026-03-02 10:00:30", "consumer": ["x", "y", "z"]})
    numbers = pd.Series(["1", "0", "2", "0"])
    bought = pd.DataFrame({"id": ["b", "a", "b", "q"], "product": "sku-" + numbers, "seller": "merchant-" + numbers})
    columns = {"sku": "product", "merchant": "seller"}
    demand = {"from": "orders.csv", "columns": columns, "join": {"from": "bought.csv", "on": "id"}}
    world = world_from(tmp_path, {"demand.0": orders, "demand.0.join": bought}, demand, horizon="5 days")
    rows = Shop(world).run(30)
    assert set(rows["offer"]) == {0, 1, 2}
    assert {minute(t) for t in rows["placed"] % DAY} == {600.5}


def consumers_of(world: World, n: int, names: tuple[str, ...]) -> World:
    """Put ``n`` consumers into a world."""
    people = consumer_rows(n, 2)
    people["taste"] = 1.0
    world.truth = world.truth._replace(consumers=people)
    world.cast.consumer_name = names  # type: ignore[misc]  # a namespace
    return world


def test_consumers_are_found_by_name_and_strangers_have_no_home(tmp_path):
    frame = pd.DataFrame(
        {"time": "2026-03-02T10:00", "sku": "sku-0", "consumer": ["anna"] * 20 + ["bert"] * 20 + ["cleo"]}
    )
    world = world_from(tmp_path, {"demand.0": frame}, {"from": "demand.0.csv"}, n=1)
    world.truth.offers["vector"] = 0.25
    world.truth.offers["quality"] = 0.5
    rows = BootstrapDemand(consumers_of(world, 2, ("bert", "anna")), 0).draw(0, 20 * DAY)
    assert set(rows["consumer"]) == {-1, 0, 1}
    assert set(rows["match"][rows["consumer"] >= 0]) == {1.0}
    assert set(rows["match"][rows["consumer"] < 0]) == {0.5}
    assert world.notes == ["demand.0.from: demand.0.csv: 1 of 41 orders are of consumers without a home"]


def test_generated_consumers_take_the_places_of_the_tables_names(tmp_path):
    frame = pd.DataFrame({"time": "2026-03-02T10:00", "sku": "sku-0", "consumer": ["anna", "bert", "cleo"]})
    world = world_from(tmp_path, {"demand.0": frame}, {"from": "demand.0.csv"}, n=1)
    rows = BootstrapDemand(consumers_of(world, 2, ()), 0).draw(0, 5 * DAY)
    assert set(rows["consumer"]) == {0, 1}


def test_spans_of_a_draw_join_without_gap_or_repeat(tmp_path):
    frames = {"demand.0": real_orders()}
    world = world_from(tmp_path, frames, {"from": "demand.0.csv"}, start="2026-11-01T17:00")
    whole = BootstrapDemand(world_from(tmp_path, frames, {"from": "demand.0.csv"}, start="2026-11-01T17:00"), 0)
    parts = BootstrapDemand(world, 0)
    pieces = [parts.draw(day * DAY, (day + 1) * DAY) for day in range(10)]
    assert np.array_equal(np.concatenate(pieces), whole.draw(0, 10 * DAY))


GOOD = {"time": ["2026-03-02 10:00"] * 2, "sku": ["sku-0"] * 2, "consumer": ["a", "b"]}
A_TIME = "allowed a time, as in 2026-11-01 09:30"
BAD = [
    ({"time": ["2026-03-02 10:00", "soon"]}, f"column 'time', row 2: found 'soon', {A_TIME}"),
    ({"time": ["2026-03-02 10:00", ""]}, "column 'time', row 2: the value is missing"),
    ({"sku": ["sku-0", "sku-77"]}, "no sku 'sku-77' in the world. Did you mean 'sku-1'?"),
    ({"sku": ["", "sku-0"]}, "column 'sku', row 1: the value is missing"),
    ({"consumer": ["a", ""]}, "column 'consumer', row 2: the value is missing"),
    ({"units": ["1", "1.5"]}, "column 'units', row 2: found 1.5, allowed a whole number"),
    ({"units": ["1", "0"]}, "column 'units', row 2: found 0, allowed 1 to 1e+06"),
    ({"units": ["1", "two"]}, "column 'units', row 2: found 'two', allowed a number"),
    ({"merchant": ["merchant-0", "merchant-9"]}, "no merchant 'merchant-9' in the world. Did you mean 'merchant-1'?"),
    ({"merchant": ["merchant-0", "merchant-1"]}, "merchant 'merchant-1' does not list 'sku-0'"),
    ({"sku": None}, "no column 'sku' for sku"),
    ({"time": None, "tim": ["x", "y"]}, "no column 'time' for time. Did you mean 'tim'?"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "line"), BAD)
def test_a_bad_table_is_one_line_that_says_where(tmp_path, change, line):
    columns = {name: values for name, values in {**GOOD, **change}.items() if values is not None}
    world = world_from(tmp_path, {"demand.0": pd.DataFrame(columns)}, {"from": "demand.0.csv"}, n=2)
    with pytest.raises(ScenarioError) as error:
        Shop(world)
    end = "" if line.endswith("?") else "."
    assert str(error.value) == f"demand.0.from: demand.0.csv: {line}{end}"


def test_an_empty_table_is_refused(tmp_path):
    world = world_from(tmp_path, {"demand.0": pd.DataFrame(GOOD)[:0]}, {"from": "demand.0.csv"})
    with pytest.raises(ScenarioError, match="the table has 0 rows"):
        Shop(world)


def test_orders_of_consumers_whom_nobody_knows_are_refused(tmp_path):
    world = world_from(tmp_path, {"demand.0": pd.DataFrame(GOOD)}, {"from": "demand.0.csv"})
    with pytest.raises(ScenarioError, match="1 of 2 orders are of consumers who do not exist, 'b' the first"):
        BootstrapDemand(consumers_of(world, 2, ("a", "c")), 0)


@pytest.mark.parametrize("kind", ["timestamp", "local", "date"])
def test_times_of_a_parquet_table_are_local(tmp_path, kind):
    time = pd.Series(pd.to_datetime(["2026-03-02 10:30:15", "2026-03-03 10:30:15"]))
    if kind == "local":
        time = time.dt.tz_localize("Asia/Shanghai")
    frame = pd.DataFrame({"time": time.dt.date if kind == "date" else time, "sku": "sku-0", "consumer": "a"})
    scenario = rules(demand=[{"kind": "bootstrap", "per_day": 20, "from": "o.parquet"}])
    scenario._inputs["demand.0"] = tmp_path / "o.parquet"
    frame.to_parquet(scenario._inputs["demand.0"])
    rows = BootstrapDemand(shop(scenario, [[9]]), 0).draw(0, 9 * DAY)
    assert {minute(t) for t in rows["placed"] % DAY} == {0.0 if kind == "date" else 630.25}
