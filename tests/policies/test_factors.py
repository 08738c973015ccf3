"""Factor models: against slow, independent computations."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from policies.recommenders import _als, _implicit
from policies.recommenders._als import alternate, solve
from policies.recommenders._bpr import descend
from policies.recommenders._tastes import Tastes, tastes
from policies.recommenders._top_lists import top_lists
from policies.recommenders.svd import _right_vectors, _scale, _scaled
from sim.errors import SimError
from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build
from sim.schema.kinds import Act
from sim.testing import toy

DAMPING, ALPHA = 2.0, 3.0


@pytest.fixture(scope="module")
def catalogue():
    return toy.catalogue()


@pytest.fixture(scope="module")
def liked(catalogue):
    return tastes(toy.log(catalogue), catalogue.n_consumers, catalogue.n_contents)


def dense(rows: Tastes):
    table = np.zeros((len(rows), rows.width))
    table[np.repeat(np.arange(len(rows)), np.diff(rows.start)), rows.member] = rows.liking
    return table


def fitted(kind, catalogue, **given):
    policy = build("recommender", kind, given)
    policy.begin(KeyedRng(7), catalogue)
    policy.fit(toy.log(catalogue), catalogue)
    return policy


def feed(catalogue, consumers, recent=()):
    asked = toy.requests(catalogue, toy.serving_view(catalogue, 2 * toy.DAY), len(consumers))
    n = len(consumers)
    clicked = np.full((n, 5), -1, np.int32)
    clicked[:, : len(recent)] = recent
    return replace(
        asked,
        consumer=np.asarray(consumers, np.int32),
        surface=np.zeros(n, np.int8),
        query=np.full(n, -1, np.int32),
        page=np.zeros(n, np.int32),
        recent=clicked,
    )


def test_likings_are_the_log_of_weighted_acts_on_contents_and_on_the_offers_behind_them(catalogue, liked):
    log = toy.log(catalogue)
    table = np.zeros((catalogue.n_consumers, catalogue.n_contents))
    weight = {Act.CLICK: 1, Act.CART: 3, Act.ORDER: 10}
    for act, consumer, content, offer in zip(log.act, log.consumer, log.content, log.offer, strict=True):
        for c in {int(content), int(offer)}:
            table[consumer, c] += weight.get(act, 0)
    np.testing.assert_allclose(dense(liked), np.log2(1 + table))


def test_turning_likings_twice_gives_them_back(liked):
    np.testing.assert_array_equal(dense(liked.turned()), dense(liked).T)


@pytest.mark.parametrize("factors", [5, 8, 19])
def test_each_row_solves_the_normal_equations(factors, liked):
    other = np.random.default_rng(0).normal(size=(liked.width, factors))
    found = solve(liked, other, ALPHA, DAMPING)
    for row, likings in zip(found, dense(liked), strict=True):
        confidence = np.diag(1 + ALPHA * likings)
        left = other.T @ confidence @ other + DAMPING * np.eye(factors)
        right = other.T @ confidence @ (likings > 0)
        np.testing.assert_allclose(row, np.linalg.solve(left, right), rtol=1e-8, atol=1e-10)


def loss(rows, x, y):
    table = dense(rows)
    error = (1 + ALPHA * table) * ((table > 0) - x @ y.T) ** 2
    return error.sum() + DAMPING * ((x**2).sum() + (y**2).sum())


def test_no_round_of_least_squares_raises_the_loss(liked):
    first = np.random.default_rng(0).normal(0, 0.1, (liked.width, 6))
    losses = [loss(liked, *alternate(liked, first, ALPHA, DAMPING, n)) for n in (1, 2, 4, 8)]
    assert all(later <= earlier * (1 + 1e-12) for earlier, later in pairwise(losses))


def test_gradient_steps_put_what_is_liked_above_what_is_not(liked):
    rng = np.random.default_rng(0)
    x, y = (rng.normal(0, 0.05, (n, 9)) for n in (len(liked), liked.width))
    x[:, -1], y[:, -1] = 1.0, 0.0
    descend(liked, x, y, 7, 0.05, 0.005, 200)
    score, table = x @ y.T, dense(liked)
    pairs = [
        (s[t > 0][:, None] > s[t == 0][None, :]).mean() for s, t in zip(score, table, strict=True) if (t > 0).any()
    ]
    assert np.mean(pairs) > 0.9
    assert (x[:, -1] == 1).all()


@pytest.mark.parametrize("popularity", [1.0, 0.5])
def test_the_right_vectors_are_those_of_the_exact_decomposition(liked, popularity):
    scale = _scale(liked, popularity)
    matrix = _scaled(liked, scale)
    np.testing.assert_allclose(matrix.todense(), dense(liked) * scale)
    ours = _right_vectors(matrix, 4, np.random.default_rng(0))
    exact = np.linalg.svd(matrix.toarray())[2][:4].T
    kept = np.linalg.norm(matrix @ ours) / np.linalg.norm(matrix @ exact)
    assert kept == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("n_contents", [5, 300, 2000])
def test_a_list_holds_the_largest_products_and_what_each_is_above_the_next(n_contents):
    rng = np.random.default_rng(n_contents)
    of_contents = rng.normal(size=(n_contents, 7)) * rng.pareto(1.5, (n_contents, 1))
    vectors = np.concatenate((rng.normal(size=(40, 7)), np.zeros((1, 7))))
    lists, value = top_lists(vectors, of_contents, 30)
    assert lists.start[-1] == lists.start[-2], "a vector of zeros has a list"
    for u in range(40):
        score = of_contents @ vectors[u]
        order = np.argsort(-score)
        n = min(30, n_contents - 1)
        part = slice(lists.start[u], lists.start[u + 1])
        np.testing.assert_array_equal(lists.member[part], order[:n])
        np.testing.assert_allclose(value[part], score[order[:n]] - score[order[n]], rtol=1e-3, atol=1e-4)


def test_equal_products_go_to_the_smaller_id():
    lists, _ = top_lists(np.ones((1, 2)), np.repeat([[2.0, 1.0], [0.0, 0.5]], 4, axis=0), 3)
    np.testing.assert_array_equal(lists.member, [])
    lists, _ = top_lists(np.ones((1, 2)), np.repeat([[2.0, 1.0], [0.0, 0.5]], [3, 5], axis=0), 4)
    np.testing.assert_array_equal(lists.member, [0, 1, 2])


def test_what_is_left_out_is_on_no_list(liked):
    rng = np.random.default_rng(0)
    vectors, of_contents = rng.normal(size=(len(liked), 4)), rng.normal(size=(liked.width, 4))
    lists, _ = top_lists(vectors, of_contents, 20, liked)
    assert dense(liked)[lists.owner, lists.member].max() == 0


MODELS = [
    ("matrix_factorisation", {"method": "als"}),
    ("matrix_factorisation", {"method": "bpr", "learning_rate": 0.1, "iterations": 40}),
    ("svd", {}),
]


@pytest.mark.parametrize(("kind", "given"), MODELS, ids=["als", "bpr", "svd"])
def test_the_feed_holds_what_the_consumer_likes(kind, given, catalogue):
    policy = fitted(kind, catalogue, **given)
    asked = feed(catalogue, range(100))
    slate = policy.recommend(asked, 5).content
    own = catalogue.category[catalogue.offer[slate]] == asked.consumer[:, None] % toy.N_CATEGORIES
    assert own.mean() > 0.5  # chance: a sixth


@pytest.mark.parametrize(("kind", "given"), MODELS, ids=["als", "bpr", "svd"])
def test_a_stranger_is_known_by_the_first_clicks(kind, given, catalogue):
    """Nobody's log holds consumers 0-3; what they click in the session decides their pages."""
    log = toy.log(catalogue)
    known = log.consumer > 3
    columns = ("minute", "act", "consumer", "content", "offer", "session", "surface", "page", "position", "value")
    log = replace(log, **{name: getattr(log, name)[known] for name in (*columns, "propensity")})
    policy = build("recommender", kind, given)
    policy.begin(KeyedRng(7), catalogue)
    policy.fit(log, catalogue)
    likings = tastes(log, catalogue.n_consumers, catalogue.n_contents)
    much_liked = np.argsort(-np.bincount(likings.member, minlength=catalogue.n_offers)[: catalogue.n_offers])
    share = []
    for category in range(toy.N_CATEGORIES):
        clicked = [c for c in much_liked if catalogue.category[c] == category][:3]
        slate = policy.recommend(feed(catalogue, [0], clicked), 5).content[0]
        assert not set(slate) & set(clicked)
        share.append((catalogue.category[catalogue.offer[slate]] == category).mean())
    assert np.mean(share) > 0.4  # chance: a sixth


def test_the_library_implicit_learns_the_same_factors_and_shows_the_same_pages(catalogue, liked):
    pytest.importorskip("implicit", reason="implicit is an extra")
    first = np.random.default_rng(0).normal(0, 0.1, (liked.width, 6))
    for ours, theirs in zip(
        _als.alternate(liked, first, ALPHA, DAMPING, 5),
        _implicit.alternate(liked, first, ALPHA, DAMPING, 5),
        strict=True,
    ):
        np.testing.assert_allclose(theirs, ours, rtol=1e-4, atol=1e-5)  # its confidences are float32
    asked = feed(catalogue, range(catalogue.n_consumers))
    ours, theirs = (
        fitted("matrix_factorisation", catalogue, library=library).recommend(asked, 10).content
        for library in ("own", "implicit")
    )
    assert (ours == theirs).all(axis=1).mean() >= 0.99


def test_the_library_implicit_is_for_least_squares_only():
    with pytest.raises(SimError, match="method: als"):
        build("recommender", "matrix_factorisation", {"library": "implicit", "method": "bpr"})


def test_a_library_that_is_not_installed_is_refused_at_load(monkeypatch):
    monkeypatch.setattr(_implicit, "find_spec", lambda name: None)
    with pytest.raises(SimError, match="extra `fast`"):
        build("recommender", "matrix_factorisation", {"library": "implicit"})
