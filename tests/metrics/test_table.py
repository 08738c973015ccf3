"""The table as a whole: names, order, missing values."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from sim.metrics import DEFINITIONS, MEASURED, headline, kpis
from tests.metrics.handmade import order, replication

NAME = re.compile(r"^[a-z0-9]+(_[a-z0-9]+)*$")


def test_there_is_one_row_per_kpi_over_all_in_order_of_definition_missing_ones_included():
    rows = kpis(replication())
    total = rows[(rows["dimension"] == "") & (rows["key"] == "")]
    assert total["name"].tolist() == list(MEASURED)
    assert list(rows.columns) == ["name", "dimension", "key", "value"]
    assert rows["value"].dtype == np.float64
    assert total["value"].isna().any()
    assert len(total) == (rows["dimension"] == "").sum()


def test_no_value_is_infinite_so_that_json_can_carry_it():
    values = kpis(replication([order(2000)]))["value"]
    assert not np.isinf(values).any()
    json.dumps(values.fillna(0).tolist(), allow_nan=False)


def test_every_definition_says_what_it_is():
    for name, definition in DEFINITIONS.items():
        assert definition.name == name
        assert NAME.match(name), name
        assert definition.better in ("up", "down", "")
        assert definition.group
        assert definition.unit
        assert definition.meaning
        assert not definition.meaning.endswith("."), name


def test_what_the_terminal_shows_is_defined_and_shown_once():
    shown = [name for _, names in headline for name in names]
    assert len(set(shown)) == len(shown)
    assert set(shown) <= DEFINITIONS.keys()
    assert 25 <= len(shown) <= 40


def test_fill_rate_is_always_shown_beside_the_impressions_on_what_is_out_of_stock():
    (names,) = [names for _, names in headline if "fill_rate" in names]
    assert "oos_impression_rate" in names


def test_every_kpi_is_checked_by_a_test_of_this_folder():
    here = Path(__file__).parent
    told = "".join(path.read_text() for path in here.glob("test_*.py") if path != Path(__file__))
    stems = {re.sub(r"_at_10$", "", name) for name in DEFINITIONS}
    assert [name for name in sorted(stems) if f'"{name}' not in told and f'"{name}_at_10"' not in told] == []


@pytest.mark.parametrize("name", ["gmv", "orders"])
def test_computing_twice_gives_the_same(name):
    made = replication([order(2000), order(3000, 1)])
    first, second = kpis(made), kpis(made)
    assert first.equals(second)
    assert first.loc[first["name"] == name, "value"].notna().all()
