"""The recurrent network: plain arrays say what PyTorch says, and what follows what is found."""

from dataclasses import replace

import numpy as np
import pytest

from policies.recommenders._gru import _exported, _trained, learn
from policies.recommenders._neighbours import Lists, empty_lists
from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build
from sim.schema.kinds import Act
from sim.testing import toy

torch = pytest.importorskip("torch", reason="the extra `deep` is not installed")

NOBODY = np.zeros(1, np.int32)


def walks(n, length, n_contents, seed=0):
    """Return sequences that go up by one, or now and then anywhere."""
    rng = np.random.default_rng(seed)
    steps = np.where(rng.random((n, length)) < 0.9, 1, rng.integers(0, n_contents, (n, length)))
    return (np.cumsum(steps, axis=1) % n_contents).astype(np.int32)


def test_plain_arrays_say_what_pytorch_says():
    sequences = walks(200, 8, 30)
    vector, bias, unit = _trained(torch, sequences, 30, 6, 2, 0.01, np.random.default_rng(1))
    with torch.no_grad():
        state = unit(vector[[4, 9, 2]][None])[0][0, -1].double().numpy()
        logit = vector.double().numpy() @ state + bias.double().numpy()
    found = _exported(vector, bias, unit, sequences)
    before = Lists(np.array([0, 2]), np.array([9, 4], np.int32))  # the newest first; then comes 2, in the session
    everything = np.arange(30, dtype=np.int32)[None]
    ours = found.scores(NOBODY, np.array([[2, -1]], np.int32), everything, before, 5, found.memory(1))[0]
    np.testing.assert_allclose(ours, np.exp(logit - logit.max()), rtol=1e-4)


def test_a_consumer_is_thought_of_alike_when_asked_for_again():
    found = learn(walks(200, 8, 30), 30, 7, 2, 0.01, np.random.default_rng(1))
    before, memory = Lists(np.array([0, 4]), np.array([9, 4, 3, 8], np.int32)), found.memory(1)
    recent, everything = np.array([[2, -1]], np.int32), np.arange(30, dtype=np.int32)[None]
    first, again = (found.scores(NOBODY, recent, everything, before, 3, memory) for _ in range(2))
    shorter = Lists(np.array([0, 3]), before.member[:3])
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, found.scores(NOBODY, recent, everything, shorter, 9, found.memory(1)))
    assert (first != found.scores(NOBODY, recent, everything, before, 4, found.memory(1))).any()


def test_the_network_finds_what_comes_next():
    n = 40
    found = learn(walks(600, 10, n), n, 16, 60, 0.01, np.random.default_rng(1))
    clicked, everybody = np.arange(n, dtype=np.int32)[:, None], np.arange(n, dtype=np.int32)
    everything = np.tile(everybody, (n, 1))
    best = found.scores(everybody, clicked, everything, empty_lists(n), 5, found.memory(n)).argmax(axis=1)
    assert (best == (clicked[:, 0] + 1) % n).mean() > 0.9


def test_learning_twice_gives_the_same_bits_and_leaves_pytorchs_luck_alone():
    before = torch.random.get_rng_state()
    one, two = (learn(walks(100, 6, 20), 20, 4, 2, 0.01, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(one.vector, two.vector)
    np.testing.assert_array_equal(one.from_state, two.from_state)
    assert torch.equal(before, torch.random.get_rng_state())


def test_the_feed_shows_what_follows_the_sessions_clicks():
    catalogue = toy.catalogue(60, 0, 0, 300)
    catalogue = replace(catalogue, listed=np.full(60, -1.0))
    path = walks(300, 10, 60)
    log = toy.log(catalogue, 20_000)
    n = path.size
    rows = {f: getattr(log, f)[:n] for f in ("surface", "page", "position", "value", "propensity", "minute", "session")}
    item = path.T.ravel()
    act, consumer = np.full(n, Act.CLICK, np.int8), np.tile(np.arange(300, dtype=np.int32), 10)
    log = replace(log, **rows, act=act, consumer=consumer, content=item, offer=item)
    policy = build("recommender", "sequence_gru", {"epochs": 30})
    policy.begin(KeyedRng(7), catalogue)
    policy.fit(log, catalogue)
    asked = toy.requests(catalogue, toy.serving_view(catalogue), 50)
    recent = np.full_like(asked.recent, -1)
    recent[:, 0] = np.arange(50)
    asked = replace(asked, surface=np.zeros(50, np.int8), query=np.full(50, -1, np.int32), recent=recent)
    first = policy.recommend(replace(asked, page=np.zeros(50, np.int32)), 3).content
    assert (first == (recent[:, :1] + 1) % 60).any(axis=1).mean() > 0.7
