"""Recommenders made of recommenders: mixed, switched, refined, let in step by step, and tried unseen."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

from policies.recommenders.diversify import Diversify
from policies.recommenders.hybrid import Hybrid
from policies.recommenders.popularity import Popularity
from policies.recommenders.ramp import Ramp, numbers
from policies.recommenders.random import Random
from policies.recommenders.shadow import Shadow
from policies.recommenders.thompson import Thompson
from sim.policy.contain import ContainedRecommender
from sim.policy.keyed import KeyedRng
from sim.policy.served import Account, PartSlates
from sim.testing import toy
from tests.policies.fixed import CATALOGUE, VIEW, Fixed, asked, begun, listed

A, B = Fixed(tuple(range(40))), Fixed(tuple(range(60, 20, -1)))
LOG = toy.log(CATALOGUE)
DAY = 1440.0


def test_weighted_is_reciprocal_rank_fusion():
    shown = listed(begun(Hybrid((A, B), "weighted", weights=(2.0, 1.0), candidates=30)), pages=5)
    score = {}
    for member, weight in ((A, 2.0), (B, 1.0)):
        for rank, c in enumerate(member.order[:30], start=1):
            score[c] = score.get(c, 0.0) + weight / (60 + rank)
    fused = sorted(score, key=lambda c: (-np.float32(score[c]), c))
    rest = [c for c in A.order[30:] if c not in score]
    assert shown == (fused + rest)[:50]


def test_a_member_without_weight_changes_no_order_among_the_others_contents():
    shown = listed(begun(Hybrid((A, B), "weighted", weights=(1.0, 0.0), candidates=40)), pages=4)
    assert shown == list(A.order)


def test_switching_serves_by_how_well_a_consumer_is_known():
    policy = begun(Hybrid((A, B), history=(3,)), LOG)
    acts = np.bincount(LOG.consumer[np.isin(LOG.act, (1, 2, 3))], minlength=200)
    for consumer in range(40):
        by = A if acts[consumer] >= 3 else B
        assert listed(policy, consumer=consumer) == list(by.order[:10])
    assert 0 < (acts[:40] >= 3).sum() < 40


def test_switching_counts_the_sessions_own_clicks():
    policy = begun(Hybrid((A, B), history=(2,)))
    clicked = replace(asked(2), recent=np.array([[5, -1, -1, -1, -1], [5, 6, -1, -1, -1]], np.int32))
    first = policy.recommend(clicked, 4).content[:, 0]
    assert first.tolist() == [B.order[0], A.order[0]]


def test_cascade_puts_the_firsts_candidates_in_the_seconds_order():
    shown = listed(begun(Hybrid((A, B), "cascade", candidates=30)), pages=4)
    named = [c for c in B.order[:30] if c in A.order[:30]]
    assert shown == [*named, *(c for c in A.order[:30] if c not in named), *A.order[30:]]
    assert not named or shown != list(A.order)


def test_a_cascade_over_the_whole_ranking_is_the_second_among_what_the_first_has():
    shown = listed(begun(Hybrid((A, B), "cascade", candidates=40)), pages=4)
    assert shown == [c for c in B.order if c in A.order] + list(range(21))


def test_the_share_of_the_new_one_grows_as_declared_and_nobody_goes_back():
    policy = begun(Ramp(A, B, begin_day=1.0, grows_for_days=4.0, first=0.1, last=0.9))
    everybody = np.arange(200, dtype=np.int32)
    served = []
    for day in (0.0, 1.0, 2.0, 3.0, 5.0, 9.0):
        view = toy.serving_view(CATALOGUE, day * DAY)
        requests = replace(asked(200, view=view), consumer=everybody)
        new = policy.recommend(requests, 3).content[:, 0] == B.order[0]
        share = 0.1 + 0.8 * np.clip((day - 1) / 4, 0, 1)
        np.testing.assert_array_equal(new, numbers(everybody) < share)
        served.append(new)
    assert all((later >= earlier).all() for earlier, later in pairwise(served))
    assert served[0].sum() < served[-1].sum()


def test_consumers_numbers_are_uniform():
    """Kolmogorov-Smirnov at 100,000 consumers, error rate 1e-3 under the fixed key."""
    from scipy.stats import kstest

    assert kstest(numbers(np.arange(100_000, dtype=np.int32)), "uniform").pvalue > 1e-3


def test_a_ramp_of_no_days_is_a_switch():
    policy = Ramp(A, B, begin_day=2.0, grows_for_days=0.0)
    np.testing.assert_array_equal(policy.share(np.array([2 * DAY - 1, 2 * DAY])), [0.0, 1.0])


def test_propensities_are_told_where_every_member_that_was_asked_tells_them():
    exploring = Hybrid((Thompson(draws=4), Thompson(draws=8)), history=(3,))
    assert begun(exploring, LOG).recommend(asked(20), 5).propensity.min() >= 1 / 8
    mixed = begun(Hybrid((Thompson(draws=4), Popularity()), history=(10**6,)), LOG)
    assert mixed.recommend(asked(20), 5).propensity is None


def test_a_shadow_shows_what_the_live_one_alone_would_show():
    requests = toy.requests(CATALOGUE, VIEW)
    alone = begun(Random(), LOG).recommend(requests, 10).content
    np.testing.assert_array_equal(begun(Shadow(Random(), Popularity()), LOG).recommend(requests, 10).content, alone)


def test_a_shadow_counts_how_the_candidates_pages_differ():
    policy = begun(Shadow(Fixed((0, 1, 2, 3)), Fixed((0, 3, 5))))
    slates = policy.recommend(asked(7), 4)
    sold_out = sum(int(VIEW.available[o] == 0) for o in (0, 3, 5))
    expected = {
        "shadow_pages": 7, "shadow_failed": 0, "shadow_answered": 7, "shadow_same_first": 7, "shadow_places": 21,
        "shadow_shared_places": 14, "shadow_sold_out_places": 7 * sold_out,
    }  # fmt: skip
    assert policy.diagnostics() == expected
    assert {name: slates.account.told.get(name, 0) for name in expected} == expected


@dataclass(frozen=True)
class Broken(Fixed):
    at: str = "recommend"

    def begin(self, rng, catalogue):
        if self.at == "begin":
            raise RuntimeError("no model")

    def fit(self, log, catalogue):
        if self.at == "fit":
            raise RuntimeError("no memory")

    def recommend(self, requests, k):
        if self.at == "recommend":
            raise RuntimeError("no answer")
        return super().recommend(requests, k)


@pytest.mark.parametrize("at", ["begin", "fit", "recommend"])
def test_a_candidate_that_fails_changes_nothing_but_the_count(at):
    policy = begun(Shadow(A, Broken((1, 2), at=at)), LOG)
    assert listed(policy) == list(A.order[:10])
    counts = policy.diagnostics()
    assert counts["shadow_failed"] == 1
    assert counts["shadow_answered"] == (1 if at == "fit" else 0)


def test_what_a_shadow_counts_reaches_the_seams_counts_and_is_no_fault():
    policy = Shadow(A, B)
    guard = ContainedRecommender("recommender", policy, Popularity())
    guard.begin(KeyedRng(1), CATALOGUE)
    for _ in range(3):
        guard.recommend(asked(5), 4)
    assert guard.counts.told["shadow_pages"] == 15
    assert guard.counts.raised == guard.counts.malformed == guard.counts.served_by_fallback == 0


@dataclass(frozen=True)
class Partial(Fixed):
    """Leaves odd sessions to the fallback."""

    def recommend(self, requests, k):
        content = super().recommend(requests, k).content
        odd = requests.session % 2 == 1
        content[odd] = -1
        account = Account(latency=(5.0,), failed=1, kinds={"refused": 1}, first_error="refused")
        return PartSlates(content, None, None, odd, account)


@pytest.mark.parametrize(
    "wrap",
    [
        Diversify,
        lambda base: Hybrid((base, base), "weighted"),
        lambda base: Hybrid((base, base), history=(0,)),
        lambda base: Ramp(base, base),
        lambda base: Shadow(base, A),
    ],
)
def test_what_a_policy_inside_leaves_to_the_fallback_is_left_to_it(wrap):
    guard = ContainedRecommender("recommender", wrap(Partial(A.order)), Popularity())
    guard.begin(KeyedRng(1), CATALOGUE)
    content = guard.recommend(asked(6), 4).content
    popular = begun(Popularity()).recommend(asked(6), 4).content
    np.testing.assert_array_equal(content[1::2], popular[1::2])
    assert (content[0::2] == A.order[:4]).all() or wrap is Diversify
    assert guard.counts.served_by_fallback == 3
    assert guard.counts.kinds["refused"] >= 1
    assert guard.counts.first_error == "refused"
