"""A recommender that answers in parts: what it leaves is served by the fallback, what it tells is counted."""

from dataclasses import dataclass

import numpy as np
import pytest

from sim.policy.contain import ContainedRecommender
from sim.policy.identity import identity
from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build
from sim.policy.served import Account, PartSlates
from tests.service.pages import CATALOGUE, K, by_popularity, feed, http
from tests.service.running import respond, spoken

N = 6


@dataclass
class Canned:
    """Answers what it is told to."""

    answer: object

    def begin(self, rng, catalogue):
        """Nothing to do."""

    def recommend(self, requests, k):
        return self.answer


def guarded(content, unserved, account):
    """Return (slates, counts) of a guard around such an answer."""
    answer = PartSlates(content, unserved=unserved, account=account)
    guard = ContainedRecommender("recommender", Canned(answer), build("recommender", "popularity"))
    guard.begin(KeyedRng(7), CATALOGUE)
    return guard.recommend(feed(N), K), guard.counts


def listed():
    return np.flatnonzero(CATALOGUE.listed <= 0)[: N * K].astype(np.int32).reshape(N, K)


def test_rows_left_to_the_fallback_are_no_fault_by_themselves():
    unserved = np.arange(N) == 2
    slates, counts = guarded(listed(), unserved, Account())
    assert np.array_equal(slates.content[2], by_popularity(feed(N))[2])
    assert np.array_equal(slates.content[~unserved], listed()[~unserved])
    assert (counts.served_by_fallback, counts.malformed, counts.first_error) == (1, 0, "")


def test_a_row_both_malformed_and_left_is_served_once():
    content = listed()
    content[2] = content[2, 0]
    _, counts = guarded(content, np.arange(N) == 2, Account())
    assert (counts.served_by_fallback, counts.malformed) == (1, 1)


def test_what_it_tells_is_added_up_and_the_first_error_kept():
    account = Account((1.0, 2.0), 1, 2, 3, {"timeout": 1}, "timeout: first", True)
    _, counts = guarded(listed(), None, account)
    counts.add(Account((3.0,), 0, 1, 0, {"timeout": 2, "status": 1}, "status: second"))
    assert (counts.late, counts.raised, counts.malformed) == (1, 3, 3)
    assert counts.latency == [1.0, 2.0, 3.0]
    assert counts.kinds == {"timeout": 3, "status": 1}
    assert counts.first_error == "timeout: first"
    assert counts.real_time


@pytest.mark.parametrize("marks", [np.zeros(N), np.zeros(N + 1, bool), [False] * N, np.zeros((N, 1), bool)])
def test_marks_that_are_not_one_a_page_make_the_whole_answer_nonsense(marks):
    _, counts = guarded(listed(), marks, Account())
    assert (counts.malformed, counts.served_by_fallback) == (N, N)


def test_another_model_behind_the_same_address_is_another_policy():
    versions = [b'{"modelVersion": "1"}', b'{"modelVersion": "2"}']

    def health(connection, head, body, number):
        respond(connection, versions[number])

    with spoken(health) as (url, _):
        one, other = identity(http(url)), identity(http(url))
    assert one["artefact"] != other["artefact"]
    assert one["code"] == other["code"]
