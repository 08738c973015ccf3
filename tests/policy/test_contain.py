"""A recommender's faults stay at the seam: the fallback serves what is wrong, and everything is counted."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from sim.errors import PolicyError
from sim.policy.contain import ContainedRecommender
from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build
from sim.schema.kinds import Surface
from sim.schema.recommending import Slates
from sim.testing import toy

K = 6
CATALOGUE = toy.catalogue()
VIEW = toy.serving_view(CATALOGUE)
ASKED = toy.requests(CATALOGUE, VIEW, 30)


@dataclass
class Canned:
    """Answers what it is told to."""

    answer: object = None
    error: Exception | None = None
    at_begin: bool = False

    def begin(self, rng, catalogue):
        if self.at_begin:
            raise self.error

    def fit(self, log, catalogue):
        if self.error:
            raise self.error

    def recommend(self, requests, k):
        if self.error:
            raise self.error
        return self.answer


def contained(policy, fallback=None):
    guard = ContainedRecommender("recommender", policy, fallback or build("recommender", "popularity"))
    guard.begin(KeyedRng(1), CATALOGUE)
    return guard


def served_by_popularity(requests=ASKED):
    popularity = build("recommender", "popularity")
    popularity.begin(KeyedRng(1), CATALOGUE)
    return popularity.recommend(requests, K).content


def feed(n=4):
    some = toy.rows(ASKED, np.arange(n))
    return replace(some, surface=np.zeros(n, np.int8), query=np.full(n, -1, np.int32))


def listed(n):
    """Return contents that are listed, in rows without repeats."""
    ids = np.flatnonzero(CATALOGUE.listed <= 0)[: n * K].astype(np.int32)
    return ids.reshape(n, K)


def test_what_is_well_formed_is_served_as_it_is():
    content = listed(4)
    guard = contained(Canned(Slates(content, np.ones((4, K), np.float32))))
    slates = guard.recommend(feed(), K)
    assert np.array_equal(slates.content, content)
    assert not guard.counts.first_error
    assert guard.counts.served_by_fallback == 0


def test_a_policy_that_raises_is_replaced_for_the_whole_batch_and_its_first_error_kept():
    guard = contained(Canned(error=ValueError("first")))
    assert np.array_equal(guard.recommend(ASKED, K).content, served_by_popularity())
    guard.policy.error = KeyError("second")
    guard.recommend(ASKED, K)
    counts = guard.counts
    assert (counts.raised, counts.served_by_fallback, counts.first_error) == (2, 60, "ValueError: first")


def test_a_deadline_missed_counts_as_late():
    guard = contained(Canned(error=TimeoutError("0.2 s")))
    guard.recommend(ASKED, K)
    assert (guard.counts.late, guard.counts.raised) == (1, 0)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        listed(4),
        Slates(None),
        Slates(listed(4)[:3]),
        Slates(listed(4).astype(float)),
        Slates(listed(4), np.ones((4, K - 1), np.float32)),
        Slates(listed(4), propensity=[0.5]),
    ],
    ids=["nothing", "bare array", "no content", "too few rows", "floats", "scores of another shape", "a list"],
)
def test_nonsense_as_a_whole_is_replaced_as_a_whole(answer):
    guard = contained(Canned(answer))
    assert np.array_equal(guard.recommend(feed(), K).content, served_by_popularity(feed()))
    assert (guard.counts.malformed, guard.counts.served_by_fallback) == (4, 4)
    assert guard.counts.first_error.startswith("malformed: ")


@pytest.mark.parametrize("bad", [-2, CATALOGUE.n_contents, "repeat", "nan", 2**33])
def test_only_malformed_rows_go_to_the_fallback(bad):
    content, score = listed(4).astype(np.int64), np.ones((4, K), np.float32)
    if bad == "nan":
        score[2, 1] = np.nan
    else:
        content[2, 1] = content[2, 0] if bad == "repeat" else bad
    guard = contained(Canned(Slates(content, score)))
    served = guard.recommend(feed(), K).content
    keep = [0, 1, 3]
    assert np.array_equal(served[keep], content[keep])
    assert np.array_equal(served[2], served_by_popularity(feed())[2])
    assert (guard.counts.malformed, guard.counts.served_by_fallback) == (1, 1)


def test_an_empty_place_may_have_no_score():
    content, score = listed(4), np.ones((4, K), np.float32)
    content[1, -1], score[1, -1] = -1, np.nan
    guard = contained(Canned(Slates(content, score)))
    guard.recommend(feed(), K)
    assert guard.counts.malformed == 0


def test_what_may_not_be_shown_leaves_its_place_empty_and_is_no_fault():
    video = CATALOGUE.n_offers
    unlisted = int(np.flatnonzero(CATALOGUE.listed > VIEW.minute + 1)[0])
    shown = [int(i) for i in np.flatnonzero(CATALOGUE.listed[: CATALOGUE.n_offers] <= 0)[:2]]
    row = np.array([*shown, video, unlisted, -1, -1], np.int32)
    guard = contained(Canned(Slates(np.tile(row, (4, 1)))))
    category = int(CATALOGUE.category[shown[0]])
    asked = replace(
        feed(),
        surface=np.array([Surface.FEED, Surface.MALL, Surface.SEARCH, Surface.SEARCH], np.int8),
        query=np.array([-1, -1, category, -1], np.int32),
    )
    served = guard.recommend(asked, K).content
    same = CATALOGUE.category[shown[1]] == category
    assert served[0].tolist() == [*shown, video, -1, -1, -1]
    assert served[1].tolist() == [*shown, -1, -1, -1, -1]
    assert served[2].tolist() == [shown[0], shown[1] if same else -1, -1, -1, -1, -1]
    assert served[3].tolist() == [-1] * 6
    assert guard.counts.ineligible == 1 + 2 + (2 if same else 3) + 4
    assert not guard.counts.first_error


def test_the_policys_own_array_is_not_changed():
    content = np.tile(np.arange(CATALOGUE.n_contents - K, CATALOGUE.n_contents, dtype=np.int32), (4, 1))
    asked = replace(feed(), surface=np.full(4, Surface.MALL, np.int8))
    contained(Canned(Slates(content))).recommend(asked, K)
    assert (content >= 0).all()


def test_a_policy_that_cannot_begin_never_serves():
    guard = contained(Canned(Slates(listed(4)), RuntimeError("no model"), at_begin=True))
    guard.policy.error = None
    assert np.array_equal(guard.recommend(feed(), K).content, served_by_popularity(feed()))
    assert guard.counts.first_error == "RuntimeError: no model"


def test_a_fit_that_raises_is_counted_and_the_policy_goes_on():
    policy = Canned(Slates(listed(4)))
    guard = contained(policy)
    policy.error = RuntimeError("singular")
    guard.fit(toy.log(CATALOGUE), CATALOGUE)
    policy.error = None
    assert np.array_equal(guard.recommend(feed(), K).content, listed(4))
    assert guard.counts.raised == 1


@pytest.mark.parametrize("answer", [None, Slates(np.full((4, K), -5, np.int32))])
def test_a_fallback_that_fails_too_ends_the_run_with_one_line(answer):
    guard = contained(Canned(error=ValueError("mine")), Canned(answer))
    with pytest.raises(PolicyError, match="Canned cannot serve") as caught:
        guard.recommend(feed(), K)
    assert "ValueError: mine" in str(caught.value)


def test_a_privileged_policy_cannot_be_a_fallback():
    with pytest.raises(PolicyError, match="privileged"):
        contained(Canned(), build("recommender", "oracle"))


def test_the_truth_reaches_only_who_declares_to_be_privileged():
    oracle = ContainedRecommender("recommender", build("recommender", "oracle"), Canned())
    oracle.reveal("truth")
    assert oracle.policy._state.truth == "truth"
    contained(build("recommender", "popularity")).reveal("truth")  # has no reveal: nothing is called
