"""What a forecaster sees and answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

USUAL_LEVELS = (0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Signals:
    """What consumers did about each series on each day, and what is planned.  Zero where there was nothing.

    Attributes
    ----------
    views, carts, follows : float64[n, days]
        Sessions in which it was looked at; times it was put in a cart; follows of a creator that it led to.
    live_minutes : float64[n, days + horizon]
        Minutes on show in livestreams; from column ``days`` on as they are planned.
    """

    views: Float
    carts: Float
    follows: Float
    live_minutes: Float


@dataclass(frozen=True, slots=True)
class ForecastView:
    """Past demand of n series and what is asked about the days that follow.  Units a day.

    Attributes
    ----------
    demand : float64[n, days]
        Oldest day first; NaN = unknown: the series was not on sale.
    censored : bool[n, days]
        Stock ran out on that day: demand was at least this.
    horizon : int, days
    levels : tuple of float
        Quantiles to tell, ascending, between 0 and 1.
    signals : Signals or None
        None where nobody looks at what consumers do.
    """

    demand: Float
    censored: Bool
    horizon: int
    levels: tuple[float, ...] = USUAL_LEVELS
    signals: Signals | None = None

    @classmethod
    def of(cls, demand: Float, horizon: int, levels: tuple[float, ...] = USUAL_LEVELS) -> "ForecastView":
        """Return the view of a history without stockouts and signals, such as `InventoryView.demand`."""
        return cls(demand, np.zeros(demand.shape, np.bool_), horizon, levels)

    def __len__(self) -> int:
        return len(self.demand)

    @property
    def days(self) -> int:
        """How many past days are known."""
        return int(self.demand.shape[1])


@dataclass(frozen=True, slots=True)
class Forecast:
    """Demand of the next ``horizon`` days, per series.

    Attributes
    ----------
    mean : float64[n, horizon]
        Expected units of each day, 0 or more.
    sd : float64[n, horizon]
        Standard deviation of what each day's demand may differ by.
    total_sd : float64[n, horizon]
        Column h: of the sum of the days up to and with h.  A level that is wrong is wrong on all days, so this is
        mostly more than the root of summed squares; a safety stock over h + 1 days takes this one.
    quantiles : float64[n, horizon, len(levels)]
        Of each day, in the order of the levels.
    simpler : bool[n] or None
        Series that a simpler method answered: too short, too many, or no model could be fitted.  None: no series.
    """

    mean: Float
    sd: Float
    total_sd: Float
    quantiles: Float
    simpler: Bool | None = None

    def with_spare(self, spare: "Forecast", rows: Bool) -> "Forecast":
        """Return the forecast with the ``spare`` one's series where ``rows`` says so; they are told as simpler."""
        three, two = rows[:, None, None], rows[:, None]
        return Forecast(
            np.where(two, spare.mean, self.mean),
            np.where(two, spare.sd, self.sd),
            np.where(two, spare.total_sd, self.total_sd),
            np.where(three, spare.quantiles, self.quantiles),
            rows if self.simpler is None else self.simpler | rows,
        )
