"""What recommenders are for, in whole worlds: paired over the same replications, seeds fixed.

The studies are those of `benchmarks/in_world.py`: on small worlds, and at their full size where marked precise.
Intervals are of 95 %, so one claim in forty of those below would fail by chance if the seed were drawn anew.
"""

from dataclasses import replace
from functools import cache

import pytest

from benchmarks.in_world import STUDIES
from sim.study.statistics import estimate
from tests.scenarios.arms import above, below

SMALL = ("horizon=9 days", "warm_up=3 days", "population.consumers=1500", "catalogue.items=300")
QUICK = ["item_knn", "matrix_factorisation"]
PRECISE = ["item_knn", "matrix_factorisation", "neural_ranker"]


@cache
def small(name):
    study = STUDIES[name]
    kinds = tuple(kind for kind in study.recommenders if kind not in ("svd", "neural_ranker"))
    return replace(study, recommenders=kinds).values(SMALL, replications=4)


@cache
def full(name):
    return STUDIES[name].values()


def gain(values, kind):
    """Return by what share a recommender lies above the first of its study."""
    first = next(iter(values.values()))
    return estimate((values[kind] - first) / first.mean())


@pytest.mark.parametrize("kind", QUICK)
def test_where_tastes_are_strong_it_sells_half_as_much_again_as_popularity(kind):
    assert above(gain(small("strong"), kind), 0.5)


@pytest.mark.parametrize("kind", QUICK)
def test_where_tastes_are_flat_it_sells_no_less_than_popularity(kind):
    """Within a twentieth."""
    assert above(gain(small("flat"), kind), -0.05)


def test_new_items_are_clicked_half_as_often_again_if_found_by_their_words_as_if_drawn():
    assert above(gain(small("new items"), "content_tfidf"), 0.5)


@pytest.mark.precise
@pytest.mark.parametrize("kind", PRECISE)
def test_where_tastes_are_strong_it_sells_twice_as_much_as_popularity(kind):
    assert above(gain(full("strong"), kind), 1.0)


@pytest.mark.precise
@pytest.mark.parametrize("kind", QUICK)
def test_where_tastes_are_flat_it_ties_with_popularity(kind):
    """The interval holds zero, and a tenth lies outside of it on both sides."""
    found = gain(full("flat"), kind)
    assert not above(found)
    assert not below(found)
    assert above(found, -0.1)
    assert below(found, 0.1)
