"""The scenario that real orders flow through, held against what really became of them."""

import subprocess
from pathlib import Path

import pandas as pd
import pytest

from sim.data.against import against
from sim.processes.story import play
from sim.record.order_table import order_table
from sim.record.replication import Replication
from sim.scenario.load import load, shipped
from sim.schema.clock import to_ticks
from tests.world.worlds import SHARED

ROOT = Path(__file__).resolve().parents[2]
TABLES = ("olist_orders.parquet", "olist_items.parquet")
SHORT = ("horizon=12 days", "replications=1")
there = pytest.mark.skipif(
    not all((SHARED / name).exists() for name in TABLES), reason="the real order tables are not beside the project"
)


@pytest.fixture(scope="module")
def told() -> Replication:
    return play(load("real_orders", sets=SHORT, data=SHARED).scenario, 0)


@pytest.fixture(scope="module")
def facts(told) -> pd.DataFrame:
    return against([order_table(told.world).to_pandas()], told.world.scenario)


@there
def test_simulated_orders_are_within_the_tolerances_of_the_real_ones(facts):
    """Transit by distance, hours of the day, price.

    The median of the band with the fewest lines (about 200) has a standard error of 5 % of its value, and a bias
    under 5 %; the seed is fixed.
    """
    asked = facts[facts["tolerance"].notna()]
    assert asked["fact"].value_counts().to_dict() == {"transit_median": 6, "orders_by_hour": 1, "price": 1}
    beyond = asked[asked["within"].map(lambda within: within is not True)]
    assert beyond.empty, beyond.to_string()


@there
def test_what_is_only_told_is_not_far_either(facts):
    told = facts.set_index("fact")
    assert abs(told.loc["order_to_door_median", "simulated"] / 10.0 - 1) < 0.15
    assert told.loc["late_share", "distance"] < 0.03
    assert told.loc["sellers_gini", "distance"] < 0.05
    assert told.loc["orders_by_weekday", "distance"] < 0.05


@there
def test_each_wave_in_the_largest_city_has_30_stops_or_more(told):
    scenario, routes = told.world.scenario, told.tables["route"]
    window = (routes["time"] >= to_ticks(scenario.warm_up)) & (routes["time"] < to_ticks(scenario.horizon))
    waves = routes[window].groupby("time")["stops"].sum()
    assert len(waves) == 2 * 5
    assert waves.min() >= 30


@there
def test_about_1000_orders_a_day_are_drawn_and_nearly_all_can_be_had(told):
    drawn = told.world.orders.rows["session"] < 0
    assert abs(drawn.sum() / 12 - 1000) < 30  # the first day of a week is a busy one
    assert told.tables["unmet"]["units"].sum() < 0.01 * drawn.sum()


@there
def test_parcels_queue_for_the_carrier_only_after_busy_days(told):
    rows = told.world.orders.rows
    first = rows[rows["parcel"] == range(len(rows))]
    waited = (first["shipped"] - first["packed"])[first["shipped"] >= 0]
    assert (waited > to_ticks(24 * 60.0)).mean() < 0.2


@there
def test_no_parcel_is_lost_to_the_end_of_the_drain(told):
    rows = told.world.orders.rows
    assert (rows["delivered"] < 0).mean() < 0.002


@there
def test_nothing_of_the_real_tables_is_in_the_project():
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert not [name for name in names if name.endswith((".parquet", ".csv", ".feather", ".xlsx"))]
    orders = pd.read_parquet(SHARED / TABLES[0], columns=["order_id"])["order_id"]
    some = orders.sample(200, random_state=1).str.encode("ascii").tolist()
    for name in names:
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b""
        assert not any(order in content for order in some), name


def test_the_scenario_ships_and_opens_with_its_question():
    assert "real_orders" in shipped()
    first = (ROOT / "scenarios" / "real_orders.yaml").read_text().splitlines()[0]
    assert first.startswith("# ")
    assert first.endswith("?")


def test_without_its_tables_the_scenario_is_refused_in_one_line(tmp_path):
    from sim.errors import ScenarioError

    with pytest.raises(ScenarioError, match=r"population.from: there is no file 'olist_orders.parquet'"):
        load("real_orders", data=tmp_path)
