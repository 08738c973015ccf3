"""Recommenders that hang, eat memory, die or raise, when they are asked for the feed of a session."""

import os
import signal
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Literal

import numpy as np

from policies.recommenders.popularity import Popularity
from sim.policy.served import PartSlates
from sim.schema.recommending import Slates


@dataclass(frozen=True)
class Awkward:
    """Popularity, until it is asked for the ``good_for``-th time.

    Parameters
    ----------
    how : str
        What it does then.
    at : str
        In which call.
    """

    how: Literal["sleep", "spin", "stop", "eat", "eat quickly", "exit", "abort", "raise", "number", "shape"]
    at: Literal["begin", "fit", "recommend"] = "recommend"
    good_for: int = 1
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng, catalogue):
        self._state.popular = Popularity()
        self._state.asked = 0
        self._state.popular.begin(rng, catalogue)
        if self.at == "begin":
            self._misbehave()

    def fit(self, log, catalogue):
        self._state.popular.fit(log, catalogue)
        if self.at == "fit":
            self._misbehave()

    def recommend(self, requests, k):
        self._state.asked += 1
        if self.at == "recommend" and self._state.asked > self.good_for:
            found = self._misbehave()
            if found is not None:
                return found
        return self._state.popular.recommend(requests, k)

    def _misbehave(self):
        if self.how == "sleep":
            time.sleep(60)
        if self.how == "spin":
            return sum(range(10**12))  # in C, where no signal handler of Python's would run
        if self.how == "eat":
            held = []
            while True:
                held.append(np.ones(2_000_000))
        if self.how == "eat quickly":
            np.zeros(10**13)
        if self.how == "exit":
            os._exit(3)
        if self.how == "abort":
            os.abort()
        if self.how == "raise":
            raise ValueError("no such user")
        if self.how == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        return {"number": 7, "shape": Slates(np.zeros((1, 99), np.int32))}.get(self.how)


@dataclass(frozen=True)
class Partly:
    """Leaves every other page to the fallback."""

    def begin(self, rng, catalogue):
        """Nothing to do."""

    def fit(self, log, catalogue):
        """Nothing to learn."""

    def recommend(self, requests, k):
        return PartSlates(np.full((len(requests), k), -1, np.int32), unserved=np.arange(len(requests)) % 2 == 0)
