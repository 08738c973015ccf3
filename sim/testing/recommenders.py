"""The contract of a recommender, as a suite that its author runs: ``check_recommender(MyRecommender)``."""

import pickle
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sim.policy.contain import ContainedRecommender
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests
from sim.testing import toy
from sim.testing.purity import frozen, is_policy, same
from sim.testing.toy_supply import ToyTruth

Factory = Callable[[], Recommender]
K = 10


def check_recommender(factory: Factory) -> None:
    """Fail with a sentence at the first rule of the seam that a recommender breaks.

    Parameters
    ----------
    factory : callable
        Returns a new policy, as the scenario would build it.
    """
    is_policy(factory(), "recommend")
    catalogue = frozen(toy.catalogue())
    for log in (None, toy.no_log(1000.0), toy.log(catalogue)):
        policy = _begun(factory, catalogue, log)
        asked = frozen(toy.requests(catalogue, toy.serving_view(catalogue)))
        _answers_in_form(policy, catalogue, asked)
        _answers_alike(policy, factory, catalogue, log, asked)
    _serves_strangers(factory, catalogue)


def _begun(factory: Factory, catalogue: CatalogueView, log: BehaviourLog | None) -> Recommender:
    policy = factory()
    if getattr(policy, "privileged", False):
        policy.reveal(ToyTruth(catalogue.n_contents, 10))  # type: ignore[attr-defined]  # privileged ones have it
    policy.begin(KeyedRng(7), catalogue)
    if log is not None:
        policy.fit(frozen(log), catalogue)
    return policy


def _answers_in_form(policy: Recommender, catalogue: CatalogueView, asked: PageRequests) -> None:
    """Shape, ids, repeats, NaN, and nothing where it may not be shown."""
    for n in (0, 1, len(asked)):
        some = toy.rows(asked, np.arange(n))
        guard = ContainedRecommender("recommender", _Ready(policy), _Ready(policy))
        guard.begin(KeyedRng(7), catalogue)
        guard.recommend(some, K)
        counts = guard.counts
        assert not counts.first_error, f"with {n} requests: {counts.first_error}"
        assert not counts.ineligible, f"{counts.ineligible} places hold what may not be shown there"
    feed = policy.recommend(toy.rows(asked, np.flatnonzero(asked.surface == 0)), K).content
    assert (feed >= 0).any(), "the feed is empty"


def _answers_alike(
    policy: Recommender,
    factory: Factory,
    catalogue: CatalogueView,
    log: BehaviourLog | None,
    asked: PageRequests,
) -> None:
    """The same request gets the same slate: again, alone, in another order, after pickling, from a new copy."""
    slates = policy.recommend(asked, K).content.copy()
    same(policy.recommend(asked, K).content, slates, "asked twice")
    alone = [policy.recommend(toy.rows(asked, np.array([i])), K).content[0] for i in range(len(asked))]
    same(np.array(alone), slates, "one by one")
    back = np.arange(len(asked))[::-1]
    same(policy.recommend(toy.rows(asked, back), K).content, slates[back], "in another order")
    copy = pickle.loads(pickle.dumps(policy))
    same(copy.recommend(asked, K).content, slates, "after pickling")
    same(_begun(factory, catalogue, log).recommend(asked, K).content, slates, "begun and fitted anew")


def _serves_strangers(factory: Factory, catalogue: CatalogueView) -> None:
    """A consumer without a past gets a page too."""
    log = toy.log(catalogue)
    known = log.consumer > 3
    per_row = ("minute", "act", "consumer", "content", "offer", "session", "surface", "page", "position")
    rows = {name: getattr(log, name)[known] for name in (*per_row, "value", "propensity")}
    policy = _begun(factory, catalogue, replace(log, **rows))
    asked = toy.requests(catalogue, toy.serving_view(catalogue), 4)
    stranger = replace(
        asked,
        consumer=np.arange(4, dtype=np.int32),
        surface=np.zeros(4, np.int8),
        query=np.full(4, -1, np.int32),
        page=np.zeros(4, np.int32),
        recent=np.full_like(asked.recent, -1),
    )
    filled = (policy.recommend(stranger, K).content >= 0).any(axis=1)
    assert filled.all(), "a consumer without a past gets an empty feed"


class _Ready:
    """A policy that has begun already, so that judging its answers does not begin it again."""

    def __init__(self, policy: Recommender) -> None:
        self.recommend = policy.recommend

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Leave the policy as it is."""
