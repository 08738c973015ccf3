"""Tables of demand: what is read, and what is refused in one line."""

import numpy as np
import pandas as pd
import pytest

from sim.data.demand_table import demand_panel
from sim.errors import ScenarioError

THREE_DAYS = "item,date,units\na,2026-01-01,3\na,2026-01-02,\na,2026-01-03,5\nb,2026-01-02,1\nb,2026-01-03,2\n"


def panel_of(folder, text, columns=(), sales=False):
    """Read a CSV table."""
    path = folder / "demand.csv"
    path.write_text(text)
    return demand_panel(path, dict(columns), sales)


def refusal(folder, text, columns=(), sales=False):
    """Return what is said of a table, without the file's name."""
    with pytest.raises(ScenarioError) as caught:
        panel_of(folder, text, columns, sales)
    where, _, said = str(caught.value).partition("demand.csv: ")
    assert where == f"{folder}/"
    return said


def test_items_are_rows_days_are_columns_and_blank_is_unknown(tmp_path):
    panel = panel_of(tmp_path, THREE_DAYS)
    assert panel.items == ("a", "b")
    assert panel.first == np.datetime64("2026-01-01")
    assert np.array_equal(panel.demand, [[3, np.nan, 5], [np.nan, 1, 2]], equal_nan=True)
    assert panel.views is None


def test_rows_may_come_in_any_order_and_as_parquet(tmp_path):
    expected = panel_of(tmp_path, THREE_DAYS)
    table = pd.read_csv(tmp_path / "demand.csv", parse_dates=["date"]).sample(frac=1, random_state=1)
    table.to_parquet(tmp_path / "demand.parquet")
    panel = demand_panel(tmp_path / "demand.parquet", {})
    order = [panel.items.index(item) for item in expected.items]
    assert np.array_equal(panel.demand[order], expected.demand, equal_nan=True)


def test_signals_and_stockouts_are_read_by_the_tables_own_names(tmp_path):
    text = "sku,day,qty,seen,out,live\na,2026-01-01,3,30,0,0\na,2026-01-02,5,40,1,60\na,2026-01-03,,,,90\n"
    columns = {"item": "sku", "date": "day", "units": "qty", "views": "seen", "stockout": "out", "live_minutes": "live"}
    panel = panel_of(tmp_path, text, columns)
    assert panel.days == 2  # the third day is planned
    assert panel.views.tolist() == [[30, 40]]
    assert panel.censored.tolist() == [[False, True]]
    assert panel.view(2, 2, (0.5,)).signals.live_minutes.tolist() == [[0, 60, 90, 0]]


def test_single_sales_are_summed_and_known_from_the_day_after_the_first(tmp_path):
    text = "item,date,units\na,2026-01-01 09:00,1\na,2026-01-03 10:00,2\na,2026-01-03 23:59,4\nb,2026-01-04,1\n"
    panel = panel_of(tmp_path, text, sales=True)
    assert np.array_equal(panel.demand, [[np.nan, 0, 6, 0], [np.nan] * 4], equal_nan=True)


def test_a_sale_without_units_is_one(tmp_path):
    panel = panel_of(tmp_path, "item,date\na,2026-01-01\na,2026-01-02\na,2026-01-02\n", sales=True)
    assert panel.demand[0, 1] == 2


BAD = [
    ("item,date\na,2026-01-01\n", "no column 'units' for units."),
    ("sku,date,units\na,2026-01-01,1\n", "no column 'item' for item. There are: 'sku'."),
    ("item,date,units\na,2026-01-01,1\n,2026-01-01,1\n", "column 'item', row 2: the value is missing."),
    ("item,date,units\na,2026-01-01,1\na,,1\n", "column 'date', row 2: the value is missing."),
    ("item,date,units\na,2026-01-01,1\na,soon,1\n", "column 'date', row 2: found 'soon', allowed a time, as in 2026-"),
    ("item,date,units\na,2026-01-01,1\na,2026-01-02,-1\n", "column 'units', row 2: found -1, allowed 0 to 1e+09."),
    ("item,date,units\na,2026-01-01,1\na,2026-01-02,two\n", "column 'units', row 2: found 'two', allowed a number."),
    ("item,date,units\na,2026-01-01,\n", "column 'units': there is not a single value."),
    (
        "item,date,units\nb,2026-01-01,1\na,2026-01-01,1\nb,2026-01-01,2\n",
        "column 'date', row 3: item 'b' has 2026-01-01 twice. Where a row is a single sale, say --sales.",
    ),
    (
        "item,date,units\na,2026-01-02,1\na,2026-01-01,1\na,2026-01-04,2\n",
        "column 'date', row 3: item 'a' goes from 2026-01-02 to 2026-01-04: a day is missing. Add rows with the units",
    ),
    (
        "item,date,units\na,2026-01-01,1\na,2026-01-05,1\n",
        "column 'date', row 2: item 'a' goes from 2026-01-01 to 2026-01-05: 3 days are missing.",
    ),
    ("item,date,units\n", "the table has 0 rows, allowed 1 to 20,000,000."),
]


@pytest.mark.parametrize(("text", "said"), BAD, ids=range(len(BAD)))
def test_what_is_wrong_is_told_with_its_column_and_row(tmp_path, text, said):
    assert refusal(tmp_path, text).startswith(said)


def test_a_sale_of_unknown_size_is_refused(tmp_path):
    said = refusal(tmp_path, "item,date,units\na,2026-01-01,1\na,2026-01-02,\n", sales=True)
    assert said.startswith("column 'units', row 2: the value is missing.")


def test_dates_that_lie_ages_apart_are_no_panel(tmp_path):
    rows = "".join(f"item-{i},1900-01-01,1\nitem-{i},2299-01-01,1\n" for i in range(1000))
    said = refusal(tmp_path, f"item,date,units\n{rows}", sales=True)
    assert "1,000 items over 145,733 days are more than 100,000,000 numbers" in said
