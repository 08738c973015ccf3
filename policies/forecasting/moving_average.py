"""The mean of the last days."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.forecasting._history import deviations, known, means
from policies.forecasting._spread import normal
from sim.schema.forecasting import Forecast, ForecastView


@dataclass(frozen=True)
class MovingAverage:
    """Forecast every day as the mean of the last ``window`` known days.

    For demand that varies by sigma around a level, w the known days of the window: ``sd^2 = sigma^2 (1 + 1/w)``, and
    of a sum of h days ``sigma^2 (h + h^2 / w)``, for all share the level's error.

    Parameters
    ----------
    window : int, days
        A series that was unknown all through it is forecast by the mean of what is known before.
    """

    window: Annotated[int, Field(ge=1, le=3660)] = 28

    def forecast(self, view: ForecastView) -> Forecast:
        """Return the mean of the window for all days."""
        history = known(view)
        recent = history[:, max(view.days - self.window, 0) :]
        empty = np.isnan(recent).all(axis=1)
        mean = np.where(empty, means(history), means(recent))
        sigma = np.where(empty, deviations(history), deviations(recent))[:, None]
        seen = np.maximum((~np.isnan(recent)).sum(axis=1), 1)[:, None]
        ahead = np.arange(1, view.horizon + 1)
        each = np.ones(view.horizon)
        return normal(
            view, mean[:, None] * each, sigma * np.sqrt(1 + 1 / seen) * each, sigma * np.sqrt(ahead + ahead**2 / seen)
        )
