"""Policies that explore say with which probability they showed what they showed, and that is the truth."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from policies.recommenders.epsilon_greedy import EpsilonGreedy
from policies.recommenders.linucb import Linucb
from policies.recommenders.popularity import Popularity
from policies.recommenders.thompson import Thompson
from sim.schema.kinds import Act, Surface
from sim.testing import toy
from tests.policies.fixed import CATALOGUE, VIEW, Fixed, asked, begun, listed

SESSIONS = 20_000
ERROR_RATE = 1e-4
"""Of each Monte Carlo test here, under the fixed keys: Bonferroni over all cells, exact binomial tails."""
LOG = toy.log(CATALOGUE)


def told_and_seen(policy, k, **how):
    """Return {(place, content): (propensity told, times seen)} over many sessions."""
    slates = policy.recommend(asked(SESSIONS, **how), k)
    cells = {}
    for place in range(k):
        for content in np.unique(slates.content[:, place]):
            there = slates.content[:, place] == content
            told = np.unique(slates.propensity[there, place])
            assert len(told) == 1, "the same content at the same place has the same propensity in every session"
            if content >= 0:
                cells[place, int(content)] = (float(told[0]), int(there.sum()))
    return cells


def assert_propensities_are_frequencies(cells):
    told, seen = (np.array(column) for column in zip(*cells.values(), strict=True))
    tail = 2 * np.minimum(stats.binom.cdf(seen, SESSIONS, told), stats.binom.sf(seen - 1, SESSIONS, told))
    assert tail.min() > ERROR_RATE / len(cells), (
        f"{list(cells)[int(tail.argmin())]}: {list(cells.values())[int(tail.argmin())]}"
    )


@pytest.mark.parametrize("page", [0, 1])
@pytest.mark.parametrize(("epsilon", "query"), [(0.3, 2), (0.8, 2), (1.0, 2)])
def test_epsilon_greedy_shows_each_content_as_often_as_it_says(epsilon, query, page):
    """A category of about twenty, so that all others are seen, and run out where epsilon is large."""
    policy = begun(EpsilonGreedy(Popularity(), epsilon), LOG)
    cells = told_and_seen(policy, 6, page=page, surface=Surface.SEARCH, query=query)
    assert_propensities_are_frequencies(cells)
    for place in range(6):
        assert sum(told for (at, _), (told, _) in cells.items() if at == place) == pytest.approx(1, abs=1e-5)


def test_epsilon_greedy_counts_what_may_be_shown_on_the_feed_rooms_and_the_unlisted_included():
    early = toy.serving_view(CATALOGUE, 100.0)
    policy = begun(EpsilonGreedy(Popularity(), 0.5), LOG)
    for view in (VIEW, early):
        slates = policy.recommend(asked(SESSIONS, view=view), 4)
        base = policy.base.recommend(asked(1, view=view), 4).content[0]
        live = np.repeat(True, CATALOGUE.n_contents)
        live[-8:] = view.room_offer >= 0
        possible = np.setdiff1d(np.flatnonzero(live & (CATALOGUE.listed <= view.minute)), base)
        others = ~np.isin(slates.content, base)
        assert set(np.unique(slates.content[others])) == set(possible)
        np.testing.assert_allclose(slates.propensity[others], 0.5 / len(possible), rtol=1e-6)
        np.testing.assert_allclose(slates.propensity[~others], 0.5, rtol=1e-6)


def test_epsilon_of_nothing_is_the_base_for_certain():
    base = Popularity()
    slates = begun(EpsilonGreedy(base, 0.0), LOG).recommend(asked(5, page=1), 10)
    np.testing.assert_array_equal(slates.content, base.recommend(asked(5, page=1), 10).content)
    assert (slates.propensity == 1).all()


def test_what_was_explored_on_a_page_is_not_explored_again():
    policy = begun(EpsilonGreedy(Fixed(tuple(range(100, 180))), 1.0))
    for session in range(20):
        shown = listed(policy, pages=5, session=[session])
        assert len(set(shown)) == len(shown) == 50


def test_thompson_shows_each_content_as_often_as_it_says():
    policy = begun(Thompson(draws=8), LOG)
    for page in (0, 2):
        cells = told_and_seen(policy, 6, page=page, surface=Surface.SEARCH, query=2)
        assert_propensities_are_frequencies(cells)
        told = np.array([propensity for propensity, _ in cells.values()]) * 8
        np.testing.assert_allclose(told, np.rint(told), atol=1e-5)
        assert len(np.unique(told)) > 1


def looks(content, times, clicks):
    """Return a log in which contents were looked at, a session each, and the first of these sessions clicked."""
    seen = [(c, i) for c, n in zip(content, times, strict=True) for i in range(n)]
    clicked = [(c, i) for c, n in zip(content, clicks, strict=True) for i in range(n)]
    n = len(seen) + len(clicked)
    made = toy.log(CATALOGUE, 10 * n, until=0.001)
    what = np.array([c for c, _ in seen + clicked], np.int32)
    columns = {name: getattr(made, name)[:n] for name in ("minute", "surface", "page", "position", "propensity")}
    columns |= {"session": np.array([c * 10_000 + i for c, i in seen + clicked]), "consumer": np.zeros(n, np.int32)}
    acts = np.repeat(np.array([Act.IMPRESSION, Act.CLICK], np.int8), [len(seen), len(clicked)])
    return replace(made, **columns, content=what, offer=CATALOGUE.offer[what], act=acts, value=np.ones(n))


def test_thompson_prefers_one_content_as_often_as_its_click_rate_is_the_larger_one():
    """P(A > B) for two Beta posteriors by quadrature; 4 standard errors, error rate 6e-5."""
    draws = 1000
    policy = begun(Thompson(draws=draws, half_life_days=1e6), looks([3, 4], [40, 40], [12, 9]))
    slates = policy.recommend(asked(SESSIONS), 168)
    place = [(slates.content == c).argmax(axis=1) for c in (3, 4)]
    rate = 21 / 80
    a, b = ((20 * rate + k, 20 * (1 - rate) + 40 - k) for k in (12, 9))
    x = np.linspace(0, 1, 20_001)
    expected = np.trapezoid(stats.beta.pdf(x, *a) * stats.beta.cdf(x, *b), x)
    seen = (place[0] < place[1]).mean()
    # rankings are drawn first, sessions choose among them: both are sampled
    error = np.sqrt(expected * (1 - expected) * (1 / draws + 1 / SESSIONS))
    assert abs(seen - expected) < 4 * error


def test_thompson_learns_what_is_clicked():
    policy = begun(Thompson(), looks([3, 4], [400, 400], [380, 2]))
    first = policy.recommend(asked(2000), 1).content[:, 0]
    assert (first == 3).mean() > 0.95


def plain_features(log, reward, segment_rate):
    """Return (X, r) of logged looks as the docstring of `Linucb` says, one by one."""
    acts, x, r = {}, [], []
    typical = np.log(CATALOGUE.list_price).mean()
    for row in range(len(log)):
        u, c, o = int(log.consumer[row]), int(log.content[row]), int(log.offer[row])
        category = int(CATALOGUE.category[o])
        own = acts.setdefault(u, np.zeros(6))
        if log.act[row] == Act.IMPRESSION:
            age = max(log.minute[row] - CATALOGUE.listed[c], 0.0)
            x.append(
                [
                    1.0, own[category] / (own.sum() + 1), float(own.sum() > 0),
                    np.log(CATALOGUE.list_price[o]) - typical, 0.0, np.exp(-age / (7 * 1440)),
                    float(CATALOGUE.n_offers <= c < CATALOGUE.n_contents - 8), 0.0,
                    segment_rate[CATALOGUE.segment[u], category],
                ]
            )  # fmt: skip
            r.append(reward[row])
        elif log.act[row] in (Act.CLICK, Act.CART, Act.ORDER):
            own[category] += 1
    return np.array(x), np.array(r)


def test_linucb_solves_the_ridge_regression_of_its_docstring():
    policy = begun(Linucb(ridge=5.0), LOG)
    clicked = {(s, c) for s, c, a in zip(LOG.session, LOG.content, LOG.act, strict=True) if a == Act.CLICK}
    reward = [float((s, c) in clicked) for s, c in zip(LOG.session, LOG.content, strict=True)]
    x, r = plain_features(LOG, reward, policy._state.contexts.rate)
    moments = x.T @ x + 5.0 * np.eye(x.shape[1])
    np.testing.assert_allclose(policy._state.theta, np.linalg.solve(moments, x.T @ r), rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(policy._state.inverse, np.linalg.inv(moments), rtol=1e-8, atol=1e-12)
    assert sum(reward) > 0


def test_linucb_shows_what_is_unknown_where_it_hopes_for_much_and_what_is_clicked_where_it_does_not():
    log = looks([3, 4, 5], [400, 400, 400], [200, 150, 2])
    bold, sober = (begun(Linucb(alpha=alpha), log) for alpha in (50.0, 0.0))
    assert set(listed(bold)).isdisjoint({3, 4, 5})
    ranked = listed(sober, pages=17)
    assert sorted((3, 4, 5), key=ranked.index) == [3, 4, 5]
    slates = sober.recommend(asked(3), 10)
    assert (slates.propensity == 1).all()
