"""A scenario that would not fit is refused before anything is built."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import size
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.scenario.size import check_size, estimate_bytes
from sim.schema.rows import ACT_ROW
from sim.world.orders import BOOK_ROW
from sim.world.state import consumer_rows, content_rows, offer_rows
from sim.world.topics import TOPICS
from tests.scenario.files import write

GIGABYTE = 10**9


def scenario(**parts):
    return Scenario.model_validate({"name": "x", **parts})


def test_the_default_scenario_is_small():
    assert estimate_bytes(scenario()) < GIGABYTE


def test_a_hundred_thousand_consumers_for_thirty_days_fit_in_two_gigabytes():
    assert estimate_bytes(scenario(population={"consumers": 100_000}, horizon="30 days")) < 2 * GIGABYTE


def test_rows_are_counted_for_at_least_what_they_take():
    d = len(TOPICS)
    assert consumer_rows(0, d).itemsize <= size.CONSUMER
    assert offer_rows(0, d).itemsize + content_rows(0, d).itemsize <= size.OFFER
    assert content_rows(0, d).itemsize <= size.VIDEO
    assert BOOK_ROW.itemsize <= size.ORDER
    assert ACT_ROW.itemsize <= size.ACT


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        ({"population": {"consumers": 20_000_000}, "horizon": "3 days"}, "population"),
        ({"population": {"consumers": 20_000_000, "segments": [{"name": "a", "share": 1, "visits_per_day": 0.001}]}},
         "population.consumers"),
        ({"catalogue": {"items": 5_000_000}, "horizon": "3 days"}, "catalogue.items"),
        ({"creators": {"count": 100_000, "videos": 10_000}}, "creators.videos"),
        ({"horizon": "600 days", "catalogue": {"items": 300_000}, "population": {"consumers": 0}},
         "horizon"),
        ({"demand": [{"per_day": 1}, {"per_day": 100_000}]}, "demand.1.per_day"),
    ],
)  # fmt: skip
def test_a_world_that_does_not_fit_is_refused_by_its_largest_part(parts, key):
    with pytest.raises(ScenarioError) as caught:
        check_size(scenario(**parts), limit=GIGABYTE)
    where, why, _ = caught.value.args
    assert where == key
    assert why.endswith("allowed are 1.0 GB")


def test_a_world_that_fits_is_not_refused():
    check_size(scenario(), limit=GIGABYTE)
    check_size(scenario())


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_consumers_never_take_less(few, many):
    few, many = sorted((few, many))
    sizes = [estimate_bytes(scenario(population={"consumers": n})) for n in (few, many)]
    assert sizes[0] <= sizes[1]


def test_a_table_counts_by_its_rows(tmp_path):
    pd.DataFrame({"consumer": range(500_000)}).to_parquet(tmp_path / "people.parquet")
    path = write(tmp_path, "name: x\npopulation: {from: people.parquet, consumers: 3}\n")
    read, said = load(path).scenario, scenario(population={"consumers": 500_000})
    assert estimate_bytes(read) == estimate_bytes(said)


def test_what_is_no_table_is_left_to_its_reader(tmp_path):
    (tmp_path / "people.parquet").write_text("no table")
    path = write(tmp_path, "name: x\npopulation: {from: people.parquet}\n")
    assert estimate_bytes(load(path).scenario) > 0
