"""KPIs of forecasts that were made and of the demand that came: by method, class of SKU, and horizon."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.metrics.forecast_errors import CLASSES, bias, mase, pinball, scales, sku_class

Float = NDArray[np.float64]

LEVEL = 0.9
NAMES = ("forecast_mase", "forecast_bias", "forecast_pinball_90")


def forecast_kpis(forecasts: pd.DataFrame, demand: pd.DataFrame, season: int) -> pd.DataFrame:
    """Return the KPIs of forecasts, means over series and over the times they were made.

    Parameters
    ----------
    forecasts : DataFrame
        A row per forecast of a day: ``method``, ``item`` (int, dense), ``made`` (how many days were known by then),
        ``day`` (int, ``made`` or later), ``mean``, ``q90`` (units).
    demand : DataFrame
        ``item``, ``day``, ``units``; days without a row are unknown.
    season : int, days
        Of the scale: see `sim.metrics.forecast_errors.scales`.

    Returns
    -------
    DataFrame
        name, dimension, key, value.  ``forecast_mase``, ``forecast_bias``, ``forecast_pinball_90`` over all
        (dimension empty), by ``method``, ``method_class`` (``croston/lumpy``) and ``method_horizon`` (``croston/3``,
        from 1).  NaN where no series has a scale.
    """
    if forecasts.empty:
        return _overall(pd.DataFrame(columns=list(NAMES), dtype=np.float64))
    history = _table(demand, forecasts)
    parts = [_measured(rows, history, season) for _, rows in forecasts.groupby(["method", "made"], sort=True)]
    found = pd.concat(parts, ignore_index=True)
    for dimension, part in (("method_class", "class"), ("method_horizon", "horizon")):
        found[dimension] = found["method"] + "/" + found[part].astype(str)
    return pd.concat([_overall(found), *_by_key(found)], ignore_index=True)


def _table(demand: pd.DataFrame, forecasts: pd.DataFrame) -> Float:
    """Return units per item and day, NaN = unknown."""
    both = [demand, forecasts]
    shape = tuple(max((int(one[name].max()) + 1 for one in both if len(one)), default=0) for name in ("item", "day"))
    table = np.full(shape, np.nan)
    table[demand["item"], demand["day"]] = demand["units"]
    return table


def _measured(rows: pd.DataFrame, history: Float, season: int) -> pd.DataFrame:
    """Return the scaled errors, day by day, of what one method forecast at one time."""
    made = int(rows["made"].iloc[0])
    item, day = rows["item"].to_numpy(), rows["day"].to_numpy()
    past = history[:, :made]
    absolute = scales(past, season)[0][item]
    actual = history[item, day][:, None]
    mean, quantile = (rows[name].to_numpy(np.float64)[:, None] for name in ("mean", "q90"))
    return pd.DataFrame(
        {
            "method": rows["method"].to_numpy(object),
            "item": item,
            "made": made,
            "horizon": day - made + 1,
            "class": np.array(CLASSES, object)[sku_class(past)[item]],
            "forecast_mase": mase(actual, mean, absolute),
            "forecast_bias": bias(actual, mean, absolute),
            "forecast_pinball_90": pinball(actual, quantile, LEVEL, absolute),
        }
    )


def _overall(found: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"name": NAMES, "dimension": "", "key": "", "value": [found[name].mean() for name in NAMES]})


def _by_key(found: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for dimension in ("method", "method_class", "method_horizon"):
        for name in NAMES:
            by_key = found.groupby(dimension, sort=True)[name].mean()
            yield pd.DataFrame({"name": name, "dimension": dimension, "key": by_key.index, "value": by_key.to_numpy()})
