"""Forecasts made again and again as time goes on, each judged by the days that followed: a rolling origin."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.metrics.forecast_errors import bias, mase, pinball, rmsse, scales
from sim.policy.contain_forecasts import ContainedForecaster
from sim.policy.faults import SeamFaults
from sim.schema.forecasting import Forecast
from sim.study.demand_panel import DemandPanel

Float = NDArray[np.float64]

MEASURES = ("mase", "rmsse", "pinball_50", "pinball_90", "bias")
LEVELS = (0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Plan:
    """When forecasts are made: after each of ``origins`` days, for ``horizon`` days; scales look ``season`` days back.

    Raises
    ------
    ScenarioError
        From `of`, where there are too few days.
    """

    origins: tuple[int, ...]
    horizon: int
    season: int

    @classmethod
    def of(cls, days: int, horizon: int, season: int, many: int) -> "Plan":
        """Place ``many`` origins, the last one a horizon before the end.

        They lie a horizon apart, so that no day is judged twice, or closer where the first one would otherwise know
        less than half of the days; it knows two seasons and a day at least.
        """
        least = 2 * season + 1
        if days < least + horizon + many - 1:
            need = f"{least} to begin with, {many - 1} more origins and a horizon of {horizon}"
            why = f"{days} days of demand are too short, needed {least + horizon + many - 1}: {need}"
            raise ScenarioError("--horizon", why, "Ask for a shorter horizon or season, or fewer origins.")
        last = days - horizon
        room = last - max(least, min(days // 2, last - (many - 1)))
        step = min(horizon, room // (many - 1)) if many > 1 else 1
        return cls(tuple(range(last - (many - 1) * step, last + 1, step)), horizon, season)


@dataclass(frozen=True, slots=True)
class Scores:
    """How one method did.

    Attributes
    ----------
    method : str
    measures : dict of str to float64[n]
        By the names of `MEASURES`, per item the mean over origins and days; NaN where the item has no scale.
    by_day : float64[n, horizon]
        MASE of each day ahead.
    faults : SeamFaults
        What was contained.
    simpler : int
        Forecasts of a series that a simpler method had to make, of ``asked`` in all.
    asked : int
    """

    method: str
    measures: dict[str, Float]
    by_day: Float
    faults: SeamFaults
    simpler: int
    asked: int


def backtest(
    panel: DemandPanel, method: str, forecaster: ContainedForecaster, plan: Plan, watch: Callable[[float], None]
) -> Scores:
    """Let a method forecast from each origin, and judge it; ``watch`` hears the share that is done."""
    found: dict[str, list[Float]] = {name: [] for name in (*MEASURES, "by_day")}
    actual, simpler = panel.known(), 0
    for number, until in enumerate(plan.origins, 1):
        forecast = forecaster.forecast(panel.view(until, plan.horizon, LEVELS))
        simpler += 0 if forecast.simpler is None else int(forecast.simpler.sum())
        judged = _judged(actual[:, until : until + plan.horizon], forecast, scales(actual[:, :until], plan.season))
        for name, values in judged.items():
            found[name].append(values)
        watch(number / len(plan.origins))
    measures = {name: _mean(found[name]) for name in MEASURES}
    asked = len(panel) * len(plan.origins)
    return Scores(method, measures, _mean(found["by_day"]), forecaster.counts, simpler, asked)


def _judged(actual: Float, forecast: Forecast, scale: tuple[Float, Float]) -> dict[str, Float]:
    absolute, squared = scale
    middle, high = forecast.quantiles[:, :, 0], forecast.quantiles[:, :, 1]
    return {
        "mase": mase(actual, forecast.mean, absolute),
        "rmsse": rmsse(actual, forecast.mean, squared),
        "pinball_50": pinball(actual, middle, LEVELS[0], absolute),
        "pinball_90": pinball(actual, high, LEVELS[1], absolute),
        "bias": bias(actual, forecast.mean, absolute),
        "by_day": np.abs(actual - forecast.mean) / absolute[:, None],
    }


def _mean(over_origins: Sequence[Float]) -> Float:
    """Return the mean over origins of what is known at them; NaN where nothing is."""
    stacked = np.array(over_origins)
    there = ~np.isnan(stacked)
    count = there.sum(axis=0)
    return np.where(count > 0, np.where(there, stacked, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)
