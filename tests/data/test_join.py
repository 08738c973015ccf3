"""Two tables joined where one is asked for: the pairs of rows that agree, and how each kind of bad join is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.world.build import build_world
from sim.world.inputs import Input
from sim.world.joined import columns_of, read_columns
from sim.world.order_table import read_orders
from tests.scenario.files import refusal, write
from tests.world.worlds import scenario

ORDERS = "id,when,who\na,2026-03-02 10:00,x\nb,2026-03-02 11:00,y\nc,2026-03-02 12:00,z\n"
LINES = "id,what,price\nb,tea,10\na,cup,4\nb,cup,5\nq,pot,9\n"


def inputs(folder: Path, first: str, second: str, on: str = "id") -> Input:
    """Return two CSV tables as a join."""
    paths = [write(folder, text, name) for name, text in (("first.csv", first), ("second.csv", second))]
    names = ("first.csv", "second.csv")
    one, other = (
        Input(path, 0, 0, f"real.{key}: {name}")
        for path, key, name in zip(paths, ("from", "join.from"), names, strict=True)
    )
    return Input(one.path, 0, 0, one.where, join=other, on=on)


def joined(folder: Path, first: str, second: str, on: str = "id") -> pd.DataFrame:
    source = inputs(folder, first, second, on)
    return read_columns(source, columns_of(source)).to_pandas()


# -- what a join is --------------------------------------------------------------------------------------------------


def test_rows_that_agree_come_in_the_order_of_the_first_table_then_of_the_second(tmp_path):
    rows = joined(tmp_path, ORDERS, LINES)
    assert rows[["who", "what"]].to_numpy().tolist() == [["x", "cup"], ["y", "tea"], ["y", "cup"]]


keys = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), min_size=1, max_size=12)


@given(keys, keys)
def test_a_join_has_the_pairs_that_agree_and_no_other(tmp_path_factory, first, second):
    folder = tmp_path_factory.mktemp("join")
    pairs = [(i, j) for i, a in enumerate(first) for j, b in enumerate(second) if a and a == b]
    texts = ["id,number" + "".join(f"\n{key},{i}" for i, key in enumerate(keys)) + "\n" for keys in (first, second)]
    source = inputs(folder, texts[0].replace("number", "own"), texts[1].replace("number", "other"))
    if not pairs:
        with pytest.raises(ScenarioError, match="0 pairs of rows agree in 'id'"):
            read_columns(source, {"own", "other"})
        return
    rows = read_columns(source, {"own", "other"}).to_pandas().astype(int)
    assert list(rows[["own", "other"]].itertuples(index=False, name=None)) == pairs


def test_numbers_and_text_agree_where_they_are_written_alike(tmp_path):
    pd.DataFrame({"id": [7, 8], "own": [1, 2]}).to_parquet(tmp_path / "first.parquet")
    pd.DataFrame({"id": pd.Categorical(["8", "9"]), "other": [3, 4]}).to_parquet(tmp_path / "second.parquet")
    one, other = (Input(tmp_path / f"{name}.parquet", 0, 0, "x") for name in ("first", "second"))
    source = Input(one.path, 0, 0, "x", join=other, on="id")
    assert read_columns(source, {"own", "other"}).to_pylist() == [{"own": 2, "other": 3}]


def test_the_column_joined_on_can_be_read_too(tmp_path):
    source = inputs(tmp_path, ORDERS, LINES)
    assert read_columns(source, {"id", "what"})["id"].to_pylist() == ["a", "b", "b"]


# -- in the parts of a scenario ----------------------------------------------------------------------------------------


def test_demand_may_be_drawn_from_orders_joined_with_their_lines(tmp_path):
    tables = {"demand.0": write(tmp_path, ORDERS, "o.csv"), "demand.0.join": write(tmp_path, LINES, "l.csv")}
    columns = {"time": "when", "sku": "what", "consumer": "who"}
    demand = {"kind": "bootstrap", "per_day": 9, "from": "o.csv", "columns": columns}
    orders = read_orders(scenario(tables, demand=[{**demand, "join": {"from": "l.csv", "on": "id"}}]), 0)
    assert [orders.sku.known[code] for code in orders.sku.code] == ["cup", "tea", "cup"]
    assert [orders.consumer.known[code] for code in orders.consumer.code] == ["x", "y", "y"]


def test_a_catalogue_may_be_joined_with_its_prices(tmp_path):
    names = write(tmp_path, "id,sku\n1,tea\n2,cup\n", "names.csv")
    prices = write(tmp_path, "id,price\n2,4.5\n1,10\n", "prices.csv")
    part = {"from": "names.csv", "join": {"from": "prices.csv", "on": "id"}}
    world = build_world(scenario({"catalogue": names, "catalogue.join": prices}, catalogue=part), 0)
    assert world.cast.sku_name == ("tea", "cup")
    assert set(world.truth.offers["price"]) <= set(np.arange(420, 1060))


def test_the_loader_finds_both_tables(tmp_path):
    write(tmp_path, ORDERS, "o.csv")
    write(tmp_path, LINES, "l.csv")
    text = "name: x\npopulation: {from: o.csv, join: {from: l.csv, on: id}}"
    found = load(write(tmp_path, text)).scenario._inputs
    assert found == {"population": tmp_path / "o.csv", "population.join": tmp_path / "l.csv"}


# -- what is refused -----------------------------------------------------------------------------------------------

BAD = [
    ("id,a\n1,2\n", "idd,b\n1,2\n", "real.join.from: second.csv: no column 'id' to join on. Did you mean 'idd'?"),
    ("di,a\n1,2\n", "id,b\n1,2\n", "real.from: first.csv: no column 'id' to join on."),
    (
        "id,a\n1,2\n",
        "id,b\n3,4\n",
        "real.join.from: second.csv: 0 pairs of rows agree in 'id' with first.csv, allowed 1 to 20,000,000.",
    ),
    (
        "id,a\n1,2\n",
        "id,a\n1,2\n",
        "real.join.from: second.csv: column 'a' is in the first table too: rename one.",
    ),
    ("id,a\n", "id,b\n1,2\n", "0 pairs of rows agree"),
    ("id,a\n1,2\n", "", "real.join.from: second.csv: the table is empty: it has not even a header."),
]


@pytest.mark.parametrize(("first", "second", "line"), BAD)
def test_a_bad_join_is_refused_in_one_line(tmp_path, first, second, line):
    with pytest.raises(ScenarioError) as refused:
        joined(tmp_path, first, second)
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)


def test_numbers_with_fractions_are_nothing_to_join_on(tmp_path):
    for name in ("first", "second"):
        pd.DataFrame({"id": [1.5], name: [1]}).to_parquet(tmp_path / f"{name}.parquet")
    one, other = (Input(tmp_path / f"{name}.parquet", 0, 0, name) for name in ("first", "second"))
    with pytest.raises(ScenarioError, match="found double in the column to join on, allowed text"):
        read_columns(Input(one.path, 0, 0, "first", join=other, on="id"), {"first"})


def test_a_join_of_too_many_rows_is_refused_before_it_is_made(tmp_path):
    rows = "id,{}\n" + "1,2\n" * 5000
    with pytest.raises(ScenarioError, match="25,000,000 pairs of rows agree"):
        joined(tmp_path, rows.format("a"), rows.format("b"))


def test_errors_of_rows_name_both_tables(tmp_path):
    tables = {
        "demand.0": write(tmp_path, ORDERS, "o.csv"),
        "demand.0.join": write(tmp_path, "id,what,n\na,tea,0\n", "l.csv"),
    }
    columns = {"time": "when", "sku": "what", "consumer": "who", "units": "n"}
    part = {"kind": "bootstrap", "per_day": 9, "from": "o.csv", "columns": columns}
    line = "demand.0.from: o.csv with l.csv: column 'n', row 1: found 0, allowed 1 to 1e"
    with pytest.raises(ScenarioError, match=line):
        read_orders(scenario(tables, demand=[{**part, "join": {"from": "l.csv", "on": "id"}}]), 0)


DEPOT = "{name: a, latitude: 30, longitude: 120, depot_only: true}"
REFUSED = [
    ("merchants: {join: {from: l.csv, on: id}}", "2:13: merchants.join: there is no table to join with. Name it"),
    ("merchants: {from: o.csv, join: {from: l.csv}}", "2:26: merchants.join.on: is missing."),
    ("merchants: {from: o.csv, join: {from: x.csv, on: id}}", "merchants.join.from: there is no file 'x.csv'."),
    ("merchants: {from: o.csv, join: {from: ../l.csv, on: id}}", "merchants.join.from: found '../l.csv', allowed"),
    ("real: {columns: {placed: when}}", "real.columns: there is no table to map columns of. Name it with from."),
    ("real: {}", "real.from: real orders are read from a table. Name it with from."),
    ("real: {from: o.csv}\nrecord: off", "record: found 'off', the orders are needed"),
    (f"network: {{warehouses: [{DEPOT}]}}", "depot_only: 'a' gets parcels"),
    (
        f"network: {{carrier: {{to_the_door: false}}, warehouses: [{DEPOT}]}}",
        "network.warehouses.0.depot_only: merchants keep no goods here, and hand over from nowhere else.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), REFUSED)
def test_what_cannot_be_is_refused_with_its_place(tmp_path, text, line):
    write(tmp_path, ORDERS, "o.csv")
    write(tmp_path, LINES, "l.csv")
    assert line in refusal(tmp_path, f"name: x\n{text}")
