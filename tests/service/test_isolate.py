"""A recommender in a process of its own: the same answers, and no way to stop the run."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.policy.cast import cast_policies
from sim.policy.identity import identity
from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build
from sim.scenario.policies import Policies, RecommenderBlock
from sim.testing import toy
from tests.cli.command import ROOT, until

K = 6
CATALOGUE = toy.catalogue()
ASKED = toy.requests(CATALOGUE, toy.serving_view(CATALOGUE), 30)
LOG = toy.log(CATALOGUE)
AWKWARD = "tests.service.awkward:Awkward"


def isolated(kind="item_knn", **block):
    """Return a guard whose policy runs in a process of its own."""
    given = {"kind": kind, "isolate": "process", "fit_within": "60 s", **block}
    return cast_policies(Policies(recommender=RecommenderBlock(**given)), ["tests"]).recommender


def awkward(how, at="recommend", **block):
    """Return a guard around a policy that misbehaves, begun where that is possible."""
    guard = isolated(AWKWARD, **{"with": {"how": how, "at": at}, "answer_within": "1 s", **block})
    guard.begin(KeyedRng(7), CATALOGUE)
    return guard


def by_popularity():
    popularity = build("recommender", "popularity")
    popularity.begin(KeyedRng(7), CATALOGUE)
    return popularity.recommend(ASKED, K).content


def gone(guard):
    """Tell whether the child's process has ended."""
    return not guard.policy._state.child._process.is_alive()


@pytest.fixture
def ended():
    """End the children of the guards that a test puts here."""
    guards = []
    yield guards
    for guard in guards:
        guard.policy.close()


def test_the_answers_are_those_it_would_give_in_this_process(ended):
    guard, here = isolated("popularity"), build("recommender", "popularity")
    ended.append(guard)
    for policy in (guard, here):
        policy.begin(KeyedRng(7), CATALOGUE)
    for log in (None, LOG):
        if log is not None:
            guard.fit(log, CATALOGUE)
            here.fit(log, CATALOGUE)
        for asked in (ASKED, replace(ASKED, view=toy.serving_view(CATALOGUE, 200.0)), toy.rows(ASKED, np.arange(3))):
            assert np.array_equal(guard.recommend(asked, K).content, here.recommend(asked, K).content)
    assert not guard.counts.first_error
    assert guard.counts.real_time


@pytest.mark.parametrize("how", ["sleep", "spin", "stop"])
def test_one_that_hangs_is_killed_and_the_fallback_serves_on(how, ended):
    guard = awkward(how)
    ended.append(guard)
    guard.recommend(ASKED, K)
    began = time.monotonic()
    for _ in range(3):
        assert np.array_equal(guard.recommend(ASKED, K).content, by_popularity())
    assert time.monotonic() - began < 10
    counts = guard.counts
    assert (counts.late, counts.raised, counts.served_by_fallback) == (1, 0, 3 * len(ASKED))
    assert counts.kinds == {"killed": 2 * len(ASKED)}
    assert "no answer within 1 s" in counts.first_error
    assert until(lambda: gone(guard), 5)


@pytest.mark.parametrize("how", ["eat", "eat quickly"])
def test_one_that_eats_memory_is_killed_and_the_fallback_serves_on(how, ended):
    guard = awkward(how, memory_megabytes=200, answer_within="30 s")
    ended.append(guard)
    guard.recommend(ASKED, K)
    for _ in range(2):
        assert np.array_equal(guard.recommend(ASKED, K).content, by_popularity())
    assert (guard.counts.raised, guard.counts.served_by_fallback) == (1, 2 * len(ASKED))
    assert "memory" in guard.counts.first_error
    assert until(lambda: gone(guard), 5)


@pytest.mark.parametrize(("how", "told"), [("exit", "exit code 3"), ("abort", "signal 6")])
def test_one_that_dies_is_not_asked_again(how, told, ended):
    guard = awkward(how)
    ended.append(guard)
    for _ in range(4):
        assert np.array_equal(guard.recommend(ASKED, K).content, by_popularity())
    assert (guard.counts.raised, guard.counts.served_by_fallback) == (1, 3 * len(ASKED))
    assert told in guard.counts.first_error


@pytest.mark.parametrize(
    ("how", "told"),
    [("raise", "ValueError: no such user"), ("number", "int instead of Slates"), ("shape", "not arrays of shape")],
)
def test_one_that_raises_or_answers_nonsense_lives_on(how, told, ended):
    guard = awkward(how)
    ended.append(guard)
    for _ in range(3):
        guard.recommend(ASKED, K)
    assert (guard.counts.raised, guard.counts.served_by_fallback) == (2, 2 * len(ASKED))
    assert told in guard.counts.first_error
    assert not gone(guard)


@pytest.mark.parametrize("at", ["begin", "fit"])
def test_one_that_hangs_while_it_starts_or_learns_is_killed_too(at, ended):
    guard = awkward("spin", at, fit_within="3 s")
    ended.append(guard)
    guard.fit(LOG, CATALOGUE)
    guard.fit(LOG, CATALOGUE)
    guard.recommend(ASKED, K)
    assert (guard.counts.late, guard.counts.served_by_fallback) == (1, len(ASKED))
    assert until(lambda: gone(guard), 5)


def test_pages_left_to_the_fallback_are_left_to_it_from_there_too(ended):
    guard = isolated("tests.service.awkward:Partly")
    ended.append(guard)
    guard.begin(KeyedRng(7), CATALOGUE)
    found = guard.recommend(ASKED, K).content
    assert np.array_equal(found[::2], by_popularity()[::2])
    assert (found[1::2] == -1).all()


def test_who_it_is_does_not_change_by_where_it_runs():
    assert identity(isolated().policy) == identity(build("recommender", "item_knn"))


def test_one_that_looks_into_the_world_cannot_be_isolated():
    with pytest.raises(ScenarioError, match=r"policies\.recommender\.isolate"):
        isolated("oracle")


def test_nothing_is_started_before_it_begins():
    assert isolated().policy._state.child is None


def test_the_child_ends_with_the_policy():
    guard = isolated()
    guard.begin(KeyedRng(7), CATALOGUE)
    pid = guard.policy._state.child._process.pid
    del guard
    assert until(lambda: not os.path.exists(f"/proc/{pid}"), 5)


ORPHAN = """
import os, sys, threading, time
from sim.policy.keyed import KeyedRng
from tests.service.test_isolate import ASKED, CATALOGUE, awkward
if __name__ == "__main__":
    guard = awkward("spin")
    guard.recommend(ASKED, 6)
    print(guard.policy._state.child._process.pid, flush=True)
    threading.Timer(0.3, lambda: os.kill(os.getpid(), 9)).start()
    guard.recommend(ASKED, 6)
"""


def test_a_child_that_hangs_ends_itself_where_nobody_is_there_to_kill_it(tmp_path):
    script = tmp_path / "orphan.py"
    script.write_text(ORPHAN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], env=environment, stdout=subprocess.PIPE, text=True)
    assert done.returncode == -9
    assert until(lambda: not os.path.exists(f"/proc/{json.loads(done.stdout)}"), 15)
