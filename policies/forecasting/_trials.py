"""Views as trials, each of which led to a purchase or did not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policies.forecasting._history import known
from policies.forecasting._recent import LEVEL_DAYS, WEEK, Running, over
from sim.schema.forecasting import ForecastView, Signals

Float = NDArray[np.float64]

PRIOR_VIEWS = 20.0
"""Views of average outcome that each series' own rates are mixed with."""


@dataclass(frozen=True, slots=True)
class Trials:
    """Views and which of them bought.

    Attributes
    ----------
    bought : float64[n, days]
        Views that led to a purchase: no more than there were views or units; NaN on unknown days.
    units : float64[n]
        Units a purchase.
    """

    history: Float
    views: Float
    bought: Float
    live: Float
    running: dict[str, Running]
    units: Float

    @classmethod
    def of(cls, view: ForecastView, signals: Signals) -> "Trials":
        """Prepare a view."""
        history = known(view)
        views = np.where(np.isnan(history), np.nan, signals.views)
        bought = np.minimum(history, views)
        running = {
            "views": Running.of(views), "bought": Running.of(bought), "carts": Running.of(signals.carts),
            "follows": Running.of(signals.follows), "seen": Running.of(signals.views),
        }  # fmt: skip
        units = over(np.nansum(history, axis=1), np.nansum(bought, axis=1))
        return cls(history, views, bought, signals.live_minutes, running, units)

    def features(self, until: int, horizon: int) -> Float:
        """Return what is known before day ``until`` of sessions on the days from it on: float64[n, horizon, 4]."""
        rates = [
            np.log(self._rate("bought", "views", until, LEVEL_DAYS)),
            self._rate("carts", "seen", until, WEEK),
            self._rate("follows", "seen", until, WEEK),
        ]
        wide = [np.repeat(rate[:, None], horizon, axis=1) for rate in rates]
        return np.stack([*wide, np.log1p(self.live[:, until : until + horizon])], axis=2)

    def _rate(self, part: str, whole: str, until: int, days: int) -> Float:
        """Return a rate per view, mixed with that of all series; a small number where nobody did it."""
        done, seen = self.running[part].sum(until, days), self.running[whole].sum(until, days)
        average = (done.sum() + 1e-3) / (seen.sum() + 1.0)
        return np.asarray((done + PRIOR_VIEWS * average) / (seen + PRIOR_VIEWS))
