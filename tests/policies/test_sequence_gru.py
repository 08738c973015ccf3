"""The recurrent network: plain arrays say what PyTorch says, and what follows what is found."""

from dataclasses import replace

import numpy as np
import pytest

from policies.recommenders._gru import learn
from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build
from sim.schema.kinds import Act
from sim.testing import toy

torch = pytest.importorskip("torch", reason="the extra `deep` is not installed")


def walks(n, length, n_contents, seed=0):
    """Return sequences that go up by one, or now and then anywhere."""
    rng = np.random.default_rng(seed)
    steps = np.where(rng.random((n, length)) < 0.9, 1, rng.integers(0, n_contents, (n, length)))
    return (np.cumsum(steps, axis=1) % n_contents).astype(np.int32)


def test_plain_arrays_say_what_pytorch_says():
    found = learn(walks(200, 8, 30), 30, 6, 2, 0.01, np.random.default_rng(1))
    unit = torch.nn.GRU(6, 6, batch_first=True)
    with torch.no_grad():
        unit.weight_ih_l0.copy_(torch.tensor(found.from_input.T))
        unit.weight_hh_l0.copy_(torch.tensor(found.from_state.T))
        unit.bias_ih_l0.copy_(torch.tensor(found.input_bias))
        unit.bias_hh_l0.copy_(torch.tensor(found.state_bias))
        read = torch.tensor(found.vector[[4, 9, 2]], dtype=torch.float32)
        state = unit(read[None])[0][0, -1].double().numpy()
    logit = found.vector @ state + found.bias
    ours = found.scores(np.array([[2, 9, 4, -1]], np.int32), np.arange(30, dtype=np.int32)[None])[0]
    np.testing.assert_allclose(ours, np.exp(logit - logit.max()), rtol=1e-4)


def test_the_network_finds_what_comes_next():
    n = 40
    found = learn(walks(600, 10, n), n, 16, 60, 0.01, np.random.default_rng(1))
    profile = np.arange(n, dtype=np.int32)[:, None]
    best = found.scores(profile, np.tile(np.arange(n, dtype=np.int32), (n, 1))).argmax(axis=1)
    assert (best == (profile[:, 0] + 1) % n).mean() > 0.9


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
