"""Exponential smoothing whose form is chosen by a criterion, and whose weights are fitted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.forecasting._one_by_one import Fitted, expected_warnings, one_by_one
from sim.schema.forecasting import Forecast, ForecastView

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Ets:
    """Forecast each series by the exponential smoothing, of six, that fits it best.

    Candidates have added errors: level; level and trend; level and damped trend; each without and, from two seasons
    and five days on, with added seasons.  Weights and starting values maximise the likelihood, the corrected Akaike
    criterion chooses.  The ``most_series`` series with most demand are modelled; ``exponential_smoothing`` forecasts
    the rest, series under 12 days, and what nothing fits.

    Parameters
    ----------
    season : int, days
        1 = there is none.
    most_series : int
        A year of days takes about half a second a series.

    References
    ----------
    Hyndman, Koehler, Ord & Snyder, Forecasting with exponential smoothing (2008), chapter 7; fitted by statsmodels.
    """

    season: Annotated[int, Field(ge=1, le=366)] = 7
    most_series: Annotated[int, Field(ge=0, le=100_000)] = 500

    def forecast(self, view: ForecastView) -> Forecast:
        """Return each series' own model's forecast."""
        return one_by_one(view, self._fit, self.most_series)

    def _fit(self, series: Float, horizon: int) -> Fitted | None:
        best, least = None, np.inf
        for form in self._forms(len(series)):
            found = _fitted(series, form)
            if found is not None and found.aicc < least:
                best, least = (form, found), found.aicc
        return None if best is None else self._answer(*best, horizon)

    def _forms(self, days: int) -> Iterator[dict[str, Any]]:
        seasonal = self.season > 1 and days >= 2 * self.season + 5
        for season in ("add",) * seasonal + (None,):
            for trend, damped in ((None, False), ("add", False), ("add", True)):
                yield {
                    "trend": trend, "damped_trend": damped, "seasonal": season,
                    "seasonal_periods": self.season if season else None,
                }  # fmt: skip

    def _answer(self, form: dict[str, Any], found: Any, horizon: int) -> Fitted:
        weights = dict(zip(found.model.param_names, found.params, strict=True))
        kept = np.cumsum(weights.get("damping_trend", 1.0) ** np.arange(1, horizon))
        carried = weights["smoothing_level"] + weights.get("smoothing_trend", 0.0) * kept
        if form["seasonal"]:
            carried = carried + weights["smoothing_seasonal"] * (np.arange(1, horizon) % self.season == 0)
        mean = np.asarray(found.forecast(horizon), np.float64)
        return Fitted(mean, float(np.sqrt(found.sse / max(len(found.resid) - len(weights), 1))), carried)


def _fitted(series: Float, form: dict[str, Any]) -> Any:
    """Return the fitted model; None where it cannot be fitted, or its criterion is no number."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    with expected_warnings():
        try:
            found = ETSModel(series, error="add", **form).fit(disp=False)
        except (ValueError, np.linalg.LinAlgError):  # too short for its starting values
            return None
    return found if np.isfinite(found.aicc) else None
