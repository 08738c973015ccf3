"""`sim forecast`: which method is best on a table, and what comes."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cli.command import sim

SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a table of twelve items, weekly, some of them seldom."""
    rng = np.random.default_rng(1)
    day = np.arange(120)
    rate = rng.uniform(2, 30, (12, 1)) * (1 + 0.6 * np.sin(2 * np.pi * day / 7))
    units = rng.poisson(np.where(np.arange(12)[:, None] < 9, rate, 0.2))
    dates = np.datetime64("2026-01-01") + day
    item = np.repeat([f"sku-{i}" for i in range(12)], 120)
    table = pd.DataFrame({"item": item, "date": np.tile(dates, 12), "units": units.ravel()})
    place = tmp_path_factory.mktemp("forecast")
    table.assign(date=table["date"].astype(str)).to_csv(place / "demand.csv", index=False)
    return place


METHODS = ["--method", "naive", "--method", "seasonal_naive", "--method", "holt_winters,gamma=0.1"]


def test_a_table_of_methods_with_the_best_marked_is_printed(folder):
    done = sim(folder, "forecast", "demand.csv", *METHODS)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "demand.csv  12 items  120 days from 2026-01-01  14 days ahead from 8 origins, 6 days apart"
    assert [line.split()[0] for line in lines[2:5]] == ["naive", "seasonal_naive", "holt_winters,gamma=0.1"]
    assert [" * " in line for line in lines[2:5]] == [False, False, True]
    assert lines[5].startswith("holt_winters,gamma=0.1 has the lowest RMSSE, 0.")
    assert lines[6].startswith("Errors are means over items")


def test_with_v_classes_are_told_and_with_q_no_notes(folder):
    done = sim(folder, "forecast", "demand.csv", *METHODS, "-v", "-q")
    assert "smooth demand" in done.stdout
    assert "intermittent demand" in done.stdout
    assert "Errors are means" not in done.stdout


def test_json_has_every_measure_with_its_half_width(folder):
    told = json.loads(sim(folder, "forecast", "demand.csv", *METHODS, "--json", "--origins", 3).stdout)
    assert (told["items"], told["horizon"], told["season"], len(told["origins"])) == (12, 14, 7, 3)
    assert told["best"] == "holt_winters,gamma=0.1"
    best = told["methods"][2]
    assert 0 < best["mase"]["half_width"] < best["mase"]["mean"] < 1
    assert best["mase"]["n"] == sum(part["mase"]["n"] for part in best["classes"].values())
    assert len(best["mase_by_day"]) == 14


def test_forecasts_are_written_as_they_are_asked_for(folder):
    for name in ("next.csv", "next.parquet"):
        done = sim(folder, "forecast", "demand.csv", *METHODS, "--horizon", 5, "--out", name)
        assert done.returncode == 0
    csv, parquet = pd.read_csv(folder / "next.csv"), pd.read_parquet(folder / "next.parquet")
    assert len(csv) == len(parquet) == 3 * 12 * 5
    assert csv["date"].iloc[0] == str(parquet["date"].iloc[0]) == "2026-05-01"
    assert np.allclose(csv["q90"], parquet["q90"], rtol=1e-5)
    assert (parquet["q10"] <= parquet["q90"]).all()


def test_the_usual_methods_are_compared_where_none_is_named(folder):
    told = json.loads(sim(folder, "forecast", "demand.csv", "--json").stdout)
    assert len(told["methods"]) == 7


def test_anybodys_forecaster_is_named_by_its_module_and_what_fails_is_told(folder):
    (folder / "mine.py").write_text(
        "from dataclasses import dataclass\n\n@dataclass(frozen=True)\nclass Mine:\n    season: int = 1\n\n"
        "    def forecast(self, view):\n        raise ArithmeticError(f'no season {self.season}')\n"
    )
    done = sim(folder, "forecast", "demand.csv", "--method", "mine:Mine", "--method", "naive")
    assert done.returncode == 0
    fault = "mine:Mine: the fallback made 100 % of its forecasts. First fault: ArithmeticError: no season 7"
    assert fault in done.stdout


def test_one_item_has_no_half_widths(folder):
    rows = "".join(f"a,{np.datetime64('2026-01-01') + day},{day % 3}\n" for day in range(60))
    (folder / "one.csv").write_text(f"item,date,units\n{rows}")
    done = sim(folder, "forecast", "one.csv", "--method", "naive")
    assert done.returncode == 0
    assert "One item has no half-widths" in done.stdout


FORECAST = ["forecast", "demand.csv"]
BAD = [
    (["forecast", "nothing.csv"], "nothing.csv: not a readable table: No such file or directory."),
    (["forecast", "."], ".: found a file named *, allowed .csv and .parquet."),
    ([*FORECAST, "--method", "arma"], "--method arma: no policy 'arma'. Did you mean 'arima'?"),
    ([*FORECAST, "--method", "purchase_intent"], "--method purchase_intent: needs a column views, which the table"),
    ([*FORECAST, "--horizon", "0"], "--horizon: found '0', allowed a whole number, 1 or more."),
    ([*FORECAST, "--season", "week"], "--season: found 'week', allowed a whole number, 1 or more."),
    ([*FORECAST, "--origins", "1001"], "--origins: found 1001, allowed 1000 at most."),
    ([*FORECAST, "--horizon", "100"], "--horizon: 120 days of demand are too short, needed 122: 15 to begin with, 7 "),
    (
        [*FORECAST, "--columns", "units"],
        "--columns units: is not of the form ours=its. As in --columns units=quantity.",
    ),
    ([*FORECAST, "--columns", "unit=qty"], "--columns unit=qty: no such column is read, allowed item, date, units, "),
    ([*FORECAST, "--columns", "units=qty"], "demand.csv: no column 'qty' for units. "),
    ([*FORECAST, "--columns", "units=a,units=b"], "--columns units=b: units is given twice."),
    ([*FORECAST, "--out", "next.txt"], "--out: found 'next.txt', allowed a name that ends in .csv or .parquet."),
]


@pytest.mark.parametrize(("words", "said"), BAD, ids=range(len(BAD)))
def test_what_is_asked_wrongly_is_told_in_one_line(folder, words, said):
    done = sim(folder, *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not (SHARED / "cj_transactions.parquet").exists(), reason="the real tables are not here")
def test_real_sales_are_forecast_better_than_by_yesterday(tmp_path):
    """Units a day of a grocer's 300 best sellers, most of which are sold seldom."""
    table = pd.read_parquet(SHARED / "cj_transactions.parquet")
    often = table["product_id"].value_counts().index[:300]
    table[table["product_id"].isin(often)].to_parquet(tmp_path / "sales.parquet")
    columns = "item=product_id,date=transaction_timestamp,units=quantity"
    words = ["sales.parquet", "--sales", "--columns", columns, "--method", "tsb", "--method", "naive", "--json"]
    told = json.loads(sim(tmp_path, "forecast", *words).stdout)
    tsb, naive = told["methods"]
    assert told["best"] == "tsb"
    assert tsb["rmsse"]["mean"] + tsb["rmsse"]["half_width"] < naive["rmsse"]["mean"] - naive["rmsse"]["half_width"]


@pytest.mark.skipif(not (SHARED / "olist_items.parquet").exists(), reason="the real tables are not here")
def test_real_order_lines_without_a_category_are_refused_with_their_row():
    words = ["--sales", "--columns", "item=product_category_name,date=shipping_limit_date"]
    done = sim(SHARED, "forecast", "olist_items.parquet", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "column 'product_category_name', row 166: the value is missing." in done.stderr
