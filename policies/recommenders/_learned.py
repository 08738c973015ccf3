"""Rankers that learn a click's probability from the log: all that they share but the model."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.recommenders._clicks import click_probabilities
from policies.recommenders._examples import Examples, examples
from policies.recommenders._ranker import Model, Ranker
from policies.recommenders._tastes import Double
from sim.schema.recommending import BehaviourLog, CatalogueView, Float, Int


@dataclass(frozen=True)
class LearnedRanker(Ranker):
    """Rank retrieved contents by the probability of a click, learned from the latest looks.

    Learned from are the latest half of the logged impressions, judged by what was known before them; where none are
    logged, clicks against contents that others clicked.  The log has no prices: what a price does is learned from
    list prices.  There is no model while there are fewer than 30 clicks, or looks without one.

    Parameters
    ----------
    examples : int
        Looks learned from at most, the latest.
    inverse_propensity : bool
        Whether a look weighs 1 / its propensity (0.02 at least) where the log has one.
    """

    examples: Annotated[int, Field(ge=1000)] = 100_000
    inverse_propensity: bool = False

    def predict_clicks(self, consumer: Int, content: Int, minute: Float) -> Double:
        """Return the probability of a click on each content were the consumer shown it; NaN without a model."""
        state = self._state
        if state.model is None:
            return np.full(len(consumer), np.nan)
        return click_probabilities(state.model, state.known, self.history, consumer, content, minute)

    def _model(self, log: BehaviourLog, catalogue: CatalogueView) -> Model | None:
        rng = self._state.rng
        found = examples(
            log, catalogue, self.examples, self.history, self.half_life_days, self.neighbours,
            self.inverse_propensity, rng.generator(0),
        )  # fmt: skip
        return None if found is None else self._learned(found, int(rng.generator(1).integers(2**31)))

    @abstractmethod
    def _learned(self, found: Examples, seed: int) -> Model:
        """Return a model of the probability of a click."""
