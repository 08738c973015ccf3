"""Lists judged by hand, and laws that hold for any log."""

import math

import numpy as np
import pytest

from sim.offline.score import lists, score, task
from sim.offline.split import split
from tests.offline.logs import read, tasted

ROWS = [("ann", "a", 1), ("ann", "b", 2), ("ann", "c", 3), ("ann", "d", 4), ("bob", "a", 1), ("bob", "c", 2),
        ("bob", "b", 3), ("bob", "e", 4)]  # fmt: skip


@pytest.fixture
def small(tmp_path):
    """Half of each user's rows held out: ann is to be found c and d, bob b and e; both know a."""
    log = read(tmp_path, ROWS)
    return log, task(log, split(log, "time", 0.5, 4.0, 0))


def ranked(log, *rows):
    return np.array([[log.items.index(item) for item in row] for row in rows], np.int32)


def test_what_a_user_had_met_is_taken_out_of_its_list_and_what_is_missing_stays_empty(small):
    log, asked = small
    found = lists(ranked(log, "abcde", "cabed"), asked, 4)
    assert found[:, :3].tolist() == ranked(log, "cde", "bed").tolist()
    assert (found[:, 3] == -1).all()


def test_measures_are_what_their_formulas_say_by_hand(small):
    """Ann's list d, e, c hits at ranks 1 and 3, bob's d, b at 2 of two relevant each."""
    log, asked = small
    shown = ranked(log, "dec", "dbb")
    shown[1, 2] = -1
    found = score(shown, asked)
    ideal = 1 + 1 / math.log2(3)
    assert found["ndcg"] == pytest.approx([1.5 / ideal, 1 / math.log2(3) / ideal])
    assert found["recall"].tolist() == [1.0, 0.5]
    assert found["precision"] == pytest.approx([2 / 3, 1 / 3])
    assert found["mrr"].tolist() == [1.0, 0.5]
    assert found["map"] == pytest.approx([(1 + 2 / 3) / 2, 0.25])
    # likings learned from: a twice, b and c once; five items; novelty adds one to each
    novelty = {item: -math.log2((n + 1) / 9) for item, n in {"a": 2, "b": 1, "c": 1, "d": 0, "e": 0}.items()}
    assert found["novelty"] == pytest.approx(
        [np.mean([novelty[i] for i in "dec"]), np.mean([novelty[i] for i in "db"])]
    )
    assert found["popularity_lift"] == pytest.approx([(1 / 3) / 1.5 - 1, (1 / 2) / 1.5 - 1])
    assert found["coverage"].tolist() == [4 / 5]
    assert np.isnan(found["diversity"]).all()  # the log says nothing about items


def test_diversity_is_one_less_the_mean_cosine_of_what_is_said(tmp_path):
    frame = tasted(8, 6, 3)
    frame["category"] = frame["item"].map(lambda item: "tea" if item in ("i0", "i1", "i2") else "coats")
    log = read(tmp_path, frame)
    asked = task(log, split(log, "time", 0.3, 4.0, 0))
    shown = np.tile(ranked(log, ["i0", "i1", "i3"]), (len(asked.users), 1))
    assert score(shown, asked)["diversity"] == pytest.approx(np.full(len(asked.users), 2 / 3))


@pytest.mark.parametrize("kind", ["time", "user"])
def test_a_list_of_what_is_to_be_found_has_all_there_is_to_have(tmp_path, kind):
    log = read(tmp_path, tasted())
    asked = task(log, split(log, kind, 0.2, 4.0, 0))
    most = int(asked.to_find.max())
    perfect = np.full((len(asked.users), most), -1, np.int32)
    for row, user in enumerate(asked.users):
        own = asked.relevant[asked.relevant // asked.n_items == user] % asked.n_items
        perfect[row, : len(own)] = own
    found = score(perfect, asked)
    for name in ("ndcg", "recall", "hit_rate", "mrr", "map"):
        assert found[name] == pytest.approx(1.0)


def test_nothing_of_a_held_out_user_is_learned_from_and_its_later_half_is_to_be_found(tmp_path):
    log = read(tmp_path, tasted())
    cut = split(log, "user", 0.25, 4.0, 1)
    out = np.unique(log.user[cut.told | cut.test])
    assert len(out) == 15
    assert not np.isin(log.user[cut.train], out).any()
    for user in out:
        own = log.user == user
        assert log.minute[own & cut.told].max() < log.minute[own & cut.test].min()
