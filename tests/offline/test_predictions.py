"""Predicted ratings and clicks held against what came."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from sim.offline.exam import Exam
from sim.offline.rewards import SOON, rewards
from sim.offline.split import split
from tests.cli.command import sim
from tests.offline.logs import examined, read, written

N = 400


@dataclass
class Told:
    """Predicts what it is told to, as `RatesItems` and `PredictsClicks` do."""

    stars: float = 3.0
    clicks: object = None

    def predict_ratings(self, consumer, content):
        return np.full(len(consumer), self.stars)

    def predict_clicks(self, consumer, content, minute):
        return self.clicks(content)


def looked(seed=2):
    """Return looks of 20 users at 10 items: of the first five three in ten are clicked, of others one in 20."""
    rng = np.random.default_rng(seed)
    item = rng.integers(0, 10, N)
    clicked = rng.random(N) < np.where(item < 5, 0.3, 0.05)
    return pd.DataFrame(
        {"user": rng.integers(0, 20, N), "item": item, "time": np.arange(N), "clicked": clicked.astype(int)}
    )


@pytest.fixture
def looks(tmp_path):
    log = read(tmp_path, looked())
    return Exam(log, split(log, "time", 0.3, 4.0, 0))


def test_the_error_of_ratings_is_the_root_of_its_mean_square(tmp_path):
    """Half of all ratings are 5 and half 1, held out too: three stars miss each by two."""
    assert examined(tmp_path).predictions(Told())["rmse"] == pytest.approx(2.0)


def test_who_knows_each_click_tells_all_and_who_knows_none_tells_nothing(looks):
    rows = looks.cut.test
    clicked = (rewards(looks.log)[rows] > 0).astype(float)
    knows = looks.predictions(Told(clicks=lambda content: clicked))
    assert knows["auc"] == 1.0
    assert looks.predictions(Told(clicks=lambda content: 1 - clicked))["auc"] == 0.0
    assert looks.predictions(Told(clicks=lambda content: np.full(len(content), 0.1)))["auc"] == 0.5


def test_as_many_looks_are_called_clicks_as_clicked_before_the_split(looks):
    reward, cut = rewards(looks.log), looks.cut
    before, clicked = reward[cut.train].mean(), reward[cut.test] > 0
    called = round(before * len(clicked))
    hits = min(called, clicked.sum())
    found = looks.predictions(Told(clicks=lambda content: clicked.astype(float)))
    assert found["f1"] == pytest.approx(2 * hits / (called + clicked.sum()))


def test_without_ratings_or_looks_there_is_nothing_to_judge(looks, tmp_path):
    assert np.isnan(looks.predictions(Told(clicks=lambda content: np.zeros(len(content))))["rmse"])
    ratings = examined(tmp_path).predictions(Told(clicks=lambda content: np.zeros(len(content))))
    assert np.isnan([ratings["auc"], ratings["f1"]]).all()
    assert np.isnan(list(looks.predictions(object()).values())).all()


def test_where_a_probability_is_unknown_nothing_is_said(looks):
    found = looks.predictions(Told(clicks=lambda content: np.full(len(content), np.nan)))
    assert np.isnan([found["auc"], found["f1"]]).all()


def test_a_click_belongs_to_the_look_before_it_at_the_same_place_and_soon(tmp_path):
    rows = [("a", "x", 0, "impression", 0), ("a", "x", 5, "click", 0), ("a", "x", 6, "impression", 1),
            ("b", "y", 0, "impression", 0), ("b", "y", SOON + 1, "click", 0), ("b", "x", 7, "order", 0)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["user", "item", "time", "act", "position"])
    log = read(tmp_path, frame)
    looks = {(log.users[log.user[i]], float(log.minute[i])): rewards(log)[i] for i in np.flatnonzero(log.looks)}
    assert looks == {("a", 0.0): 1.0, ("a", 6.0): 0.0, ("b", 0.0): 0.0}
    assert np.isnan(rewards(log)[~log.looks]).all()


def test_rankers_and_raters_say_so_in_the_command(tmp_path):
    rng = np.random.default_rng(8)
    n = 3000
    item = rng.integers(0, 20, n)
    frame = pd.DataFrame({"user": rng.integers(0, 60, n), "item": item, "time": np.arange(n) * 3.0,
                          "clicked": (rng.random(n) < np.where(item < 10, 0.3, 0.03)).astype(int)})  # fmt: skip
    written(tmp_path, frame)
    done = sim(tmp_path, "evaluate", "log.csv", "--recommender", "logistic_ranker", "--json", "-q")
    ranker, popular, _ = json.loads(done.stdout)["recommenders"]
    assert ranker["measures"]["auc"]["mean"] > 0.7
    assert ranker["measures"]["f1"]["mean"] > 0.2
    assert popular["measures"]["auc"]["mean"] is None
