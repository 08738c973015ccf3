"""`sim evaluate`: what it prints, that it prints it again, and what it says of a log that is none."""

import json

import numpy as np
import pandas as pd
import pytest

from tests.cli.command import sim
from tests.offline.logs import SHARED, tasted, written

GOOD = (
    "user,item,time\nann,a,2026-11-01 10:00\nann,b,2026-11-02 10:00\nbob,a,2026-11-01 11:00\nbob,c,2026-11-03 09:00\n"
)


def test_who_knows_tastes_ranks_above_who_does_not(tmp_path):
    written(tmp_path, tasted())
    done = sim(tmp_path, "evaluate", "log.csv", "--recommender", "item_knn", "--json", "-q")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["rows"], found["users"], found["items"]) == (960, 60, 40)
    assert [one["recommender"] for one in found["recommenders"]] == ["item_knn", "popularity", "random"]
    knn, popular, _ = found["recommenders"]
    assert knn["measures"]["ndcg"]["low"] > popular["measures"]["ndcg"]["high"]
    assert popular["gains"]["ndcg"]["high"] < 0
    assert knn["off_policy"] is None


def test_the_same_log_is_judged_the_same_twice_and_names_do_not_matter(tmp_path):
    frame = tasted()
    written(tmp_path, frame)
    words = [
        "evaluate",
        "log.csv",
        "--recommender",
        "matrix_factorisation,factors=8",
        "--split",
        "user",
        "--json",
        "-q",
    ]
    first, again = sim(tmp_path, *words), sim(tmp_path, *words)
    assert first.stdout == again.stdout
    frame["item"] = "other-" + frame["item"]
    written(tmp_path, frame)
    assert sim(tmp_path, *words).stdout == first.stdout


def test_the_table_tells_measures_with_intervals_and_the_answer(tmp_path):
    written(tmp_path, tasted())
    done = sim(tmp_path, "evaluate", "log.csv")
    assert done.returncode == 0
    assert "item_knn ranks best: nDCG " in done.stdout
    assert "60 users  40 items  split by time, 10 places" in done.stdout
    assert "rmse" not in done.stdout
    assert "too narrow" not in done.stdout


def test_intervals_from_a_handful_of_users_come_with_a_warning(tmp_path):
    """Of twenty users every resample may say one thing: it is not called clear.  Of sixty it is."""
    words = ["evaluate", "log.csv", "--recommender", "random", "--recommender", "item_knn"]
    written(tmp_path, tasted(20))
    gain = json.loads(sim(tmp_path, *words, "--json").stdout)["recommenders"][1]["gains"]["ndcg"]
    assert gain["low"] > 0
    few = sim(tmp_path, *words).stdout
    assert "item_knn ranks best" in few
    assert "not clearly above random" in few
    assert "Only 20 users turned to something new after the split: intervals from so few are too narrow." in few
    written(tmp_path, tasted(60))
    assert ", clearly above random" in sim(tmp_path, *words).stdout


def test_what_a_run_kept_is_a_log_too(tmp_path):
    (tmp_path / "tiny.yaml").write_text(
        "name: tiny\nhorizon: 3 days\nwarm_up: 1 day\nreplications: 1\npopulation: {consumers: 300}\n"
        "catalogue: {items: 30}\ncreators: {count: 2}\nrecord: full\npolicies: {recommender: {kind: epsilon_greedy}}\n"
        "serving: {impression_log: 1.0}\n"
    )
    assert sim(tmp_path, "run", "tiny.yaml", "-q").returncode == 0
    run = next((tmp_path / "runs").iterdir()).relative_to(tmp_path)
    done = sim(tmp_path, "evaluate", str(run), "--recommender", "popularity", "--json", "-q")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["recommenders"][0]
    assert found["off_policy"]["rows"] > 100
    assert found["off_policy"]["logged"] > 0.005


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("user,thing,time\na,b,1\n", [], "log.csv: no column 'item' for item. There are: 'thing'."),
        ("user,item,time\na,b,noon\nb,c,2026-11-01\n", [], "column 'time', row 1: found 'noon', allowed a time"),
        ("user,item,time\na,b,1\nc,d,\n", [], "column 'time', row 2: the value is missing."),
        ("user,item,time\na,b,1\na,c,2\n", [], "column 'user': there is but one, 'a': nothing can be ranked"),
        ("user,item,time\na,b,1\nc,b,2\n", [], "column 'item': there is but one, 'b': nothing can be ranked"),
        (GOOD + "ann,a,2026-11-01 10:00\n", [], "row 5: user 'ann', item 'a' and the time are those of row 1"),
        ("user,item,time,propensity\na,b,1,0.5\nc,d,2,0\n", [], "row 2: found 0, allowed above 0"),
        ("user,item,time,clicked\na,b,1,0\nc,d,2,3\n", [], "column 'clicked', row 2: found 3, allowed 0 to 1."),
        ("user,item,time,clicked\na,b,1,\nc,d,2,1\n", [], "column 'clicked', row 1: the value is missing."),
        ("user,item,time,act\na,b,1,buy\nc,d,2,click\n", [], "row 1: found 'buy', allowed impression, click"),
        ("user,item,time,rating\na,b,1,good\nc,d,2,4\n", [], "row 1: found 'good', allowed a number."),
        ("user,item,time\na,b,-1\nc,d,2\n", [], "column 'time', row 1: found '-1', allowed a time"),
        ("user,item,time\n", [], "log.csv: the table has 0 rows, allowed 1 to "),
        ("user,item,time\na,b,1\nc,d,2\n", [], "to learn from. Each user's last rows are held out"),
        ("user,item,time\na,b,1\nc,d,2\n", ["--split", "user"], "to be found. Another --share, or --split time"),
        ("user,item,time,rating\na,b,1,3\nc,d,2,2\n", [], "nobody likes anything: no rating is 4 or more. See --relev"),
        ("user,item,time,act\na,b,1,return\nc,d,2,return\n", [], "no row is a click, a cart or an order."),
        ("user;item;time\na;b;1\n", [], "no column 'user' for user. A .csv file has commas between its columns."),
        ("user,item,time\na,b,2026-11-01T09:30Z\nc,d,2\n", [], "2026-11-01 09:30. Write local times, without a zone."),
        (GOOD, ["--columns", "time=when"], "log.csv: no column 'when' for time."),
        (GOOD, ["--recommender", "item_kn"], "--recommender item_kn: no policy 'item_kn'. Did you mean 'item_knn'?"),
        (GOOD, ["--recommender", "item_knn,neighbours=0"], "neighbours: found 0, allowed "),
        (GOOD, ["--recommender", "item_knn,neighbours"], "'neighbours' is not of the form parameter=value"),
        (GOOD, ["--split", "day"], "--split: found 'day', allowed time, user."),
        (GOOD, ["--k", "0"], "--k: found '0', allowed a whole number, 1 or more."),
        (GOOD, ["--k", "101"], "--k: found 101, allowed 100 at most."),
        (GOOD, ["--relevant", "nan"], "--relevant: found 'nan', allowed a rating."),
        (GOOD, ["--share", "half"], "--share: found 'half', allowed a number above 0 and under 1."),
        (GOOD, ["--share", "1.5"], "--share: found 1.5, allowed a number above 0 and under 1."),
        (GOOD, ["--columns", "usr=who"], "--columns usr=who: no such column is read"),
        (GOOD, ["--recommender", "oracle"], "--recommender oracle: needs a simulated world's truth, which a log"),
        ("", [], "log.csv: the table is empty"),
    ],
)  # fmt: skip
def test_a_log_or_words_that_are_wrong_are_told_in_one_line(tmp_path, text, words, line):
    (tmp_path / "log.csv").write_text(text)
    done = sim(tmp_path, "evaluate", "log.csv", "-q", *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert line in done.stderr


def test_a_folder_that_is_no_run_is_told(tmp_path):
    (tmp_path / "empty").mkdir()
    done = sim(tmp_path, "evaluate", "empty")
    assert done.returncode == 2
    assert "no run that kept what consumers did (events/acts). Run it with --set record=sampled." in done.stderr


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real ratings are not there")
def test_on_real_ratings_neighbours_beat_popularity(tmp_path):
    frame = pd.read_parquet(SHARED / "ml100k_ratings.parquet").rename(
        columns={"user_id": "user", "item_id": "item", "ts": "time"}
    )
    frame.to_parquet(tmp_path / "log.parquet")
    words = [
        "--recommender",
        "item_knn,neighbours=500,history=200,shrinkage=0.0,size_norm=1.0,fade_after=10.0",
        "--json",
        "-q",
    ]
    done = sim(tmp_path, "evaluate", "log.parquet", *words)
    found = json.loads(done.stdout)["recommenders"]
    assert found[0]["measures"]["ndcg"]["mean"] > 0.17
    assert np.diff([one["measures"]["ndcg"]["mean"] for one in found]).max() < 0
