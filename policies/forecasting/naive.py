"""Tomorrow as today."""

from dataclasses import dataclass

import numpy as np

from policies.forecasting._history import forward, known, last, rough
from policies.forecasting._spread import additive
from sim.schema.forecasting import Forecast, ForecastView


@dataclass(frozen=True)
class Naive:
    """Forecast every day as the last known one: best for a random walk, and what all errors are measured by.

    ``mean_h = y_t``; one-day errors have the spread of day-to-day changes, and all of each is carried on.
    """

    def forecast(self, view: ForecastView) -> Forecast:
        """Return the last known demand for all days."""
        history = known(view)
        mean = np.repeat(last(history)[:, None], view.horizon, axis=1)
        return additive(view, mean, rough(np.diff(forward(history), axis=1)), np.ones(max(view.horizon - 1, 0)))
