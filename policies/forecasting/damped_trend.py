"""A trend that dies out."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from policies.forecasting._history import known
from policies.forecasting._openings import level_and_trend
from policies.forecasting._smoothing import smoothed
from policies.forecasting.holt import ALPHAS, BETAS, Share
from sim.schema.forecasting import Forecast, ForecastView

DAMPINGS = (0.8, 0.9, 0.98)


@dataclass(frozen=True)
class DampedTrend:
    """Forecast as Holt does, with a trend that loses a share of itself every day.

    ``l_t = alpha y_t + (1 - alpha) (l_{t-1} + phi b_{t-1})``, ``b_t = beta (l_t - l_{t-1}) + (1 - beta) phi b_{t-1}``,
    ``mean_h = l_t + (phi + ... + phi^h) b_t``; it starts on the line through the first 14 days.

    Parameters
    ----------
    alpha : float or None
        Of level; null = of a grid the one that would have forecast the series best, a day ahead.
    beta : float or None
        Of trend, alike.
    damping : float or None
        phi, alike; 1 = Holt.

    References
    ----------
    Gardner & McKenzie, Forecasting trends in time series, Management Science 31 (1985).
    """

    alpha: Share | None = None
    beta: Share | None = None
    damping: Annotated[float, Field(gt=0, le=1)] | None = None

    def forecast(self, view: ForecastView) -> Forecast:
        """Return a line that flattens."""
        history = known(view)
        alphas = ALPHAS if self.alpha is None else (self.alpha,)
        betas = BETAS if self.beta is None else (self.beta,)
        dampings = DAMPINGS if self.damping is None else (self.damping,)
        return smoothed(history, level_and_trend(history), (alphas, betas, (0.0,), dampings)).forecast(view)
