"""The log is biased by position, as real logs are; weighting by propensity takes the bias out."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from policies.recommenders.random import Random
from sim.schema.kinds import Act
from tests.whole.lively import LIVELY, merged
from tests.whole.watched import watch

ATTENTION = 0.8
PLACES = 10
SHOP = merged(
    LIVELY,
    {
        "population": {"consumers": 1500},
        "catalogue": {"items": 400},
        "creators": {"count": 0},
        "stock": {"amount": 100},
        "behaviour": {"browsing": {"attention": ATTENTION}},
        "serving": {"impression_log": 1.0},
    },
)


@pytest.fixture(scope="module")
def counts():
    """Return looks and clicks per place, of pages filled at random: each place holds the same on average."""
    _, replication = watch(SHOP, Random())
    acts = replication.acts
    return [np.bincount(acts["position"][acts["act"] == act], minlength=PLACES) for act in (Act.IMPRESSION, Act.CLICK)]


def test_a_place_is_looked_at_as_often_as_its_rank_says(counts):
    """Rank r is examined with probability r^-0.8; each place within 4 standard errors: 1 in 1,600 by chance."""
    looks, _ = counts
    pages = looks[0]
    assert pages > 5000
    p = np.arange(1, PLACES + 1) ** -ATTENTION
    error = np.sqrt(p * (1 - p) / pages)
    assert (np.abs(looks / pages - p)[1:] < 4 * error[1:]).all()


def test_clicks_fall_with_the_place_although_every_place_holds_the_same(counts):
    """The last place has a sixth of the first one's; half would take 30 standard errors."""
    _, clicks = counts
    assert clicks[0] > 500
    assert clicks[-1] < clicks[0] / 2


def test_divided_by_the_propensity_of_a_look_clicks_are_the_same_everywhere(counts):
    """Clicks per look do not depend on the place: refused by chance once in 1,000 times (chi-squared)."""
    looks, clicks = counts
    assert chi2_contingency([clicks, looks - clicks]).pvalue > 0.001
