"""A recommender's pages held against those that were logged with their propensities."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.offline.exam import PAGES, Exam
from sim.offline.feed import requests, told
from sim.offline.log_table import LogTable
from sim.offline.off_policy import Verdict, judge
from sim.offline.reward_model import RewardModel
from sim.offline.rewards import rewards
from sim.policy.contain import ContainedRecommender

Float = NDArray[np.float64]
Int = NDArray[np.int32]
Long = NDArray[np.int64]

DRAWS, PAGES_DRAWN = 100, 100_000
"""Pages asked of a recommender that draws them, per user at least, and in all: the share of a user's pages that show
an item is the probability of it."""


class Replay:
    """The looks held out whose propensities are known: what every recommender is held against.

    A look without a position counts as one at the first place; only first pages of the feed count.
    """

    def __init__(self, exam: Exam) -> None:
        log, cut, reward = exam.log, exam.cut, rewards(exam.log)
        self._rows = np.flatnonzero(_known(log) & cut.test & ~np.isnan(reward))
        self._shop, self._minute = exam.shop, exam.seen.until
        self._item, self._reward = log.item[self._rows], reward[self._rows]
        self._place = np.zeros(len(self._rows), np.int32) if log.position is None else log.position[self._rows]
        self._users, self._row_of = np.unique(log.user[self._rows], return_inverse=True)
        if len(self._rows):
            self._propensity = np.ones(0) if log.propensity is None else log.propensity[self._rows]
            self._recent = told(log, cut, self._users)
            self._model = RewardModel(log.user[self._rows], self._item, self._place, self._reward, len(log.items))

    def verdict(self, policy: ContainedRecommender) -> Verdict | None:
        """Return what the policy's click rate would have been; None where no look tells.

        A policy that answers the same twice shows that with probability 1, and anything else with 0.
        """
        if not len(self._rows):
            return None
        shown, expected = np.zeros(len(self._rows)), np.zeros(len(self._rows))
        drawn = 0
        for answer in self._answers(policy):
            drawn += 1
            shown += answer == self._item
            expected += self._model.of(answer)
        weight = shown / drawn / self._propensity
        return judge(self._reward, weight, self._model.of(self._item), expected / drawn, self._row_of)

    def _answers(self, policy: ContainedRecommender) -> Iterator[Int]:
        """Yield what stands at each row's place, int32[n]: once where the policy draws nothing."""
        first, second = (self._answer(policy, draw) for draw in (0, 1))
        yield first
        if not (first == second).all():
            yield second
            for draw in range(2, max(DRAWS, PAGES_DRAWN // len(self._users))):
                yield self._answer(policy, draw)

    def _answer(self, policy: ContainedRecommender, draw: int) -> Int:
        k = min(int(self._place.max()) + 1, self._shop.n_contents)
        pages = np.concatenate([self._pages(policy, slice(at, at + PAGES), draw, k)
                                for at in range(0, len(self._users), PAGES)])  # fmt: skip
        return np.where(self._place < k, pages[self._row_of, np.minimum(self._place, k - 1)], -1)

    def _pages(self, policy: ContainedRecommender, part: slice, draw: int, k: int) -> Int:
        users = self._users[part]
        asked = requests(self._shop, users, self._recent[part], self._minute, draw * len(self._users) + part.start)
        return policy.recommend(asked, k).content


def _known(log: LogTable) -> NDArray[np.bool_]:
    """Return the rows of which a propensity and a place are known."""
    if log.propensity is None:
        return np.zeros(len(log), np.bool_)
    there = log.first_page & ~np.isnan(log.propensity)
    return there if log.position is None else there & (log.position >= 0)
