"""A fact that is taken of real and of simulated orders alike."""

from dataclasses import dataclass
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of both, and how far they are apart.

    Attributes
    ----------
    fact, key : str
        What it is; of which band, "" = of all.
    unit : str
    real, simulated : float
        NaN where it is a profile and no number.
    measure : str
        What ``distance`` is: relative, difference, KS, W/IQR (Wasserstein over the interquartile range) or TV.
    tolerance : float
        Largest distance that is well; NaN = none is set, the fact is only told.
    """

    fact: str
    key: str
    unit: str
    real: float
    simulated: float
    measure: str
    distance: float
    tolerance: float = nan

    @property
    def within(self) -> bool | None:
        """Whether the distance is well; None where no tolerance is set, or there is too little to tell."""
        return None if isnan(self.tolerance) or isnan(self.distance) else self.distance <= self.tolerance


def quantile(values: Float, share: float) -> float:
    """Return a quantile; NaN of nothing."""
    return float(np.quantile(values, share)) if len(values) else nan


def mean(values: Float) -> float:
    """Return the mean; NaN of nothing."""
    return float(values.mean()) if len(values) else nan
