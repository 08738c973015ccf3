"""Ranking measures against slow definitions, and scikit-learn where it has them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from sim.metrics.ranking import MEASURES, average_precision, hit_rate, mrr, ndcg, precision, recall

RANKINGS = st.lists(
    st.tuples(st.lists(st.booleans(), min_size=6, max_size=6), st.integers(0, 8)), min_size=1, max_size=20
)


def arrays(rankings):
    """Return hits and relevant; what is relevant and not on the page comes on top of the hits."""
    hits = np.array([row for row, _ in rankings])
    return hits, np.maximum(1, hits.sum(axis=1) + np.array([missed for _, missed in rankings]))


def slow(name: str, row: list[bool], relevant: int) -> float:
    """Return a measure of one ranking, place by place, as its textbook says."""
    k = len(row)
    ranks = [rank for rank, hit in enumerate(row, start=1) if hit]
    if name == "ndcg":
        ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, relevant) + 1))
        return sum(1 / math.log2(rank + 1) for rank in ranks) / ideal
    if name == "map":
        return sum(sum(row[:rank]) / rank for rank in ranks) / min(k, relevant)
    return {
        "recall": len(ranks) / relevant,
        "precision": len(ranks) / k,
        "hit_rate": float(bool(ranks)),
        "mrr": 1 / ranks[0] if ranks else 0.0,
    }[name]


@given(RANKINGS)
def test_each_measure_equals_its_textbook_definition_ranking_by_ranking(rankings):
    hits, relevant = arrays(rankings)
    for name, measure in MEASURES.items():
        expected = [slow(name, row.tolist(), int(n)) for row, n in zip(hits, relevant, strict=True)]
        assert measure(hits, relevant) == pytest.approx(expected), name


@given(RANKINGS)
def test_each_measure_lies_between_zero_and_one_and_is_zero_without_a_hit(rankings):
    hits, relevant = arrays(rankings)
    for name, measure in MEASURES.items():
        values = measure(hits, relevant)
        assert ((values >= 0) & (values <= 1 + 1e-12)).all(), name
        assert (values[~hits.any(axis=1)] == 0).all(), name


@given(st.lists(st.booleans(), min_size=2, max_size=10).filter(any))
def test_ndcg_agrees_with_scikit_learn_where_all_that_is_relevant_is_on_the_page(row):
    hits = np.array([row])
    score = -np.arange(len(row), dtype=float)[None, :]
    assert ndcg(hits, hits.sum(axis=1)) == pytest.approx([ndcg_score(hits.astype(int), score)])


@given(RANKINGS, st.integers(0, 4))
def test_moving_a_hit_up_a_place_never_lowers_a_measure(rankings, place):
    hits, relevant = arrays(rankings)
    better = hits.copy()
    better[:, [place, place + 1]] = np.sort(better[:, [place, place + 1]], axis=1)[:, ::-1]
    for name, measure in MEASURES.items():
        assert (measure(better, relevant) >= measure(hits, relevant) - 1e-12).all(), name


def test_a_page_of_hits_only_is_perfect():
    hits, relevant = np.ones((1, 3), bool), np.array([5])
    assert ndcg(hits, relevant)[0] == precision(hits, relevant)[0] == average_precision(hits, relevant)[0] == 1
    assert recall(hits, relevant)[0] == 3 / 5
    assert mrr(hits, relevant)[0] == hit_rate(hits, relevant)[0] == 1


def test_no_rankings_give_no_numbers():
    for measure in MEASURES.values():
        assert measure(np.zeros((0, 10), bool), np.zeros(0, np.int64)).shape == (0,)
