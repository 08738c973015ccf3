"""Predicted ratings: by hand where one can, and better than what is usual where tastes show."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from policies.recommenders._neighbours import Lists
from policies.recommenders._stars import Stars, by_consumers, by_contents, stars
from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build
from sim.policy.protocols import RatesItems
from tests.offline.logs import examined

RATERS = ["item_knn", "user_knn", "svd"]
OFF = np.array([[0.0, 1.0, -0.5], [0.5, 1.0, 0.0], [0.25, -1.0, 0.0]])
"""Three consumers, three contents; 0 = not rated."""


def known(off=OFF):
    return Stars(1.0, 5.0, 3.0, np.zeros(len(off)), np.zeros(off.shape[1]), csr_matrix(off))


def test_neighbours_of_a_content_add_their_weighted_mean():
    """Consumer 0 rated the neighbours 1 and 2 of content 0: (0.5 * 1 - 0.25 * 0.5) / 0.75."""
    near = Lists(np.array([0, 2, 2, 2]), np.array([1, 2], np.int32))
    found = by_contents(known(), near, np.array([0.5, 0.25], np.float32), np.array([0]), np.array([0]))
    assert found == pytest.approx([3 + 0.375 / 0.75])


def test_only_consumers_who_are_alike_and_rated_it_add_to_a_prediction():
    """Consumer 2 is the opposite of 0, so only 1 says something of content 0."""
    assert by_consumers(known(), 5, 0.0, np.array([0]), np.array([0])) == pytest.approx([3.5])


def test_only_the_nearest_count_where_there_are_more():
    off = np.array([[0.0, 1.0, 1.0], [0.5, 1.0, 1.0], [-0.5, 1.0, 0.0]])
    assert by_consumers(known(off), 1, 0.0, np.array([0]), np.array([0])) == pytest.approx([3.5])
    both = by_consumers(known(off), 2, 0.0, np.array([0]), np.array([0]))
    near, far = 2 / np.sqrt(2 * 2.25), 1 / np.sqrt(2 * 1.25)
    assert both == pytest.approx([3 + 0.5 * (near - far) / (near + far)])


def test_without_ratings_everything_is_worth_three_stars():
    assert stars(None, 2, 3).predicted(np.array([0, 1]), np.array([2, 0]), np.zeros(2)).tolist() == [3.0, 3.0]


@pytest.mark.parametrize("kind", RATERS)
def test_ratings_of_two_tastes_are_predicted_better_than_by_what_is_usual(tmp_path, kind):
    """Users give one half of the items 5 and the other 1, every other user the other way round."""
    exam = examined(tmp_path)
    policy = build("recommender", kind, {"factors": 2} if kind == "svd" else {})
    assert isinstance(policy, RatesItems)
    exam.learn(policy, 1)
    rows = np.flatnonzero(exam.cut.test)
    user, item, given = exam.log.user[rows], exam.log.item[rows], exam.log.rating[rows]
    usual = stars(exam.seen, len(exam.log.users), len(exam.log.items)).usual(user, item)
    assert exam.predictions(policy)["rmse"] < 0.7 * np.sqrt(np.mean((usual - given) ** 2))
    predicted = policy.predict_ratings(user, item)
    assert predicted.min() >= 1.0
    assert predicted.max() <= 5.0
    one_by_one = [policy.predict_ratings(user[i : i + 1], item[i : i + 1])[0] for i in range(20)]
    assert one_by_one == pytest.approx(predicted[:20])


@pytest.mark.parametrize("kind", RATERS)
def test_before_any_fit_there_is_a_prediction_too(tmp_path, kind):
    exam = examined(tmp_path)
    policy = build("recommender", kind)
    policy.begin(KeyedRng(1), exam.shop)
    assert policy.predict_ratings(np.array([0, 1], np.int32), np.array([1, 0], np.int32)).tolist() == [3.0, 3.0]
