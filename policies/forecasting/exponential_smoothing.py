"""Simple exponential smoothing: a level that follows demand."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.forecasting._history import known
from policies.forecasting._openings import level_alone
from policies.forecasting._smoothing import smoothed
from sim.schema.forecasting import Forecast, ForecastView

ALPHAS = (*np.arange(0.02, 0.5, 0.02).round(2).tolist(), 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class ExponentialSmoothing:
    """Forecast every day as a level that moves by a share of each error.

    ``l_t = alpha y_t + (1 - alpha) l_{t-1}``, ``mean_h = l_t``; it starts at the mean of the first 14 days.

    Parameters
    ----------
    alpha : float or None
        The share; null = of 30 values from 0.02 to 1 the one that would have forecast the series best, a day ahead.

    References
    ----------
    Brown, Statistical forecasting for inventory control (1959).
    """

    alpha: Annotated[float, Field(ge=0, le=1)] | None = None

    def forecast(self, view: ForecastView) -> Forecast:
        """Return the level for all days."""
        history = known(view)
        alphas = ALPHAS if self.alpha is None else (self.alpha,)
        return smoothed(history, level_alone(history), (alphas, (0.0,), (0.0,), (1.0,))).forecast(view)
