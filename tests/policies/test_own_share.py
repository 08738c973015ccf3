"""How much a taste counts beside everybody's: drawn looks with a known truth."""

import numpy as np
import pytest

from policies.recommenders._own_share import LateLooks, late_looks, moved, usual
from sim.schema.kinds import Act
from sim.testing import toy

N_CONSUMERS, N_CONTENTS, FACTORS, PER_SESSION = 400, 60, 4, 20


def looked_at(share, seed=0, n_looks=40_000):
    """Return tastes, contents, and looks whose clicks follow a share of each consumer's own taste."""
    rng = np.random.default_rng(seed)
    of_consumers = rng.normal(0.5, 1.0, (N_CONSUMERS, FACTORS))
    of_contents = rng.normal(0.0, 0.1, (N_CONTENTS, FACTORS))
    true = moved(of_consumers, usual(of_consumers), share)
    session = np.arange(n_looks) // PER_SESSION
    consumer = session % N_CONSUMERS
    content = rng.integers(N_CONTENTS, size=n_looks)
    # some click more than others, which tells nothing of what they like
    ready = rng.uniform(0.3, 0.5, N_CONSUMERS)[consumer]
    clicked = rng.random(n_looks) < np.clip(ready + 0.3 * (true[consumer] * of_contents[content]).sum(axis=1), 0, 1)
    return of_consumers, of_contents, LateLooks(toy.log(toy.catalogue()), consumer, content, session, clicked)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_share_is_the_one_that_clicks_followed(share):
    """Ten draws: their mean lies within 0.1, over three standard errors."""
    found = [looks.own_share(x, y) for x, y, looks in (looked_at(share, seed) for seed in range(10))]
    assert np.mean(found) == pytest.approx(share, abs=0.1)


def test_with_few_looks_the_own_taste_counts_alone():
    x, y, looks = looked_at(0.0, n_looks=40)
    assert looks.own_share(x, y) == 1.0


def test_a_share_of_one_leaves_tastes_as_they_are_and_of_none_makes_them_alike():
    x = np.random.default_rng(0).normal(size=(9, 3))
    x[4] = 0.0
    np.testing.assert_array_equal(moved(x, usual(x), 1.0), x)
    alike = moved(x, usual(x), 0.0)
    np.testing.assert_array_equal(alike[4], 0.0)
    np.testing.assert_allclose(np.delete(alike, 4, axis=0), usual(x)[None].repeat(8, axis=0))


def test_what_judged_consumers_did_from_the_first_judged_look_on_is_not_learned_from():
    catalogue = toy.catalogue()
    log = toy.log(catalogue)
    late = late_looks(log, catalogue.n_consumers, np.random.default_rng(0))
    assert 0 < len(np.unique(late.consumer)) <= 0.1 * catalogue.n_consumers
    whose = np.isin(log.consumer, late.consumer)
    shown = np.flatnonzero(log.act == Act.IMPRESSION)
    judged = shown[len(shown) // 2 :][whose[shown[len(shown) // 2 :]]]
    np.testing.assert_array_equal(log.content[judged], late.content)
    expected = log.rows(~whose | (log.minute < log.minute[judged[0]]))
    np.testing.assert_array_equal(late.earlier.minute, expected.minute)
    assert len(expected) < len(log)


def test_where_no_impressions_are_logged_nothing_is_judged_and_nothing_kept_back():
    catalogue = toy.catalogue()
    log = toy.log(catalogue)
    log = log.rows(log.act != Act.IMPRESSION)
    late = late_looks(log, catalogue.n_consumers, np.random.default_rng(0))
    assert len(late.content) == 0
    assert len(late.earlier) == len(log)
    assert late.own_share(np.ones((catalogue.n_consumers, 2)), np.ones((catalogue.n_contents, 2))) == 1.0
