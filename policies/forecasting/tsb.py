"""Teunter, Syntetos and Babai's method: demand that may be dying."""

from dataclasses import dataclass

from policies.forecasting._history import known
from policies.forecasting._intermittent import now_and_then_of
from policies.forecasting._spread import now_and_then
from policies.forecasting.croston import Weight
from sim.schema.forecasting import Forecast, ForecastView


@dataclass(frozen=True)
class Tsb:
    """Forecast the smoothed size of demands times the smoothed chance of one, which falls on every day without.

    ``mean = c z``: an item that is wanted no more is forecast less and less, where Croston's method would go on
    for ever.  See ``_intermittent.py``.

    Parameters
    ----------
    alpha : float
        Weight of the newest size in z.
    beta : float
        Weight of the newest day in c.

    References
    ----------
    Teunter, Syntetos & Babai, Intermittent demand: linking forecasting to inventory obsolescence, European Journal of
    Operational Research 214 (2011).
    """

    alpha: Weight = 0.1
    beta: Weight = 0.05

    def forecast(self, view: ForecastView) -> Forecast:
        """Return the same for all days."""
        found = now_and_then_of(known(view), self.alpha, self.beta)
        return now_and_then(view, found.chance, found.size, found.size_sd)
