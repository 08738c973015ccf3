"""item_knn and user_knn against matrices multiplied out, and small cases done by hand."""

from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from policies.recommenders._grades import GRADED, grades
from policies.recommenders._neighbours import dated_baskets
from policies.recommenders.item_knn import ItemKnn
from policies.recommenders.user_knn import UserKnn
from sim.errors import SimError
from sim.policy.lookup import build
from sim.schema.kinds import Act, Surface
from sim.testing import toy
from tests.policies.small import asked, begun, by_score, clicks, logged, page_of, random_baskets, shop

N_USERS, N = 40, 25
BASKETS = random_baskets(N_USERS, N, seed=5)
SHOP = shop(N, N_USERS)
EVERYTHING = {"neighbours": 1000, "history": 200}
KINDS = ("cosine", "pearson", "adjusted_cosine")


def held(baskets=BASKETS):
    """Return 1 where a consumer holds a content, and how many places behind its newest it is."""
    matrix, ago = np.zeros((len(baskets), N)), np.zeros((len(baskets), N))
    for u, basket in enumerate(baskets):
        matrix[u, basket] = 1
        ago[u, basket] = np.arange(len(basket))[::-1]
    return matrix, ago


def stars():
    """Return a log in which what is clicked is rated too, and the stars, 0 where there are none."""
    given = np.zeros((N_USERS, N))
    for u, basket in enumerate(BASKETS):
        given[u, basket] = np.random.default_rng(u).integers(1, 6, len(basket))
    rows = [(0.0, act, u, c) for u, basket in enumerate(BASKETS) for c in basket for act in (Act.CLICK, Act.RATING)]
    value = [given[u, c] if act == Act.RATING else 1.0 for _, act, u, c in rows]
    return logged(SHOP, rows, value=value), given


def cosines(columns):
    """Return the cosines of columns, 0 on the diagonal and for columns of zeros."""
    length = np.sqrt((columns**2).sum(axis=0))
    length[length == 0] = np.inf
    found = (columns.T @ columns) / np.outer(length, length)
    np.fill_diagonal(found, 0)
    return found


def centred(given, axis):
    """Return what is above 0 less the mean of such along an axis."""
    there = given > 0
    mean = given.sum(axis=axis, keepdims=True) / np.maximum(there.sum(axis=axis, keepdims=True), 1)
    return np.where(there, given - mean, 0.0)


def best(policy, user, recent=()):
    """Return the policy's first places without popularity's: as many as the scores say."""
    return page_of(policy, asked(SHOP, [user], [recent]), N)[0]


@pytest.mark.parametrize("shrinkage", [0.0, 3.0])
def test_item_similarity_is_the_damped_cosine_of_columns(shrinkage):
    matrix, _ = held()
    policy = begun(ItemKnn(shrinkage=shrinkage, **EVERYTHING), SHOP, clicks(SHOP, BASKETS))
    count = matrix.sum(axis=0)
    similarity = matrix.T @ matrix / (np.sqrt(np.outer(count, count)) + shrinkage + 1e-300)
    np.fill_diagonal(similarity, 0)
    for user in range(N_USERS):
        expected = by_score(matrix[user] @ similarity)
        assert best(policy, user)[: len(expected)] == expected


@pytest.mark.parametrize(("kind", "axis"), [("pearson", 0), ("adjusted_cosine", 1)])
def test_centred_item_similarity_is_the_cosine_of_centred_columns_damped_by_how_many_hold_both(kind, axis):
    log, given = stars()
    policy = begun(ItemKnn(similarity=kind, shrinkage=2.0, **EVERYTHING), SHOP, log)
    both = (given > 0).T.astype(float) @ (given > 0)
    similarity = np.maximum(cosines(centred(given, axis)) * both / (both + 2.0), 0)
    for item in range(N):
        near = policy._state.near
        stretch = slice(near.start[item], near.start[item + 1])
        found = dict(zip(near.member[stretch].tolist(), policy._state.similarity[stretch].tolist(), strict=True))
        expected = {j: s for j, s in enumerate(similarity[item]) if s > 1e-9}
        assert {j for j, s in found.items() if s > 1e-9} == set(expected)
        assert all(found[j] == pytest.approx(s, rel=1e-5) for j, s in expected.items())


def test_size_norm_makes_each_consumer_a_row_of_unit_length():
    matrix, _ = held()
    rows = matrix / np.sqrt(matrix.sum(axis=1, keepdims=True))
    policy = begun(ItemKnn(shrinkage=0.0, size_norm=1.0, **EVERYTHING), SHOP, clicks(SHOP, BASKETS))
    similarity = cosines(rows)
    near = policy._state.near
    for item in range(N):
        stretch = slice(near.start[item], near.start[item + 1])
        assert policy._state.similarity[stretch] == pytest.approx(similarity[item, near.member[stretch]], rel=1e-6)


def test_fade_after_halves_the_weight_each_so_many_places_back():
    matrix, ago = held()
    policy = begun(ItemKnn(shrinkage=0.0, fade_after=2.0, **EVERYTHING), SHOP, clicks(SHOP, BASKETS))
    near, similarity = policy._state.near, np.zeros((N, N))
    for item in range(N):
        stretch = slice(near.start[item], near.start[item + 1])
        similarity[item, near.member[stretch]] = policy._state.similarity[stretch]
    for user in range(N_USERS):
        score = (matrix[user] * 0.5 ** (ago[user] / 2.0)) @ similarity
        found = best(policy, user)[: np.count_nonzero(score)]
        assert np.all(np.diff(score[found]) <= 1e-6)


@pytest.mark.parametrize("sharpness", [1.0, 2.0])
def test_user_knn_sums_the_similarities_of_the_nearest_who_hold_a_content(sharpness):
    matrix, _ = held()
    count = matrix.sum(axis=1)
    similarity = (matrix @ matrix.T / (np.sqrt(np.outer(count, count)) + 1.5)).astype(np.float32).astype(float)
    np.fill_diagonal(similarity, 0)
    policy = begun(UserKnn(neighbours=7, shrinkage=1.5, sharpness=sharpness, history=200), SHOP, clicks(SHOP, BASKETS))
    for user in range(N_USERS):
        nearest = np.argsort(-similarity[user], kind="stable")[:7]
        score = similarity[user, nearest] ** sharpness @ matrix[nearest]
        found = best(policy, user)[: np.count_nonzero(score)]
        assert np.all(score[found] > 0)
        assert np.all(np.diff(score[found]) <= 1e-6)


@pytest.mark.parametrize(("kind", "axis"), [("pearson", 1), ("adjusted_cosine", 0)])
def test_centred_user_similarity_is_the_cosine_of_centred_rows(kind, axis):
    log, given = stars()
    policy = begun(UserKnn(similarity=kind, neighbours=5, shrinkage=2.0, history=200), SHOP, log)
    both = (given > 0).astype(float) @ (given > 0).T
    similarity = np.maximum(cosines(centred(given, axis).T) * both / (both + 2.0), 0)
    similarity[similarity < 1e-9] = 0
    for user in range(N_USERS):
        nearest = np.argsort(-similarity[user].astype(np.float32), kind="stable")[:5]
        score = similarity[user, nearest] @ (given[nearest] > 0)
        found = best(policy, user)[: np.count_nonzero(score)]
        assert np.all(np.diff(score[found]) <= 1e-6)


def test_a_newcomer_has_neighbours_after_one_click():
    log = clicks(shop(6, 4), [[0, 1], [0, 1], [4, 5]])
    policy = begun(UserKnn(), shop(6, 4), log)
    assert page_of(policy, asked(shop(6, 4), [3], [[4]]), 1) == [[5]]
    assert page_of(policy, asked(shop(6, 4), [3], [[0]]), 1) == [[1]]


def test_only_the_newest_holders_of_a_content_are_found_through_it():
    catalogue = shop(4, 3)
    rows = [(0.0, Act.CLICK, 0, 0), (1.0, Act.CLICK, 0, 1), (2.0, Act.CLICK, 1, 2), (3.0, Act.CLICK, 1, 0)]
    log = logged(catalogue, rows)
    both = begun(UserKnn(holders=2), catalogue, log)
    newest = begun(UserKnn(holders=1), catalogue, log)
    request = asked(catalogue, [2], [[0]])
    assert sorted(page_of(both, request, 2)[0]) == [1, 2]
    assert page_of(newest, request, 1) == [[2]]


def test_ratings_overrule_acts_and_a_return_overrules_an_order():
    catalogue = shop(4, 1)
    rows = [
        (0.0, Act.ORDER, 0, 0), (1.0, Act.RATING, 0, 0), (2.0, Act.ORDER, 0, 1), (3.0, Act.RETURN, 0, 1),
        (4.0, Act.CLICK, 0, 2), (5.0, Act.CART, 0, 2), (6.0, Act.CLICK, 0, 3),
    ]  # fmt: skip
    log = logged(catalogue, rows, value=[1, 2, 1, 1, 1, 1, 1])
    held, _ = dated_baskets(log, log.consumer, 1, 4, GRADED)
    assert dict(zip(held.member.tolist(), grades(log, held, 4).tolist(), strict=True)) == {3: 3, 2: 4, 1: 1, 0: 2}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cls", [ItemKnn, UserKnn])
def test_every_similarity_serves_every_surface(cls, kind):
    log, _ = stars()
    policy = begun(cls(similarity=kind), SHOP, log)
    for surface, query in ((Surface.FEED, -1), (Surface.MALL, -1), (Surface.SEARCH, 0)):
        pages = page_of(policy, asked(SHOP, range(N_USERS), surface=surface, query=query), 8)
        assert all(len(set(page)) == 8 for page in pages)


LARGE = 150


@pytest.fixture(scope="module")
def varied():
    """Return a shop of three categories in which every seventh offer is listed later, a log, and scores by hand."""
    catalogue = shop(LARGE, N_USERS, category=[c % 3 for c in range(LARGE)])
    listed = np.where(np.arange(LARGE) % 7 == 3, 1e9, -1.0)
    catalogue = replace(catalogue, listed=listed)
    some = random_baskets(N_USERS, LARGE, seed=6)
    policy = begun(ItemKnn(shrinkage=1.0, **EVERYTHING), catalogue, clicks(catalogue, some))
    similarity = np.zeros((LARGE, LARGE))
    near = policy._state.near
    similarity[near.owner, near.member] = policy._state.similarity
    return catalogue, policy, some, similarity


@pytest.mark.parametrize(("surface", "query"), [(Surface.FEED, -1), (Surface.MALL, -1), (Surface.SEARCH, 1)])
@pytest.mark.parametrize("clicked", [(), (2, 5, 40)], ids=["no click", "three clicks"])
def test_a_page_holds_the_best_of_what_may_be_shown_there_and_then(varied, surface, query, clicked):
    catalogue, policy, some, similarity = varied
    hidden = {c for c in range(LARGE) if catalogue.listed[c] > 0 or (query >= 0 and c % 3 != query)} | set(clicked)
    ranked = page_of(policy, asked(catalogue, range(N_USERS), [clicked] * N_USERS, surface, query=query), LARGE)
    for user, found in enumerate(ranked):
        profile = list(dict.fromkeys([*clicked, *some[user][::-1]]))
        expected = by_score(similarity[profile].sum(axis=0), hidden)
        assert found[: len(expected)] == expected
        assert not hidden & set(found)


def test_a_single_click_shows_its_neighbours_in_their_order(varied):
    catalogue, _, _, similarity = varied
    nobody = begun(ItemKnn(shrinkage=1.0, history=1, neighbours=1000), catalogue, clicks(catalogue, varied[2]))
    for c in range(0, LARGE, 10):
        expected = by_score(similarity[c], {c, *np.flatnonzero(catalogue.listed > 0).tolist()})
        assert page_of(nobody, asked(catalogue, [0], [[c]]), LARGE)[0][: len(expected)] == expected


@pytest.mark.parametrize("size_norm", [0.0, 1.0])
def test_the_library_implicit_finds_the_same_neighbours(size_norm):
    pytest.importorskip("implicit", reason="implicit is an extra")
    catalogue = toy.catalogue(n_offers=400, n_consumers=600)
    log = toy.log(catalogue, 20_000)
    given = {"shrinkage": 0.0, "size_norm": size_norm, "neighbours": 30}
    pages = [
        begun(ItemKnn(library=library, **given), catalogue, log).recommend(feed_of_all(catalogue), 10).content
        for library in ("own", "implicit")
    ]
    assert (pages[0] == pages[1]).all(axis=1).mean() >= 0.99


def feed_of_all(catalogue):
    """Return a first page of the feed for each consumer."""
    return asked(catalogue, range(catalogue.n_consumers))


def test_the_library_implicit_is_refused_where_it_cannot_give_the_same_answers():
    with pytest.raises(SimError, match="with shrinkage: 0"):
        build("recommender", "item_knn", {"library": "implicit"})


@pytest.mark.parametrize("cls", [ItemKnn, UserKnn])
def test_pages_are_stretches_of_one_ranking(cls):
    policy = begun(cls(), SHOP, clicks(SHOP, BASKETS))
    whole = page_of(policy, asked(SHOP, range(N_USERS)), N)
    parts = [page_of(policy, asked(SHOP, range(N_USERS), page=page), 5) for page in range(5)]
    assert [list(chain(*rows)) for rows in zip(*parts, strict=True)] == whole
