"""Demand as visits to come, each with its chance to buy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.forecasting._history import deviations
from policies.forecasting._recent import LEVEL_DAYS
from policies.forecasting._spread import normal
from policies.forecasting._trials import Trials
from policies.forecasting._visits import expected_visits
from policies.recommenders._one_thread import one_thread
from sim.schema.forecasting import Forecast, ForecastView

Float = NDArray[np.float64]


@dataclass(frozen=True)
class PurchaseIntent:
    """Forecast the sessions that will look at each series, times the chance that one buys, times units a purchase.

    ``mean_h = V_h P_h u``.  P is a logistic regression, all sessions of the last ``days_learned`` days together, on
    what is known of them the evening before: how many of the series' views of 28 days led to a purchase, and of the
    last week to a cart and to a follow, and the logarithm of 1 + minutes in livestreams on the day.  Sessions of one
    series and day have the same chance, so each day is as many trials as it had views.  V is the mean of 28 days'
    views times a share that a regression sees in the season and in planned livestreams.

    Parameters
    ----------
    season : int, days
        Of visits.
    days_learned : int, days
        How far back sessions are learned from.
    regularisation : float
        C of the logistic regression: the smaller, the nearer weights stay to zero.

    References
    ----------
    Requena et al., Shopper intent prediction from clickstream e-commerce data, Scientific Reports 10 (2020), for
    purchase probabilities from what a session did; the sum over sessions is the expected number of purchases.
    """

    needs: ClassVar[tuple[str, ...]] = ("views",)

    season: Annotated[int, Field(ge=1, le=366)] = 7
    days_learned: Annotated[int, Field(ge=7, le=3660)] = 90
    regularisation: Annotated[float, Field(gt=0)] = 1.0

    def forecast(self, view: ForecastView) -> Forecast:
        """Return expected visits times chance times units.

        Raises
        ------
        ValueError
            Where the view has no signals.
        """
        if view.signals is None:
            raise ValueError("purchase_intent needs views, and the view has no signals")
        with one_thread():
            return self._forecast(view, Trials.of(view, view.signals))

    def _forecast(self, view: ForecastView, trials: Trials) -> Forecast:
        first = max(view.days - self.days_learned, min(LEVEL_DAYS, view.days // 2))
        days = range(max(first, 1), view.days)
        chance = _chance(trials, days, self.regularisation)
        visits = expected_visits(trials, days, self.season)
        mean = visits(view.days, view.horizon) * chance(view.days, view.horizon) * trials.units[:, None]
        past = np.stack([visits(day, 1)[:, 0] * chance(day, 1)[:, 0] for day in days], axis=1) if days else None
        errors = trials.history[:, days] - past * trials.units[:, None] if past is not None else trials.history
        sd = np.repeat(deviations(errors)[:, None], view.horizon, axis=1)
        return normal(view, mean, sd, sd * np.sqrt(np.arange(1, view.horizon + 1)))


def _chance(trials: Trials, days: range, regularisation: float) -> Callable[[int, int], Float]:
    """Return ``chance(until, horizon)``: of a purchase per view, float64[n, horizon]."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    features = [trials.features(day, 1)[:, 0] for day in days]
    bought = [trials.bought[:, day] for day in days]
    left = [trials.views[:, day] - trials.bought[:, day] for day in days]
    x = np.concatenate(features) if features else np.zeros((0, 4))
    yes, no = np.concatenate(bought or [np.zeros(0)]), np.concatenate(left or [np.zeros(0)])
    there = ~np.isnan(yes) & ~np.isnan(no)
    x, yes, no = x[there], yes[there], no[there]
    if yes.sum() == 0 or no.sum() == 0:  # all alike: nothing to tell apart
        always = float(yes.sum() > 0)
        return lambda until, horizon: np.full((len(trials.history), horizon), always)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=regularisation, tol=1e-8, max_iter=1000))
    outcome = np.repeat([1, 0], len(x))
    model.fit(np.tile(x, (2, 1)), outcome, logisticregression__sample_weight=np.concatenate((yes, no)))

    def chance(until: int, horizon: int) -> Float:
        asked = trials.features(until, horizon)
        return np.asarray(model.predict_proba(asked.reshape(-1, 4))[:, 1].reshape(asked.shape[:2]))

    return chance
