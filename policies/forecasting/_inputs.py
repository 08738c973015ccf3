"""What a series' demand is explained by, as known before a day."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policies.forecasting._history import known
from policies.forecasting._recent import LEVEL_DAYS, WEEK, Running, of_its_season, over
from sim.schema.forecasting import ForecastView

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What features are made from; ``signals``: running sums of views, carts and follows, as there are any."""

    horizon: int
    season: int
    history: Float
    demand: Running
    signals: tuple[Running, ...]
    live: Float | None

    @classmethod
    def of(cls, view: ForecastView, season: int) -> "Inputs":
        """Prepare a view."""
        history, told = known(view), view.signals
        if told is None:
            return cls(view.horizon, season, history, Running.of(history), (), None)
        running = tuple(Running.of(values) for values in (told.views, told.carts, told.follows))
        return cls(view.horizon, season, history, Running.of(history), running, told.live_minutes)

    def features(self, until: int, level: Float) -> Float:
        """Return x of each of the days from ``until`` on, as known before it: float64[n, horizon, features]."""
        n, wide = len(self.history), (len(self.history), self.horizon)
        week = [over(self.demand.mean(until, WEEK), level)]
        week += [over(one.mean(until, WEEK), one.mean(until, LEVEL_DAYS)) for one in self.signals]
        season = over(of_its_season(self.history, until, self.horizon, self.season), level[:, None])
        columns = [season, *(np.broadcast_to(one[:, None], wide) for one in week)]
        if self.live is not None:
            before = self.live[:, max(until - LEVEL_DAYS, 0) : until]
            usual = before.mean(axis=1) if before.shape[1] else np.zeros(n)
            columns += [
                np.log1p(self.live[:, until : until + self.horizon]),
                np.broadcast_to(np.log1p(usual)[:, None], wide),
            ]
        return np.stack(columns, axis=2)
