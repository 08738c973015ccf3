"""Learned rankers: what they learn from, and that their plain arrays say what scikit-learn says."""

from dataclasses import replace

import numpy as np
import pytest

from policies.recommenders._candidates import gather
from policies.recommenders._examples import examples
from policies.recommenders._features import FEATURES, columns
from policies.recommenders._known import known
from policies.recommenders._models import Layers, Scale
from policies.recommenders._trees import of_boosting, of_forest
from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build, find
from sim.policy.parameters import describe
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog
from sim.testing import toy
from sim.testing.recommenders import check_recommender
from tests.policies.small import by_score

RANKERS = ("logistic_ranker", "forest_ranker", "boosting_ranker", "neural_ranker")


def looks(catalogue, n=6000, until=2 * toy.DAY, seed=5, impressions=True):
    """Return a log in which consumers look at random contents and click where they like the category."""
    rng = np.random.default_rng(seed)
    consumer = rng.integers(0, catalogue.n_consumers, n)
    content = rng.integers(0, np.count_nonzero(catalogue.kind < 2), n)
    liked = catalogue.category[catalogue.offer[content]] == consumer % toy.N_CATEGORIES
    clicked = rng.random(n) < np.where(liked, 0.5, 0.03)
    row = np.sort(np.concatenate((np.arange(n) if impressions else [], np.flatnonzero(clicked)))).astype(int)
    again = np.concatenate(([not impressions], row[1:] == row[:-1])) | (not impressions)
    columns = {
        "minute": np.sort(rng.uniform(0, until, n))[row],
        "act": np.where(again, Act.CLICK, Act.IMPRESSION).astype(np.int8),
        "consumer": consumer[row].astype(np.int32),
        "content": content[row].astype(np.int32),
        "offer": catalogue.offer[content[row]],
        "session": row.astype(np.int64) // 6,
        "surface": np.zeros(len(row), np.int8),
        "page": np.zeros(len(row), np.int32),
        "position": (row % 6).astype(np.int32),
        "value": np.ones(len(row)),
        "propensity": np.full(len(row), np.nan, np.float32),
    }
    return BehaviourLog(**columns, until=until)


def learned_from(log, catalogue, inverse_propensity=False):
    return examples(log, catalogue, 10_000, 20, 7.0, 50, inverse_propensity, np.random.default_rng(0))


def fitted(kind, log, catalogue, **given):
    policy = build("recommender", kind, given)
    policy.begin(KeyedRng(7), catalogue)
    policy.fit(log, catalogue)
    return policy


def hits(policy, catalogue):
    """Return the share of the feed's places that hold the consumer's category."""
    asked = toy.requests(catalogue, toy.serving_view(catalogue, 2 * toy.DAY), 200)
    n = len(asked)
    feed = replace(asked, surface=np.zeros(n, np.int8), query=np.full(n, -1, np.int32), page=np.zeros(n, np.int32))
    slate = policy.recommend(feed, 5).content
    return (catalogue.category[catalogue.offer[slate]] == feed.consumer[:, None] % toy.N_CATEGORIES).mean()


@pytest.mark.parametrize("kind", RANKERS)
def test_a_ranker_that_has_learned_keeps_the_contract_too(kind, monkeypatch):
    monkeypatch.setattr(toy, "log", looks)
    assert fitted(kind, looks(toy.catalogue()), toy.catalogue())._state.model is not None
    check_recommender(lambda: build("recommender", kind))


@pytest.mark.parametrize("kind", RANKERS)
@pytest.mark.parametrize("impressions", [True, False], ids=["impressions", "clicks-only"])
def test_a_ranker_finds_what_each_consumer_likes(kind, impressions):
    catalogue = toy.catalogue()
    log = looks(catalogue, 12_000, impressions=impressions)
    assert hits(fitted(kind, log, catalogue), catalogue) > 2 * hits(fitted("popularity", log, catalogue), catalogue)


def test_too_few_clicks_leave_popularity_in_charge():
    catalogue = toy.catalogue()
    log = looks(catalogue, 100)
    policy = fitted("logistic_ranker", log, catalogue, half_life_days=7.0)
    asked = toy.requests(catalogue, toy.serving_view(catalogue))
    asked = replace(asked, recent=np.full_like(asked.recent, -1))
    popular = fitted("popularity", log, catalogue).recommend(asked, 10)
    np.testing.assert_array_equal(policy.recommend(asked, 10).content, popular.content)


def test_an_impression_is_an_example_once_and_a_click_makes_it_a_positive_one():
    catalogue = toy.catalogue()
    log = looks(catalogue)
    found = learned_from(log, catalogue)
    n_looks = np.count_nonzero(log.act == Act.IMPRESSION)
    assert len(found.clicked) == n_looks // 2
    latest = np.flatnonzero(log.act == Act.IMPRESSION)[-len(found.clicked) :]
    follows = np.append(log.act[1:] == Act.CLICK, False)[latest]
    np.testing.assert_array_equal(found.clicked, follows)


def test_what_a_click_itself_adds_is_not_among_its_features():
    catalogue = toy.catalogue()
    log = looks(catalogue)
    latest = np.flatnonzero(log.act == Act.IMPRESSION)[len(np.flatnonzero(log.act == Act.IMPRESSION)) // 2 :]
    cut = log.minute[latest[0]]
    other_future = replace(log, act=np.where((log.minute > cut) & (log.act == Act.CLICK), Act.CART, log.act))
    seen = learned_from(log, catalogue).features
    columns = [i for i, name in enumerate(FEATURES) if name in {"content_liked", "offer_liked", "click_rate"}]
    from policies.recommenders._examples import _features, of_sessions
    from policies.recommenders._known import before

    label, recent = of_sessions(other_future, latest)
    then = known(before(other_future, cut), catalogue, 7.0, 50)
    changed = _features(
        other_future, latest, other_future.content[latest], other_future.offer[latest], recent, 20, catalogue, then
    )
    assert not label.any()
    np.testing.assert_array_equal(seen[:, columns], changed[:, columns])


def test_a_look_weighs_its_inverse_propensity():
    catalogue = toy.catalogue()
    log = looks(catalogue)
    log = replace(log, propensity=np.where(log.position == 0, 0.5, 0.001).astype(np.float32))
    found = learned_from(log, catalogue, inverse_propensity=True)
    assert set(np.round(found.weight, 6)) == {2.0, 50.0}


@pytest.mark.parametrize("kind", [*RANKERS, "onnx"])
def test_every_parameter_of_a_ranker_is_told_with_its_meaning(kind):
    told = {one.name: one.description for one in describe(kind, find("recommender", kind)).parameters}
    assert {"candidates", "neighbours", "history", "half_life_days"} < set(told)
    assert all(told.values())


def plainly(known, profile, c, o, price, consumer):
    """Return what features say of profile and price, counted one by one."""
    own = [int(other) for other in profile if other >= 0]
    offers = [int(known.offer[other]) for other in own if known.offer[other] >= 0]
    followed = known.followed[known.followed_start[consumer] : known.followed_start[consumer + 1]]
    usual = np.mean([known.log_price[other] for other in offers]) if offers else np.log(price)
    said = {"acted_on": float(c in own), "price": np.log(price), "price_distance": abs(np.log(price) - usual)}
    for name in ("category", "brand", "merchant"):
        of = getattr(known, name)
        said[f"{name}_share"] = sum(of[other] == of[o] for other in offers) / len(own) if own and o >= 0 else 0.0
    creator = known.creator[c]
    said["creator_share"] = sum(known.creator[other] == creator >= 0 for other in own) / max(len(own), 1)
    said["creator_followed"] = float(creator in followed)
    return said


def test_features_are_what_a_plain_count_says():
    catalogue = toy.catalogue()
    log = looks(catalogue)
    log = replace(log, act=np.where(np.arange(len(log)) % 9 == 0, Act.FOLLOW, log.act).astype(np.int8))
    there = known(log, catalogue, 7.0, 50)
    rng = np.random.default_rng(3)
    consumer = rng.integers(0, catalogue.n_consumers, 30).astype(np.int32)
    profile = np.full((30, 5), -1, np.int32)
    for i in range(1, 30):  # the first has none
        size = rng.integers(1, 6)
        profile[i, :size] = rng.choice(catalogue.n_contents, size, replace=False)
    content = np.stack([rng.permutation(catalogue.n_contents)[:40] for _ in range(30)]).astype(np.int32)
    content[:, 0] = profile[:, 0]
    offer = np.where(content >= 0, catalogue.offer[content], -1).astype(np.int32)
    price = rng.integers(100, 9000, content.shape).astype(float)
    minute, surface, affinity = np.full(30, 2000.0), np.zeros(30, np.int8), np.zeros(content.shape)
    found = columns(profile, content, offer, price, affinity, consumer, minute, surface, there)
    for i, j in np.ndindex(content.shape):
        if content[i, j] < 0:
            assert not found[i, :, j].any()
            continue
        said = plainly(there, profile[i], content[i, j], offer[i, j], price[i, j], consumer[i])
        if not (profile[i] >= 0).any() or not (there.offer[profile[i][profile[i] >= 0]] >= 0).any():
            said["price_distance"] = 0.0
        ours = {name: found[i, FEATURES.index(name), j] for name in said}
        assert ours == pytest.approx(said, abs=1e-5)
    assert found[:, FEATURES.index("creator_followed")].any()


def test_retrieved_are_the_nearest_half_and_then_the_most_popular():
    catalogue = toy.catalogue()
    log = looks(catalogue)
    policy = fitted("logistic_ranker", log, catalogue, candidates=40)
    there, shelf = policy._state.known, policy._state.shelves
    asked = toy.requests(catalogue, toy.serving_view(catalogue, 2 * toy.DAY), 80)
    profile, candidate, affinity = gather(
        asked.consumer, asked.surface, asked.query, asked.minute, asked.recent, asked.view.room_offer, 20, 40, there,
        policy._state.scratch, shelf.start, shelf.member, shelf.category, shelf.first_room,
    )  # fmt: skip
    assert not policy._state.scratch.any()
    for i in range(len(asked)):
        score = np.zeros(catalogue.n_contents)
        for c in profile[i][profile[i] >= 0]:
            row = slice(there.near_start[c], there.near_start[c + 1])
            score[there.near[row]] += there.similarity[row]
        may_show = [c for c in on_shelf(shelf, asked, i) if c not in asked.recent[i]]
        near = [c for c in by_score(score) if c in set(may_show)][:20]
        expected = near + [c for c in may_show if c not in near][: 40 - len(near)]
        got = candidate[i][candidate[i] >= 0]
        assert sorted(got) == sorted(expected)
        np.testing.assert_array_equal(affinity[i, : len(got)], score[got])


def on_shelf(shelf, asked, i):
    """Return what the page may show, the most popular first."""
    place = {0: 0, 2: 1}.get(asked.surface[i], 2 + asked.query[i])
    first_room, room_offer = shelf.first_room, asked.view.room_offer
    member = shelf.member[shelf.start[place] : shelf.start[place + 1]]
    live = [c < first_room or room_offer[c - first_room] >= 0 for c in member]
    return [int(c) for c in member[live & (shelf.listed[member] <= asked.minute[i])]]


@pytest.fixture
def table():
    """Return features in which a click depends on two of them, and their clicks."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(3000, 6)).astype(np.float32)
    return x, rng.random(3000) < 1 / (1 + np.exp(2 - 2 * x[:, 0] * x[:, 1]))


def as_page(table):
    """Return rows as the columns of one page."""
    return np.ascontiguousarray(table.T)[None]


def test_layers_say_what_the_perceptron_says(table):
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    x, y = table
    scale = Scale.of(x)
    with pytest.warns(ConvergenceWarning):
        model = MLPClassifier((8, 4), max_iter=5, random_state=0).fit(scale(x), y)
    ours = Layers.of(scale, model.coefs_, model.intercepts_).probability(as_page(x))[0]
    np.testing.assert_allclose(ours, model.predict_proba(scale(x))[:, 1], rtol=1e-9)


def test_trees_say_what_the_forest_says(table):
    from sklearn.ensemble import RandomForestClassifier

    x, y = table
    model = RandomForestClassifier(10, max_depth=6, random_state=0).fit(x, y)
    np.testing.assert_allclose(of_forest(model).probability(as_page(x))[0], model.predict_proba(x)[:, 1], rtol=1e-9)


def test_trees_say_what_boosting_says(table):
    from sklearn.ensemble import HistGradientBoostingClassifier

    x, y = table
    model = HistGradientBoostingClassifier(max_iter=20, random_state=0).fit(x, y)
    np.testing.assert_allclose(of_boosting(model).probability(as_page(x))[0], model.predict_proba(x)[:, 1], rtol=1e-9)
