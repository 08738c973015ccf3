"""Demand from what consumers do and from what is planned: one linear model for all series."""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.forecasting._inputs import Inputs
from policies.forecasting._recent import level_at, origins_to_learn_from
from policies.forecasting._spread import normal
from policies.forecasting.moving_average import MovingAverage
from policies.recommenders._one_thread import one_thread
from sim.schema.forecasting import Forecast, ForecastView

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Regression:
    """Forecast demand, relative to each series' level, by a ridge regression that all series share.

    ``mean_h = level (a + w . x_h)``; the level is the mean of the last 28 days.  x: the last week over the level; the
    mean of the four last days of the same place in the season over it; the last week's views, carts and follows, each
    over its mean of 28 days; and the logarithm of 1 + minutes planned in livestreams on that day, and of 1 + their
    mean over the last 28 days.  Without signals the first two remain.  Rows weigh as much as their level: then units,
    not ratios, are right on average.  Learned from forecasts that could have been
    made before, all horizons together.  Sums of days have the spread that sums had there.  Where there are too few
    days to learn from, ``moving_average`` forecasts.

    Parameters
    ----------
    season : int, days
        1 = there is none.
    regularisation : float
        Of standardised x: the larger, the nearer weights stay to zero.
    most_rows : int
        Days learned from at most, of all series together.
    """

    season: Annotated[int, Field(ge=1, le=366)] = 7
    regularisation: Annotated[float, Field(ge=0)] = 1.0
    most_rows: Annotated[int, Field(ge=100, le=10_000_000)] = 300_000

    def forecast(self, view: ForecastView) -> Forecast:
        """Return level times what the model says of it."""
        inputs = Inputs.of(view, self.season)
        origins = origins_to_learn_from(view.days, view.horizon, len(view), self.most_rows)
        spare = MovingAverage().forecast(view)
        with one_thread():
            learned = _learned(inputs, origins, self.regularisation)
            if learned is None:
                return Forecast(spare.mean, spare.sd, spare.total_sd, spare.quantiles, np.ones(len(view), np.bool_))
            return _spread(view, inputs, origins, _predicted(inputs, view.days, learned), learned)


def _learned(inputs: Inputs, origins: list[int], regularisation: float) -> Any:
    """Return the fitted model; None without anything to learn from."""
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows, targets, weights = [], [], []
    for until in origins:
        level = level_at(inputs.demand, until)
        target = inputs.history[:, until : until + inputs.horizon] / np.where(level > 0, level, np.nan)[:, None]
        there = ~np.isnan(target)
        rows.append(inputs.features(until, level)[there])
        targets.append(target[there])
        weights.append(np.broadcast_to(level[:, None], target.shape)[there])
    if not origins or not sum(map(len, targets)):
        return None
    weight = np.concatenate(weights)
    model = make_pipeline(StandardScaler(), Ridge(regularisation, solver="cholesky"))
    return model.fit(np.concatenate(rows), np.concatenate(targets), ridge__sample_weight=weight / weight.mean())


def _predicted(inputs: Inputs, until: int, learned: Any) -> Float:
    level = level_at(inputs.demand, until)
    features = inputs.features(until, level)
    ratio = learned.predict(features.reshape(-1, features.shape[2])).reshape(features.shape[:2])
    return np.asarray(level[:, None] * ratio)


def _spread(view: ForecastView, inputs: Inputs, origins: list[int], mean: Float, learned: Any) -> Forecast:
    """Put around the mean what forecasts of the past differed by: each day's by series, sums' by their length."""
    errors = np.array(
        [
            inputs.history[:, until : until + inputs.horizon] - np.maximum(_predicted(inputs, until, learned), 0.0)
            for until in origins
        ]
    )
    there = ~np.isnan(errors)
    filled = np.where(there, errors, 0.0)
    own = np.sqrt((filled**2).sum(axis=(0, 2)) / np.maximum(there.sum(axis=(0, 2)), 1))
    relative = filled / np.where(own > 0, own, 1.0)[:, None]
    sums = np.sqrt((np.cumsum(relative, axis=2) ** 2).mean(axis=(0, 1)))
    total = own[:, None] * np.maximum(sums, np.sqrt(np.arange(1, view.horizon + 1)))
    return normal(view, mean, np.repeat(own[:, None], view.horizon, axis=1), total)
