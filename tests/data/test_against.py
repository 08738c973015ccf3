"""Simulated orders against real ones: from a run's folder and a table to facts and what is printed of them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.data.against import against, check_real
from sim.data.orders import real_orders, simulated_orders
from sim.errors import ScenarioError, SimError
from sim.record.folder import RunFolder
from sim.report.against import against_json, show_against, verdict
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from tests.data.handmade import START, kept, scenario
from tests.record.handmade import replication
from tests.record.test_folder import KPIS
from tests.scenario.files import write

REAL = """placed,price,shipped,delivered,promised,stars,merchant,a,b,c,d
2026-11-02 09:30,10,2026-11-03 09:30,2026-11-05 09:30,2026-11-09,4,ann,0,0,0,1
2026-11-03 21:00,20,2026-11-04 21:00,,2026-11-09,,bob,0,0,,1
"""
COLUMNS = {"seller_latitude": "a", "seller_longitude": "b", "home_latitude": "c", "home_longitude": "d"}


def with_real(folder: Path, text: str = REAL, **parts: object) -> Scenario:
    """Return a scenario whose real orders are ``text``."""
    path = folder / "real.csv"
    path.write_text(text, encoding="utf-8")
    rules = scenario(real={"from": "real.csv", "columns": COLUMNS}, **parts)
    rules._inputs["real"] = path
    return rules


def test_real_orders_are_read_with_what_did_not_happen_missing(tmp_path):
    real = real_orders(with_real(tmp_path))
    assert real["delivered"].isna().tolist() == [False, True]
    assert real["stars"].isna().tolist() == [False, True]
    assert real["km"].tolist() == pytest.approx([111.195, np.nan], abs=0.001, nan_ok=True)
    assert real["merchant"].tolist() == ["ann", "bob"]
    assert real["placed"][0] == START + pd.Timedelta("9h30min")


def test_a_table_of_times_and_prices_is_enough(tmp_path):
    rules = with_real(tmp_path, "placed,price\n2026-11-02 09:30,10\n")
    rules = rules.model_copy(update={"real": rules.real.model_copy(update={"columns": {}})})
    real = real_orders(rules)
    assert real[["shipped", "delivered", "promised", "km", "stars", "merchant"]].isna().all(axis=None)
    assert against([kept(40)], rules)["distance"].notna().sum() == 2  # hour and price


def test_only_orders_between_warm_up_and_horizon_are_counted():
    orders = kept(4, placed=[1439.9, 1440.0, 8 * 1440 - 0.1, 8 * 1440.0], price=[1, 2, 3, 4])
    assert simulated_orders([orders, orders], scenario())["price"].tolist() == [0.02, 0.03, 0.02, 0.03]


def test_simulated_instants_become_local_times_and_cents_money():
    orders = kept(2, delivered=[6320.5, np.nan], consumer_id=[0.0, np.nan], stars=[4.0, np.nan])
    rows = simulated_orders([orders], scenario())
    assert rows["delivered"][0] == START + pd.Timedelta(minutes=6320.5)
    assert rows["delivered"].isna()[1]
    assert rows["km"].tolist() == pytest.approx([100.0, np.nan], nan_ok=True)  # nobody's home is nowhere
    assert rows["price"].tolist() == [10.0, 10.0]


def test_the_order_table_of_a_run_has_all_that_is_compared(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.keep(replication(number=0), KPIS)
    rules = with_real(tmp_path, replications=1, warm_up="0 days")
    assert len(simulated_orders([folder.events("orders", 0)], rules)) == len(folder.events("orders", 0)) > 0
    assert list(against(folder, rules)["fact"]) == list(against([folder.events("orders", 0)], rules)["fact"])


def test_a_missing_replication_is_named(tmp_path):
    with pytest.raises(SimError, match=r"orders/0000.parquet: missing or damaged"):
        against(RunFolder(tmp_path / "run"), with_real(tmp_path))


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("2026-11-03 21:00", "soon"), "column 'placed', row 2: found 'soon', allowed a time, as in 2026-11-01 09:30"),
        (("2026-11-03 21:00", ""), "column 'placed', row 2: the value is missing"),
        (("2026-11-05 09:30", "x"), "column 'delivered', row 1: found 'x', allowed a time"),
        ((",4,ann", ",6,ann"), "column 'stars', row 1: found 6, allowed 1 to 5"),
        (("merchant,a,b", "merchant,e,b"), "no column 'a' for seller_latitude"),
        (("placed,price", "placed,prize"), "no column 'price' for price. Did you mean 'prize'?"),
    ],
)
def test_a_bad_real_table_is_one_line_that_says_where(tmp_path, change, line):
    with pytest.raises(ScenarioError) as refused:
        real_orders(with_real(tmp_path, REAL.replace(*change)))
    assert str(refused.value).startswith(f"real.from: real.csv: {line}")
    assert "\n" not in str(refused.value)


def test_a_bad_real_table_is_told_with_its_place_before_anything_is_simulated(tmp_path):
    write(tmp_path, REAL.replace("placed,price", "placed,prize"), "real.csv")
    told = load(write(tmp_path, "name: x\nreal: {from: real.csv}"))
    with pytest.raises(ScenarioError, match=r"x.yaml:2:8: real.from: real.csv: no column 'price' for price"):
        check_real(told)


def test_a_scenario_without_real_orders_has_nothing_to_check(tmp_path):
    check_real(load(write(tmp_path, "name: x")))


def test_the_table_is_printed_with_a_verdict(tmp_path, capsys):
    rules = with_real(tmp_path, REAL + "".join(REAL.splitlines(keepends=True)[1:2] * 40))
    facts = against([kept(40)], rules)
    show_against(facts, rules)
    printed = capsys.readouterr().out
    assert "transit_median 50-200 km" in printed
    assert "within" in printed
    assert printed.splitlines()[-1] == verdict(facts)
    assert verdict(facts).startswith("3 of 8 facts are within their tolerance; too few orders to tell: ")


def test_the_verdict_names_what_is_beyond_its_tolerance(tmp_path):
    facts = against([kept(40, price=9000)], with_real(tmp_path))
    assert "; beyond it: orders_by_hour, price; too few" in verdict(facts)


def test_as_json_what_is_missing_is_null(tmp_path):
    facts = against_json(against([kept(40)], with_real(tmp_path)))
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert set(facts[0]) == {
        "fact", "key", "unit", "real", "simulated", "measure", "distance", "tolerance", "within",
    }  # fmt: skip
    assert facts[0]["distance"] is None
    assert facts[0]["within"] is None
