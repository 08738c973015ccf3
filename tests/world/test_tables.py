"""Tables in the place of generated parts: what they may look like, and how each kind of bad table is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.catalogue import Catalogue
from sim.world.build import build_world
from sim.world.catalogue_table import MAY, NEEDS, read_items
from sim.world.groups import first_per_group, median_per_group
from sim.world.world import World
from tests.world.worlds import fingerprint, scenario

ITEMS = """sku,price,category,weight_grams,merchant,title
tea,10.00,food,200,ann,green tea
cup,4.50,kitchen,300,bob,a cup
tea,12.00,food,200,ann,green tea
tea,9.00,food,,bob,green tea
pot,30.00,kitchen,0,ann,
"""
HOMES = """consumer,latitude,longitude,segment
x,30.1,120.1,affluent
y,30.6,114.3,
x,39.9,116.4,regulars
"""
PLACES = "merchant,latitude,longitude\nann,30.2,120.1\nbob,39.9,116.4\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def with_items(folder: Path, text: str = ITEMS, name: str = "items.csv", **more) -> World:
    path = write(folder, name, text)
    part = {"from": name, **more}
    return build_world(scenario({"catalogue": path}, catalogue=part), 0)


def refusal(folder: Path, key: str, text: str, **more) -> str:
    """Return the line that a bad table is refused with."""
    path = write(folder, "table.csv", text)
    with pytest.raises(ScenarioError) as refused:
        build_world(scenario({key: path}, **{key: {"from": "table.csv", **more}}), 0)
    line = str(refused.value)
    assert line.startswith(f"{key}.from: table.csv: ")
    assert "\n" not in line
    return line.removeprefix(f"{key}.from: table.csv: ")


# -- what tables say ---------------------------------------------------------------------------------------------


def test_rows_that_repeat_an_sku_of_a_merchant_are_one_offer_at_their_median_price(tmp_path):
    world = with_items(tmp_path)
    assert world.cast.content_name[:4] == ("tea@ann", "tea@bob", "cup@bob", "pot@ann")
    assert world.truth.offers["price"].tolist() == [1100, 900, 450, 3000]
    assert world.cast.merchant_name == ("ann", "bob")
    assert world.cast.categories == ("food", "kitchen")


def test_unknown_weights_are_drawn_and_known_ones_kept(tmp_path):
    world = with_items(tmp_path)
    assert world.cast.sku_weight[:2].tolist() == [200, 300]
    assert world.cast.sku_weight[2] > 0


def test_a_categorys_reference_is_the_median_price_of_its_skus(tmp_path):
    world = with_items(tmp_path, justified=0)
    assert np.allclose(np.exp(world.truth.offers["reference"]), [1000, 1000, 1725, 1725])


def test_rules_of_the_scenario_hold_for_the_tables_categories_of_that_name(tmp_path):
    world = with_items(tmp_path)
    assert world.cast.category_return_rate.tolist() == [0.03, 0.12]


def test_titles_and_texts_are_read(tmp_path):
    world = with_items(tmp_path)
    assert world.cast.offer_text == ("green tea", "green tea", "a cup", "")


def test_columns_are_found_by_the_scenarios_map(tmp_path):
    text = "id;price\n".replace(";", ",") + "a,1\nb,2\n"
    world = with_items(tmp_path, text, columns={"sku": "id"})
    assert world.cast.sku_name == ("a", "b")


def test_a_volume_may_be_the_product_of_three_lengths(tmp_path):
    text = "sku,price,l,w,h\na,1,10,5,2\nb,2,3,,3\n"
    world = with_items(tmp_path, text, columns={"volume_ml": "l*w * h"})
    assert world.cast.sku_volume[0] == 100
    assert world.cast.sku_volume[1] > 0


def test_the_scenario_lets_exactly_those_columns_be_mapped_that_are_read():
    assert set(Catalogue.known_columns) == {*NEEDS, *MAY}


def test_a_column_whose_own_name_has_a_star_is_that_column(tmp_path):
    world = with_items(tmp_path, "sku,price,l*w\na,1,77\n", columns={"volume_ml": "l*w"})
    assert world.cast.sku_volume.tolist() == [77]


def test_numbers_as_skus_keep_their_zeros(tmp_path):
    assert with_items(tmp_path, "sku,price\n007,1\n7,2\n").cast.sku_name == ("007", "7")


def test_a_parquet_table_says_the_same_as_a_csv_table(tmp_path):
    write(tmp_path, "items.csv", ITEMS)
    frame = pd.read_csv(tmp_path / "items.csv")
    frame["category"] = frame["category"].astype("category")
    frame.to_parquet(tmp_path / "items.parquet")
    rules = scenario({"catalogue": tmp_path / "items.parquet"}, catalogue={"from": "items.parquet"})
    assert fingerprint(build_world(rules, 0)) == fingerprint(with_items(tmp_path))


def test_a_table_without_merchants_is_sold_by_the_scenarios(tmp_path):
    world = with_items(tmp_path, "sku,price\na,1\nb,2\n")
    assert world.cast.merchant_name[0] == "merchant-0"
    assert world.truth.offers["price"].tolist() == [100, 200]


def test_homes_are_read_and_the_first_row_of_a_consumer_counts(tmp_path):
    path = write(tmp_path, "homes.csv", HOMES)
    world = build_world(scenario({"population": path}, population={"from": "homes.csv"}), 0)
    assert world.cast.consumer_name == ("x", "y")
    assert world.truth.consumers["latitude"].tolist() == [30.1, 30.6]
    assert world.truth.consumers["region"].tolist() == [0, 1]
    assert world.truth.consumers["segment"][0] == 2


def test_merchants_places_are_read(tmp_path):
    tables = {"catalogue": write(tmp_path, "items.csv", ITEMS), "merchants": write(tmp_path, "places.csv", PLACES)}
    world = build_world(scenario(tables, catalogue={"from": "items.csv"}, merchants={"from": "places.csv"}), 0)
    assert world.cast.merchant_latitude.tolist() == [30.2, 39.9]


def test_a_few_rows_without_a_place_are_left_out_and_told(tmp_path):
    rows = [f"m{i},30,120" for i in range(40)]
    path = write(tmp_path, "places.csv", "\n".join(["merchant,latitude,longitude", *rows, "lost,,120\n"]))
    world = build_world(scenario({"merchants": path}, merchants={"from": "places.csv"}), 0)
    assert world.notes == [
        "merchants.from: places.csv: 1 of 41 rows have no place and were left out",
        "merchants.from: places.csv: 1 merchants have no place at all; theirs is drawn",
    ]
    assert len(world.cast.merchant_name) == 41
    assert np.isfinite(world.cast.merchant_latitude).all()


def test_bootstrapped_orders_tell_what_each_offer_will_be_asked_for(tmp_path):
    rows = ("tea,x,ann,3", "tea,x,bob,1", "cup,y,bob,1", "tea,y,ann,1")
    orders = "\n".join(("time,sku,consumer,merchant,units", *(f"2026-11-01 09:30,{row}" for row in rows)))
    tables = {"catalogue": write(tmp_path, "items.csv", ITEMS), "demand.0": write(tmp_path, "orders.csv", orders)}
    rules = scenario(
        tables,
        population={"consumers": 0},
        catalogue={"from": "items.csv"},
        demand=[{"kind": "bootstrap", "from": "orders.csv", "per_day": 40}],
    )
    assert build_world(rules, 0).cast.base_rate.tolist() == [40.0, 10.0, 10.0, 0.0]


def test_orders_that_name_no_merchant_are_expected_of_the_cheapest_offer(tmp_path):
    orders = "time,sku,consumer\n2026-11-01,tea,x\n2026-11-01,pot,x\n"
    tables = {"catalogue": write(tmp_path, "items.csv", ITEMS), "demand.0": write(tmp_path, "orders.csv", orders)}
    rules = scenario(
        tables,
        population={"consumers": 0},
        catalogue={"from": "items.csv"},
        demand=[{"kind": "bootstrap", "from": "orders.csv", "per_day": 10}],
    )
    assert build_world(rules, 0).cast.base_rate.tolist() == [0.0, 5.0, 0.0, 5.0]


def test_a_table_that_changes_is_read_again(tmp_path):
    assert with_items(tmp_path, "sku,price\na,1\n").cast.sku_name == ("a",)
    assert with_items(tmp_path, "sku,price\nlonger,1\n").cast.sku_name == ("longer",)


def test_worlds_cannot_change_the_table_they_share(tmp_path):
    world = with_items(tmp_path)
    with pytest.raises(ValueError, match="read-only"):
        world.cast.sku_category[0] = 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.one_of(st.just(np.nan), st.floats(-1e6, 1e6))), max_size=40))
def test_medians_per_group_are_those_of_each_group_alone(rows):
    group = np.array([g for g, _ in rows], np.int64)
    values = np.array([v for _, v in rows], float)
    found = median_per_group(group, values, 6)
    for g in range(6):
        own = values[(group == g) & ~np.isnan(values)]
        assert np.isclose(found[g], np.median(own)) if len(own) else np.isnan(found[g])


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 9)), max_size=30))
def test_the_first_code_per_group_is_the_first_that_is_known(rows):
    found = first_per_group(np.array([g for g, _ in rows], int), np.array([c for _, c in rows], np.int32), 5)
    for g in range(5):
        assert found[g] == next((c for group, c in rows if group == g and c >= 0), -1)


# -- what is refused -----------------------------------------------------------------------------------------------

CATALOGUE = [
    ("sku,prize\na,1\n", {}, "no column 'price' for price. Did you mean 'prize'?"),
    ("id,price\na,1\n", {"columns": {"sku": "idd"}}, "no column 'idd' for sku. Did you mean 'id'?"),
    ("sku,price,l\na,1,2\n", {"columns": {"volume_ml": "l*w"}}, "no column 'w' for volume_ml. There are: 'l'."),
    ("sku,price\n", {}, "the table has 0 rows, allowed 1 to 20,000,000."),
    ("", {}, "the table is empty: it has not even a header."),
    ("sku,price\na,1\nb,cheap\n", {}, "column 'price', row 2: found 'cheap', allowed a number."),
    ("sku,price\na,1\nb,1_000\n", {}, "column 'price', row 2: found '1_000', allowed a number."),
    ("sku,price\na,1\nb,-3\n", {}, "column 'price', row 2: found -3, allowed 0 to 1e+09."),
    ("sku,price\na,inf\n", {}, "column 'price', row 1: found inf, allowed 0 to 1e+09."),
    ("sku,price\na,0\n", {}, "column 'price', row 1: found 0, a price is positive."),
    ("sku,price\na,1\nb,\n", {}, "column 'price', row 2: the value is missing."),
    ("sku,price\na,1\nb,nan\n", {}, "column 'price', row 2: the value is missing."),
    ("sku,price\na,1\n,1\n", {}, "column 'sku', row 2: the value is missing."),
    ("sku,price,merchant\na,1,m\nb,1,\n", {}, "column 'merchant', row 2: the value is missing."),
    (f"sku,price\na,1\n{'x' * 201},1\n", {}, "column 'sku', row 2: found 201 characters, allowed 200."),
    (f"sku,price,text\na,1,{'x' * 10_001}\n", {}, "column 'text', row 1: found 10001 characters, allowed 10000."),
    ("sku,price\na\x1b[31m,1\n", {}, "column 'sku', row 1: found a control character in 'a\\x1b[31m'."),
    ("sku,price,weight_grams\na,1,-5\n", {}, "column 'weight_grams', row 1: found -5, allowed 0 to 1e+09."),
    ("sku,price,price\na,1,2\n", {}, "two columns are named 'price'."),
    ("sku,price\na,1,2\n", {}, "not a readable table: CSV parse error: Row #2: Expected 2 columns, got 3: a,1,2."),
    ("sku,price,merchant\na@b,1,c\na,1,b@c\n", {}, "two offers are named 'a@b@c': leave '@' out of their parts."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "more", "line"), CATALOGUE)
def test_a_bad_catalogue_is_refused_in_one_line(tmp_path, text, more, line):
    assert refusal(tmp_path, "catalogue", text, **more).removesuffix(".") == line.removesuffix(".")


POPULATION = [
    ("consumer,latitude\nx,1\n", "no column 'longitude' for longitude."),
    ("consumer,latitude,longitude\nx,91,0\n", "column 'latitude', row 1: found 91, allowed -90 to 90."),
    ("consumer,latitude,longitude\nx,1,0\ny,1,-181\n", "column 'longitude', row 2: found -181, allowed -180 to 180."),
    ("consumer,latitude,longitude\nx,1,0\ny,,0\n", "1 of 2 rows have no place, allowed 5%. The first is row 2."),
    (
        "consumer,latitude,longitude,segment\nx,1,0,afluent\n",
        "column 'segment', row 1: the scenario has no segment 'afluent'. Did you mean 'affluent'?",
    ),
]


@pytest.mark.parametrize(("text", "line"), POPULATION)
def test_a_bad_population_is_refused_in_one_line(tmp_path, text, line):
    assert refusal(tmp_path, "population", text) == line


def test_a_merchant_of_the_catalogue_without_a_row_of_its_own_is_refused(tmp_path):
    tables = {"catalogue": write(tmp_path, "items.csv", ITEMS)}
    tables["merchants"] = write(tmp_path, "places.csv", PLACES.replace("bob", "bobby"))
    with pytest.raises(ScenarioError, match=r"no merchant 'bob' in places.csv. Did you mean 'bobby'\?"):
        build_world(scenario(tables, catalogue={"from": "items.csv"}, merchants={"from": "places.csv"}), 0)


@pytest.mark.parametrize(
    ("frame", "line"),
    [
        ({"sku": ["a"], "price": [True]}, "column 'price': found bool, allowed numbers"),
        ({"sku": [1.5], "price": [1]}, "column 'sku': found double, allowed text"),
        ({"sku": ["a"], "price": [pd.Timestamp("2026-01-01")]}, "column 'price': found timestamp"),
        ({"sku": ["a"], "price": [1.0], "text": [5]}, "column 'text': found int64, allowed text"),
        ({"sku": ["a"], "price": [[1.0]]}, "column 'price': found list<"),
    ],
)
def test_a_parquet_column_of_the_wrong_type_is_refused(tmp_path, frame, line):
    pd.DataFrame(frame).to_parquet(tmp_path / "table.parquet")
    rules = scenario({"catalogue": tmp_path / "table.parquet"}, catalogue={"from": "table.parquet"})
    with pytest.raises(ScenarioError) as refused:
        build_world(rules, 0)
    assert line in str(refused.value)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("table.parquet", b"PAR1 no parquet", "not a readable table"),
        ("table.csv", b"sku,price\n\xff\xfe,1\n", "not a readable table"),
        ("table.xlsx", b"", "found a file named *.xlsx, allowed .csv and .parquet"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, name, content, why):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ScenarioError) as refused:
        build_world(scenario({"catalogue": tmp_path / name}, catalogue={"from": name}), 0)
    assert str(refused.value).startswith(f"catalogue.from: {name}: {why}")
    assert "\n" not in str(refused.value)


CELLS = st.sampled_from(("a", "b", "", "1", "2.5", "-1", "1e400", "nan", '"', "é", "\x00", "\n", "a" * 300))
TABLES = st.lists(st.lists(CELLS, max_size=4).map(",".join), max_size=5).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=60), TABLES.map(lambda rows: f"sku,price,merchant,text\n{rows}".encode())))
def test_whatever_is_in_the_file_it_is_read_or_refused_in_one_line(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "table.csv"
    path.write_bytes(content)
    try:
        items = read_items(scenario({"catalogue": path}, catalogue={"from": "table.csv"}))
    except ScenarioError as error:
        line = str(error)
    else:
        line = ""
        assert items is not None
        assert np.all(items.price > 0)
    assert line.isprintable()


def test_a_table_whose_place_nobody_resolved_is_refused():
    with pytest.raises(ScenarioError, match="the table's place is not known"):
        build_world(scenario(catalogue={"from": "items.csv"}), 0)


def test_a_table_that_vanished_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="not a readable table: No such file"):
        build_world(scenario({"catalogue": tmp_path / "gone.csv"}, catalogue={"from": "gone.csv"}), 0)
