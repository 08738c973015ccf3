"""Forecasters behind a guard: they are inside other policies, and what they get wrong is not their holder's fault."""

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.policy.faults import Faults
from sim.policy.guard import Guard, NonsenseError
from sim.policy.lookup import build
from sim.policy.nested import is_policy
from sim.policy.seams import SEAMS
from sim.schema.forecasting import Forecast, ForecastView

SEAM = "forecasting"
_SPREADS = ("sd", "total_sd")


@dataclass
class ContainedForecaster(Guard):
    """A forecaster behind a guard, itself a forecaster; series with nonsense are the fallback's."""

    @property
    def original(self) -> Any:
        """The forecaster itself: who it is in the manifest and the hash."""
        return self.policy

    def forecast(self, view: ForecastView) -> Forecast:
        """Return finite means and spreads, 0 or more, and quantiles in order."""
        self.counts.asked += len(view)
        try:
            answer: Forecast = self.policy.forecast(view)
        except Exception as error:  # whatever a plug-in raises is contained here
            self.counts.note(error)
            return self._from_fallback(view, len(view))
        try:
            bad = nonsense(answer, view)
        except NonsenseError as why:
            self.counts.nonsense(len(view), str(why))
            return self._from_fallback(view, len(view))
        if not bad.any():
            return answer
        self.counts.nonsense(int(bad.sum()), f"series {int(bad.argmax())} of the forecast")
        return answer.with_spare(self._from_fallback(view, int(bad.sum())), bad)

    def _from_fallback(self, view: ForecastView, n: int) -> Forecast:
        self.counts.served_by_fallback += n
        answer: Forecast = self.trusted("forecast", view)
        try:
            bad = nonsense(answer, view)
        except NonsenseError as why:
            raise self.hopeless(str(why)) from why
        if bad.any():
            raise self.hopeless(f"series {int(bad.argmax())} of the forecast is malformed")
        return answer


def contained(forecaster: Any, faults: Faults) -> ContainedForecaster:
    """Return a forecaster behind its guard; the seam's spare one serves where it fails."""
    return ContainedForecaster(SEAM, forecaster, build(SEAM, SEAMS[SEAM].spare), faults)


def with_contained(policy: Any, faults: Faults) -> Any:
    """Return a policy with each forecaster among its parameters, at any depth, behind a guard of its own."""
    if not is_dataclass(policy) or isinstance(policy, type):
        return policy
    new = {}
    for field in fields(policy):
        value = getattr(policy, field.name)
        if not field.init or not is_policy(value):
            continue
        inner = contained(value, faults) if hasattr(value, SEAMS[SEAM].method) else with_contained(value, faults)
        if inner is not value:
            new[field.name] = inner
    return replace(policy, **new) if new else policy


def nonsense(answer: Any, view: ForecastView) -> NDArray[np.bool_]:
    """Return the series whose numbers are not finite, below zero, or whose quantiles cross.

    Raises
    ------
    NonsenseError
        Where the answer as a whole is of no use: wrong type, shape or dtype.
    """
    if not isinstance(answer, Forecast):
        raise NonsenseError(f"{type(answer).__name__} instead of a Forecast")
    shape = (len(view), view.horizon)
    for name in ("mean", *_SPREADS):
        _numbers(name, getattr(answer, name), shape)
    _numbers("quantiles", answer.quantiles, (*shape, len(view.levels)))
    bad = np.zeros(len(view), np.bool_)
    for values in (answer.mean, answer.sd, answer.total_sd, answer.quantiles):
        wrong = ~(np.isfinite(values) & (values >= 0))
        bad |= wrong.any(axis=tuple(range(1, values.ndim)))
    bad |= (np.diff(answer.quantiles, axis=2) < 0).any(axis=(1, 2))
    return bad


def _numbers(name: str, values: Any, shape: tuple[int, ...]) -> None:
    if not isinstance(values, np.ndarray) or values.dtype.kind != "f":
        raise NonsenseError(f"{name} is no float array")
    if values.shape != shape:
        raise NonsenseError(f"{name} has shape {values.shape} instead of {shape}")
