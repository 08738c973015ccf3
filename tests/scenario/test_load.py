"""A scenario is a file or a name; its tables lie under its folder or ``--data``; later errors find their place."""

import pickle
from pathlib import Path

import pytest

from sim.errors import InvariantError, PolicyError, ScenarioError, SimError
from sim.scenario import load as loading
from sim.scenario.load import load, shipped
from tests.scenario.files import loaded, write

TABLE = "name: x\ncatalogue: {from: items.csv}\n"


def line_of(name, **options):
    with pytest.raises(ScenarioError) as caught:
        load(name, **options)
    return str(caught.value)


def test_a_short_file_is_a_whole_scenario(tmp_path):
    scenario = loaded(tmp_path, "name: x\nhorizon: 3 days\npopulation: {consumers: 12}\n").scenario
    assert (scenario.name, scenario.horizon, scenario.population.consumers) == ("x", 3 * 1440, 12)
    assert scenario.catalogue.items == 800


@pytest.mark.parametrize("name", shipped())
def test_what_ships_loads_by_its_name_and_is_called_so(name):
    data = _real_tables()
    if name == "real_orders" and data is None:
        pytest.skip("the real order tables are not on this machine")
    assert load(name, data=data).scenario.name == name


def test_an_unknown_name_is_answered_with_the_nearest(monkeypatch):
    monkeypatch.setattr(loading, "shipped", lambda: ["festival", "quickstart"])
    assert line_of("quikstart") == (
        "quikstart: no scenario of this name ships with the package. Did you mean 'quickstart'?"
    )


def test_a_missing_file_is_answered_with_the_nearest_beside_it(tmp_path):
    write(tmp_path, "name: x", "flash_sale.yaml")
    assert line_of(tmp_path / "flash_sail.yaml").endswith("there is no such file. Did you mean 'flash_sale.yaml'?")


def test_a_folder_is_no_scenario(tmp_path):
    assert line_of(tmp_path).endswith("is a folder. A scenario is a file.")


def test_a_table_is_found_beside_the_scenario(tmp_path):
    (tmp_path / "items.csv").write_text("sku,price\n")
    assert loaded(tmp_path, TABLE).scenario._inputs == {"catalogue": (tmp_path / "items.csv").resolve()}


def test_a_table_is_looked_for_in_the_data_folder_first(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    for folder in (tmp_path, data):
        (folder / "items.csv").write_text("sku,price\n")
    scenario = load(write(tmp_path, TABLE), data=data).scenario
    assert scenario._inputs["catalogue"] == (data / "items.csv").resolve()


def test_each_table_goes_by_the_key_of_its_part(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"")
    demand = "[{per_day: 1}, {kind: bootstrap, per_day: 9, from: a.parquet}]"
    text = f"name: x\npopulation: {{from: a.parquet}}\nmerchants: {{from: a.parquet}}\ndemand: {demand}\n"
    assert list(loaded(tmp_path, text).scenario._inputs) == ["population", "merchants", "demand.1"]


def test_a_joined_table_goes_by_its_own_key(tmp_path):
    for name in ("items.csv", "sellers.csv"):
        (tmp_path / name).write_text("sku,seller\n")
    text = "name: x\ncatalogue: {from: items.csv, join: {from: sellers.csv, on: seller}}\n"
    assert loaded(tmp_path, text).scenario._inputs["catalogue.join"] == (tmp_path / "sellers.csv").resolve()


def test_an_absolute_path_inside_the_data_folder_is_allowed(tmp_path):
    (tmp_path / "items.csv").write_text("sku,price\n")
    text = f"name: x\ncatalogue: {{from: {tmp_path / 'items.csv'}}}\n"
    assert "catalogue" in load(write(tmp_path, text), data=tmp_path).scenario._inputs


def test_a_link_that_leads_out_is_refused(tmp_path):
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "items.csv").write_text("sku,price\n")
    (inside / "items.csv").symlink_to(outside / "items.csv")
    line = line_of(write(inside, TABLE))
    assert line.endswith("catalogue.from: found 'items.csv', allowed a file under the scenario's folder or --data.")


def test_a_missing_table_is_answered_with_the_nearest_beside_it(tmp_path):
    (tmp_path / "itms.csv").write_text("")
    assert line_of(write(tmp_path, TABLE)).endswith("there is no file 'items.csv'. Did you mean 'itms.csv'?")


def test_a_data_folder_that_does_not_exist_is_refused(tmp_path):
    assert line_of(write(tmp_path, "name: x"), data=Path("nowhere")) == "--data: there is no folder 'nowhere'."


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("policies.inventory.kind", "3:15"),
        ("policies.inventory.with.reorder_point", "3:43"),
        ("policies.inventory.with.nothing", "3:36"),
        ("events.1.at", "6:6"),
        ("events.1.slots.0.item", "6:5"),
        ("catalogue.from: items.csv", ""),
    ],
)
def test_a_later_error_is_told_with_the_place_of_its_key_or_of_the_longest_part_that_stands_there(
    tmp_path, where, place
):
    text = """\
name: x
policies:
  inventory: {kind: reorder_up_to, with: {reorder_point: 3, order_up_to: 5}}
events:
  - {kind: carrier_cut, factor: 1, at: 1 day, for: 1 day}
  - {at: 1 day, for: 1 day, kind: carrier_cut, factor: 1}
"""
    located = loaded(tmp_path, text).source.locate(ScenarioError(where, "why", "hint"))
    expected = f"{tmp_path}/x.yaml:{place}: {where}" if place else f"{tmp_path}/x.yaml: {where}"
    assert located.args == (expected, "why", "hint")


def test_a_later_error_about_an_override_names_the_option(tmp_path):
    source = loaded(tmp_path, "name: x", "policies.inventory.kind=base_stok").source
    located = source.locate(ScenarioError("policies.inventory.kind", "no policy 'base_stok'"))
    assert str(located) == "--set policies.inventory.kind: no policy 'base_stok'."


@pytest.mark.parametrize(
    "error",
    [
        ScenarioError("--workers", "found -1"),
        InvariantError("stock", "units are not conserved"),
        SimError("catalogue", "full disk"),
    ],
)
def test_errors_about_other_things_than_a_key_are_left_as_they_are(tmp_path, error):
    assert loaded(tmp_path, "name: x").source.locate(error) is error


def test_what_was_loaded_can_be_sent_to_another_process(tmp_path):
    (tmp_path / "items.csv").write_text("sku,price\n")
    before = loaded(tmp_path, TABLE, "seed=5")
    after = pickle.loads(pickle.dumps(before))
    assert after == before
    assert after.scenario._inputs == before.scenario._inputs


def test_an_error_is_located_once_and_keeps_its_kind(tmp_path):
    source = loaded(tmp_path, "name: x").source
    once = source.locate(PolicyError("policies.routing", "fails"))
    assert isinstance(once, PolicyError)
    assert source.locate(once) is once


def _real_tables() -> Path | None:
    """Return where the real order tables lie, beside the checkout, if they do."""
    beside = Path(__file__).parents[2].parent / "shared" / "data"
    return beside if beside.is_dir() else None
