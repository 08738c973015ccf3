"""How far demand may lie from its forecast: from one-day errors to later days, to sums of days, to quantiles."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri

from sim.schema.forecasting import Forecast, ForecastView

Float = NDArray[np.float64]


def additive(view: ForecastView, mean: Float, sigma: Float, carried: Float) -> Forecast:
    """Return a forecast whose errors add up: normal, cut at zero.

    With e_t the one-day error, demand h days ahead differs from its forecast by
    ``e_{t+h} + c_1 e_{t+h-1} + ... + c_{h-1} e_{t+1}``, so that

    ``sd_h^2 = sigma^2 (1 + c_1^2 + ... + c_{h-1}^2)`` and, with ``C_i = 1 + c_1 + ... + c_i``,
    ``total_sd_h^2 = sigma^2 (C_0^2 + ... + C_{h-1}^2)``.

    Parameters
    ----------
    mean : float64[n, horizon]
    sigma : float64[n], units
        Standard deviation of one-day errors.
    carried : float64[n, horizon - 1] or float64[horizon - 1]
        c_1, c_2, ...: how much of an error is carried on to the days after.

    References
    ----------
    Hyndman, Koehler, Ord & Snyder, Forecasting with exponential smoothing (2008), sections 6.1 and 6.4.
    """
    weights = np.ones((len(view), view.horizon))
    weights[:, 1:] = carried
    sd = sigma[:, None] * np.sqrt(np.cumsum(weights**2, axis=1))
    total = sigma[:, None] * np.sqrt(np.cumsum(np.cumsum(weights, axis=1) ** 2, axis=1))
    return normal(view, mean, sd, total)


def normal(view: ForecastView, mean: Float, sd: Float, total_sd: Float) -> Forecast:
    """Return a forecast with normal errors; neither mean nor quantiles are below zero."""
    quantiles = mean[:, :, None] + sd[:, :, None] * ndtri(np.array(view.levels))
    return Forecast(np.maximum(mean, 0.0), sd, total_sd, np.maximum(quantiles, 0.0))


def now_and_then(view: ForecastView, chance: Float, size: Float, size_sd: Float) -> Forecast:
    """Return a flat forecast of demand that comes on a share of days: nothing, or a gamma-distributed size.

    ``mean = p z``, ``sd^2 = p (z^2 + s^2) - (p z)^2``, days independent.  The size keeps its law under a change of
    units, which a count's law would not.

    Parameters
    ----------
    chance : float64[n]
        p, of any demand on a day.
    size, size_sd : float64[n], units
        z and s, of a day with demand.
    """
    mean = chance * size
    sd = np.sqrt(np.maximum(chance * (size**2 + size_sd**2) - mean**2, 0.0))
    days = np.arange(1, view.horizon + 1)
    flat = np.ones(view.horizon)
    quantiles = np.stack([_quantile(level, chance, size, size_sd) for level in view.levels], axis=1)
    return Forecast(
        mean[:, None] * flat,
        sd[:, None] * flat,
        sd[:, None] * np.sqrt(days),
        np.repeat(quantiles[:, None, :], view.horizon, axis=1),
    )


def _quantile(level: float, chance: Float, size: Float, size_sd: Float) -> Float:
    """Return a quantile of the mixture of zero and a gamma law with mean ``size``."""
    some = chance > 1 - level
    within = np.where(some, (level - (1 - chance)) / np.where(some, chance, 1.0), 0.5)
    varies = size_sd > 1e-6 * size
    shape = np.where(varies, size / np.where(varies, size_sd, 1.0), 1.0) ** 2
    spread = np.where(varies, size * gammaincinv(shape, np.clip(within, 0.0, 1 - 1e-12)) / shape, size)
    return np.where(some, spread, 0.0)
