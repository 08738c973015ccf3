"""Croston's method for demand that comes now and then."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.forecasting._history import known
from policies.forecasting._intermittent import now_and_then_of
from policies.forecasting._spread import now_and_then
from sim.schema.forecasting import Forecast, ForecastView

Weight = Annotated[float, Field(gt=0, le=1)]


@dataclass(frozen=True)
class Croston:
    """Forecast the smoothed size of demands over the smoothed days between them.

    ``mean = z / p``; both change only when there is demand: see ``_intermittent.py``.

    Parameters
    ----------
    alpha : float
        Weight of the newest size in z.
    beta : float
        Weight of the newest interval in p.

    References
    ----------
    Croston, Forecasting and stock control for intermittent demands, Operational Research Quarterly 23 (1972).
    """

    alpha: Weight = 0.1
    beta: Weight = 0.1

    def forecast(self, view: ForecastView) -> Forecast:
        """Return the same for all days."""
        found = now_and_then_of(known(view), self.alpha, self.beta)
        return now_and_then(view, often(found.interval), found.size, found.size_sd)


def often(interval: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return one over the interval; zero where no demand ever came."""
    return np.where(interval > 0, 1 / np.where(interval > 0, interval, 1.0), 0.0)
