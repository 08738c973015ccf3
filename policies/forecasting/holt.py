"""Holt's method: a level and a trend."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from policies.forecasting._history import known
from policies.forecasting._openings import level_and_trend
from policies.forecasting._smoothing import smoothed
from sim.schema.forecasting import Forecast, ForecastView

ALPHAS = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
BETAS = (0.0, 0.02, 0.05, 0.1, 0.25, 0.5)
Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True)
class Holt:
    """Forecast a straight line: a level and a trend, each of which moves by a share of what it missed.

    ``l_t = alpha y_t + (1 - alpha) (l_{t-1} + b_{t-1})``, ``b_t = beta (l_t - l_{t-1}) + (1 - beta) b_{t-1}``,
    ``mean_h = l_t + h b_t``; it starts on the line through the first 14 days.

    Parameters
    ----------
    alpha : float or None
        Of level; null = of a grid the one that would have forecast the series best, a day ahead.
    beta : float or None
        Of trend, alike.

    References
    ----------
    Holt, Forecasting seasonals and trends by exponentially weighted moving averages (1957; IJF 20, 2004).
    """

    alpha: Share | None = None
    beta: Share | None = None

    def forecast(self, view: ForecastView) -> Forecast:
        """Return the line."""
        history = known(view)
        alphas = ALPHAS if self.alpha is None else (self.alpha,)
        betas = BETAS if self.beta is None else (self.beta,)
        return smoothed(history, level_and_trend(history), (alphas, betas, (0.0,), (1.0,))).forecast(view)
