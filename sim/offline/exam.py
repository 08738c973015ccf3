"""One log as an exam: a recommender learns one part of it and ranks for what users turned to in the other."""

import numpy as np
from numpy.typing import NDArray

from sim.offline.feed import behaviour, catalogue, requests, told
from sim.offline.log_table import LogTable
from sim.offline.predictions import predictions
from sim.offline.score import lists, task
from sim.offline.split import Split
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender

Int = NDArray[np.int32]

PAGES = 4096
"""Users ranked for at a time: memory."""


class Exam:
    """A log, cut in two, as recommenders meet it.

    Attributes
    ----------
    shop : CatalogueView
    seen : BehaviourLog
        What is learned from.
    asked : Task
        Whom to rank for, and what would be right.
    """

    def __init__(self, log: LogTable, cut: Split) -> None:
        self.log, self.cut = log, cut
        self.shop, self.seen, self.asked = catalogue(log), behaviour(log, cut), task(log, cut)
        self._recent = told(log, cut, self.asked.users)

    def learn(self, policy: Recommender, seed: int) -> None:
        """Let a recommender learn."""
        policy.begin(KeyedRng(seed), self.shop)
        policy.fit(self.seen, self.shop)

    def lists(self, policy: Recommender, k: int) -> Int:
        """Return the first ``k`` items that it ranks for each user, without what the user had met, int32[n, k]."""
        most = min(k + self.asked.most_known, self.shop.n_contents)
        pieces = []
        for begin in range(0, len(self.asked.users), PAGES):
            part = slice(begin, begin + PAGES)
            page = requests(self.shop, self.asked.users[part], self._recent[part], self.seen.until, begin)
            pieces.append(policy.recommend(page, most).content)
        return lists(np.concatenate(pieces), self.asked, k)

    def predictions(self, policy: object) -> dict[str, float]:
        """Return how well it predicts ratings and clicks: `sim.offline.predictions`."""
        return predictions(self.log, self.cut, policy)
