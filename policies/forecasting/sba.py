"""Syntetos and Boylan's approximation: Croston's method without its bias."""

from dataclasses import dataclass

from policies.forecasting._history import known
from policies.forecasting._intermittent import now_and_then_of
from policies.forecasting._spread import now_and_then
from policies.forecasting.croston import Weight, often
from sim.schema.forecasting import Forecast, ForecastView


@dataclass(frozen=True)
class Sba:
    """Forecast as Croston does, less what the mean of one over an interval is above one over the mean interval.

    ``mean = (1 - beta / 2) z / p``: nearly unbiased where demand comes at random; too low where it comes every day.

    Parameters
    ----------
    alpha : float
        Weight of the newest size in z.
    beta : float
        Weight of the newest interval in p.

    References
    ----------
    Syntetos & Boylan, The accuracy of intermittent demand estimates, International Journal of Forecasting 21 (2005).
    """

    alpha: Weight = 0.1
    beta: Weight = 0.1

    def forecast(self, view: ForecastView) -> Forecast:
        """Return the same for all days."""
        found = now_and_then_of(known(view), self.alpha, self.beta)
        return now_and_then(view, (1 - self.beta / 2) * often(found.interval), found.size, found.size_sd)
