"""How many sessions will look at each series."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from policies.forecasting._recent import LEVEL_DAYS, level_at, of_its_season, over
from policies.forecasting._trials import Trials

Float = NDArray[np.float64]


def expected_visits(trials: Trials, days: range, season: int) -> Callable[[int, int], Float]:
    """Return ``visits(until, horizon)``: views expected, float64[n, horizon]."""
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    def features(until: int, horizon: int, level: Float) -> Float:
        like = over(of_its_season(trials.views, until, horizon, season), level[:, None])
        before = trials.live[:, max(until - LEVEL_DAYS, 0) : until].mean(axis=1)
        usual = np.repeat(np.log1p(before)[:, None], horizon, axis=1)
        return np.stack((like, np.log1p(trials.live[:, until : until + horizon]), usual), axis=2)

    rows, targets, weights = [np.zeros((0, 3))], [np.zeros(0)], [np.zeros(0)]
    for day in days:
        level = level_at(trials.running["views"], day)
        target = trials.views[:, day] / np.where(level > 0, level, np.nan)
        there = ~np.isnan(target)
        rows.append(features(day, 1, level)[there, 0])
        targets.append(target[there])
        weights.append(level[there])
    x, y, weight = (np.concatenate(parts) for parts in (rows, targets, weights))
    model = (
        make_pipeline(StandardScaler(), Ridge(1.0, solver="cholesky")).fit(
            x, y, ridge__sample_weight=weight / weight.mean()
        )
        if len(y)
        else None
    )

    def visits(until: int, horizon: int) -> Float:
        level = level_at(trials.running["views"], until)
        if model is None:
            return np.repeat(level[:, None], horizon, axis=1)
        ratio = model.predict(features(until, horizon, level).reshape(-1, 3)).reshape(-1, horizon)
        return np.asarray(np.maximum(level[:, None] * ratio, 0.0))

    return visits
