"""A recommender of one's own: by the contract, and in the world."""

import json
from pathlib import Path

from sim.testing.recommenders import check_recommender
from tests.cli.command import sim

EXAMPLES = Path(__file__).parents[2] / "examples"
SHORT = ("horizon=3 days", "warm_up=1 day", "population.consumers=400", "replications=2")
NEWEST = "recommender=my_recommender:Newest"


def test_the_example_keeps_the_recommenders_contract(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    from my_recommender import Newest

    check_recommender(Newest)


def test_the_example_is_compared_by_its_name_from_its_own_folder(tmp_path):
    sets = [word for key in SHORT for word in ("--set", key)]
    vary = "recommender=popularity,my_recommender:Newest"
    done = sim(
        EXAMPLES, "compare", "quickstart", "--vary", vary, *sets, "--out", tmp_path, "--workers", 1, "-q", "--json"
    )
    assert done.returncode == 0, done.stderr
    arms = json.loads(done.stdout)["comparisons"]
    assert {one["b"] for one in arms} == {NEWEST}
    sold_out = next(one for one in arms if one["kpi"] == "oos_impression_rate")
    assert sold_out["difference"] < 0
