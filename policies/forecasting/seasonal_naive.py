"""Each day as the same day of the last season."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.forecasting._history import known, last, means, rough
from policies.forecasting._spread import additive
from sim.schema.forecasting import Forecast, ForecastView

Float = NDArray[np.float64]


@dataclass(frozen=True)
class SeasonalNaive:
    """Forecast each day as the same day of the last season.

    ``mean_h = y_{t+h-m k}`` with the least k that lies in the past.  Where that day is unknown the season before
    counts; where no such day is known, the mean.

    Parameters
    ----------
    season : int, days
        m.
    """

    season: Annotated[int, Field(ge=1, le=366)] = 7

    def forecast(self, view: ForecastView) -> Forecast:
        """Return last season's days, again and again."""
        history = known(view)
        days = np.arange(view.horizon)
        latest = _last_season(history, self.season)
        missing = np.isnan(latest)
        latest = np.where(missing, means(history)[:, None], latest)
        carried = (days[1:] % self.season == 0).astype(np.float64)
        return additive(view, latest[:, days % self.season], rough(self._changes(history)), carried)

    def _changes(self, history: Float) -> Float:
        """Return day against the same day of the season before; day against day where there is but one season."""
        m = self.season if history.shape[1] > self.season else 1
        return history[:, m:] - history[:, :-m] if history.shape[1] > m else np.zeros((len(history), 0))


def _last_season(history: Float, season: int) -> Float:
    """Return, per day of the season that comes, the newest known day like it, float64[n, season]; NaN where none."""
    found = np.full((len(history), season), np.nan)
    for phase in range(season):
        alike = history[:, (history.shape[1] + phase) % season :: season]
        found[:, phase] = np.where((~np.isnan(alike)).any(axis=1), last(alike), np.nan)
    return found
