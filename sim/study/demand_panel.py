"""Demand of many items over the same days, and what a forecaster could have known of it at any time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.schema.forecasting import ForecastView, Signals

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DemandPanel:
    """A table of demand.

    Attributes
    ----------
    items : tuple of str
    first : datetime64[D]
        The date of the first day.
    demand : float64[n, days]
        Units a day; NaN = unknown.
    censored : bool[n, days]
        Stock ran out on that day.
    views, carts, follows : float64[n, days], or None
        See `Signals`; None where ``views`` is not told.
    live_minutes : float64[n, days + planned]
        Days after the last one of demand are planned.
    """

    items: tuple[str, ...]
    first: np.datetime64
    demand: Float
    censored: NDArray[np.bool_]
    views: Float | None
    carts: Float
    follows: Float
    live_minutes: Float

    def __len__(self) -> int:
        return len(self.items)

    @property
    def days(self) -> int:
        """Days of demand."""
        return int(self.demand.shape[1])

    def view(self, until: int, horizon: int, levels: tuple[float, ...]) -> ForecastView:
        """Return what is known when ``until`` days have passed: nothing later but planned livestreams."""
        signals = None if self.views is None else self._signals(self.views, until, horizon)
        return ForecastView(self.demand[:, :until], self.censored[:, :until], horizon, levels, signals)

    def known(self) -> Float:
        """Return demand that may be judged: NaN where it is unknown or stock ran out."""
        return np.where(self.censored, np.nan, self.demand)

    def _signals(self, views: Float, until: int, horizon: int) -> Signals:
        planned = np.zeros((len(self), until + horizon))
        told = self.live_minutes[:, : until + horizon]
        planned[:, : told.shape[1]] = told
        return Signals(views[:, :until], self.carts[:, :until], self.follows[:, :until], planned)
