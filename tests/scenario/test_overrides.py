"""``--set`` changes what a file says before it is validated; ``--vary`` makes arms of such changes."""

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import Arm, Variation, arms, load, vary
from tests.scenario.files import loaded, refusal, write

TEXT = """\
name: x
seed: 3
policies:
  inventory: {kind: reorder_up_to, with: {reorder_point: 3, order_up_to: 5}, review: 2 days, fallback: base_stock}
events:
  - {kind: carrier_cut, factor: 0.5, at: 1 day, for: 1 day}
"""


def test_a_value_that_the_file_does_not_write_can_be_set(tmp_path):
    assert loaded(tmp_path, TEXT, "stock.amount=3").scenario.stock.amount == 3


def test_values_are_read_as_yaml(tmp_path):
    sets = ["horizon=3 days", "warm_up=1 day", "population={consumers: 3}", "question='a: b'", "orders.handling=null"]
    scenario = loaded(tmp_path, TEXT, *sets).scenario
    assert (scenario.horizon, scenario.population.consumers, scenario.question) == (4320, 3, "a: b")


def test_items_of_a_list_are_set_by_their_number(tmp_path):
    assert loaded(tmp_path, TEXT, "events.0.factor=0.25").scenario.events[0].factor == 0.25


def test_items_of_a_default_list_can_be_set_without_writing_the_list(tmp_path):
    warehouses = loaded(tmp_path, TEXT, "network.warehouses.1.vans=9").scenario.network.warehouses
    assert [(place.name, place.vans) for place in warehouses] == [("port-wh", 6), ("inland-wh", 9)]


def test_later_overrides_win(tmp_path):
    assert loaded(tmp_path, TEXT, "seed=4", "seed=5").scenario.seed == 5


def test_a_new_kind_drops_the_parameters_and_keeps_the_rest_of_the_block(tmp_path):
    inventory = loaded(tmp_path, TEXT, "policies.inventory.kind=base_stock").scenario.policies.inventory
    assert (inventory.kind, inventory.with_) == ("base_stock", {})
    assert (inventory.review, inventory.fallback) == (2880, "base_stock")


def test_parameters_can_be_set_after_a_new_kind(tmp_path):
    sets = ["policies.inventory.kind=base_stock", "policies.inventory.with.level=9"]
    assert loaded(tmp_path, TEXT, *sets).scenario.policies.inventory.with_ == {"level": 9}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("seed", "--set seed: is not of the form key=value. As in --set stock.amount=7."),
        ("=3", "--set =3: is not of the form key=value. As in --set stock.amount=7."),
        ("a..b=3", "--set a..b=3: is not of the form key=value. As in --set stock.amount=7."),
        ("seed=", "--set seed: is empty."),
        ("seed=[1", "--set seed: expected ',' or ']', but got '<stream end>'."),
        ("seed=*a", "--set seed: aliases such as *a are refused."),
        (
            "question=a: b",
            "--set question: a value is text, a number, [...] or {...}. Put quotes around text with a colon.",
        ),
        ("seed=true", "--set seed: found true, allowed a whole number."),
        ("stock.amount=-1", "--set stock.amount: found -1, allowed >= 0."),
        ("stock.amout=1", "--set stock.amout: there is no such key. Did you mean 'amount'?"),
        ("nothing=1", "--set nothing: there is no such key."),
        ("a.b.c=1", "--set a.b.c: a: there is no such key."),
        (
            "policies.inventry.kind=none",
            "--set policies.inventry.kind: policies.inventry: there is no such key. Did you mean 'inventory'?",
        ),
        ("inventory=none", "--set inventory: there is no such key. Did you mean 'policies.inventory'?"),
        (
            "policies.inventory=none",
            "--set policies.inventory: found 'none', allowed a mapping. "
            "A policy's name goes under kind: policies.inventory.kind.",
        ),
        ("seed.x=1", "--set seed.x: seed is 3, nothing lies below it."),
        ("seed.x.y=1", "--set seed.x.y: seed is 3, nothing lies below it."),
        ("events.1.at=1 day", "--set events.1.at: found '1' for an item's number, there are 1, numbered from 0."),
        ("events.x=1", "--set events.x: found 'x' for an item's number, there are 1, numbered from 0."),
        (
            "events=[{kind: presale, item: a, at: 1 day, for: 1 day, units: 0}]",
            "--set events: events.0.units: found 0, allowed >= 1.",
        ),
        ("horizon=1 day", "x.yaml: warm_up: found 2 days, allowed less than the horizon, 1 day."),
    ],
)
def test_a_wrong_override_is_refused_by_its_name(tmp_path, text, line):
    assert refusal(tmp_path, TEXT, text) == line


def test_a_variation_of_a_seam_is_one_of_its_kinds():
    assert [arm.sets for arm in arms([vary("recommender=popularity,item_knn")])] == [
        ("policies.recommender.kind=popularity",),
        ("policies.recommender.kind=item_knn",),
    ]


def test_an_arm_is_called_what_it_sets():
    assert [arm.label for arm in arms([vary("recommender=popularity,mine.model:Mine")])] == [
        "recommender=popularity",
        "recommender=mine.model:Mine",
    ]


def test_several_variations_cross():
    crossed = arms([vary("stock.amount=7,14"), vary("seed=1, 2")])
    called = {"stock.amount": "--vary stock.amount", "seed": "--vary seed"}
    assert crossed[1] == Arm("stock.amount=7, seed=2", ("stock.amount=7", "seed=2"), called)
    assert len(crossed) == 4


def test_a_kind_is_set_before_the_parameters_that_it_would_drop():
    arm = arms([vary("policies.inventory.with.level=7,9"), vary("inventory=base_stock,none")])[0]
    assert arm.sets == ("policies.inventory.kind=base_stock", "policies.inventory.with.level=7")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a=1,2", ("1", "2")),
        ("a=[1,2],[3,4]", ("[1,2]", "[3,4]")),
        ("a={b: 1, c: 2},{b: 3}", ("{b: 1, c: 2}", "{b: 3}")),
        ("a='x,y',\"z,]\"", ("'x,y'", '"z,]"')),
        ("a=don't,won't", ("don't", "won't")),
        ("a=b=1,c=2", ("b=1", "c=2")),
    ],
)
def test_commas_inside_brackets_and_quotes_belong_to_a_value(text, values):
    assert vary(text) == Variation("a", values)


def test_a_wrong_value_of_an_arm_is_refused_by_the_option_that_gave_it(tmp_path):
    arm = arms([vary("stock.amount=7,-1")])[1]
    with pytest.raises(ScenarioError, match=r"^--vary stock\.amount: found -1, allowed >= 0\.$"):
        load(write(tmp_path, TEXT), sets=arm.sets, called=arm.called)


def test_what_is_varied_loads(tmp_path):
    path = write(tmp_path, TEXT)
    found = [load(path, sets=arm.sets).scenario.network.warehouses[0].cut_off for arm in arms([vary(CUT_OFFS)])]
    assert found == [(540.0,), (540.0, 900.0)]


CUT_OFFS = "network.warehouses.0.cut_off=[9 h],[9 h, 15 h]"


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        (["seed"], "--vary seed: is not of the form key=value,value. As in --vary recommender=popularity,item_knn."),
        (["seed=1"], "--vary seed=1: needs two values or more, between commas. One value is for --set."),
        (["seed=1,"], "--vary seed=1,: needs two values or more, between commas. One value is for --set."),
        (["seed=1,1"], "--vary seed=1,1: has the same value twice."),
        (["seed=1,2", "seed=3,4"], "--vary seed: is given twice. List all values in one."),
        (
            [f"{key}={','.join(map(str, range(11)))}" for key in "abc"],
            "--vary: makes more than 1,000 arms.",
        ),
    ],
)
def test_a_variation_that_cannot_be_compared_is_refused(texts, line):
    with pytest.raises(ScenarioError) as caught:
        arms([vary(text) for text in texts])
    assert str(caught.value) == line
