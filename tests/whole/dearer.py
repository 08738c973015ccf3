"""A pricing policy for tests: everything at a multiple of its list price."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.schema.stocking import PricingView


@dataclass(frozen=True)
class Dearer:
    """Ask ``factor`` times the list price.

    Parameters
    ----------
    factor : float
    """

    factor: float = 1.0

    def price(self, view: PricingView) -> NDArray[np.int64]:
        """Return cents per offer."""
        return np.maximum(1, np.rint(view.list_price * self.factor)).astype(np.int64)
