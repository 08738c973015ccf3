"""Holt and Winters: level, trend and season."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from policies.forecasting._history import known
from policies.forecasting._openings import level_trend_season
from policies.forecasting._smoothing import smoothed
from policies.forecasting.damped_trend import DampedTrend
from policies.forecasting.holt import Share
from sim.schema.forecasting import Forecast, ForecastView

ALPHAS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
BETAS = (0.0, 0.02, 0.1)
GAMMAS = (0.0, 0.05, 0.1, 0.2)


@dataclass(frozen=True)
class HoltWinters:
    """Forecast a level, a trend and a season, each of which moves by a share of what it missed.

    Added seasons: ``mean_h = l_t + (phi + ... + phi^h) b_t + s_{t+h-m k}``; multiplied ones stand for + times.  See
    ``_smoothing.py`` for how the three are updated, ``_openings.py`` for where they start.  Series that are not above
    zero all through the first two seasons have added seasons; without a season, or less than two in the history, it is
    forecast as ``damped_trend`` does.

    Parameters
    ----------
    season : int, days
        m; 1 = there is none.
    seasons : str
        ``added`` or ``multiplied``.
    damping : float
        phi: what is left of the trend from day to day; 1 = all, 0 = there is no trend.
    alpha : float or None
        Of level; null = of a grid the one that would have forecast the series best, a day ahead.
    beta : float or None
        Of trend, alike.
    gamma : float or None
        Of season, alike.

    References
    ----------
    Winters, Forecasting sales by exponentially weighted moving averages, Management Science 6 (1960).
    """

    season: Annotated[int, Field(ge=1, le=366)] = 7
    seasons: Literal["added", "multiplied"] = "added"
    damping: Share = 0.98
    alpha: Share | None = None
    beta: Share | None = None
    gamma: Share | None = None

    def forecast(self, view: ForecastView) -> Forecast:
        """Return the line with its seasons."""
        history = known(view)
        if self.season == 1 or view.days < 2 * self.season:
            return DampedTrend(self.alpha, self.beta).forecast(view)
        alphas, betas, gammas = (
            usual if given is None else (given,)
            for given, usual in ((self.alpha, ALPHAS), (self.beta, BETAS), (self.gamma, GAMMAS))
        )
        trending = self.damping > 0
        start = level_trend_season(history, self.season, self.seasons == "multiplied", trending)
        grid = (alphas, betas if trending else (0.0,), gammas, (self.damping,))
        return smoothed(history, start, grid).forecast(view)
