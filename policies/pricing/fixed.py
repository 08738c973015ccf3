"""Leave prices alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.schema.stocking import PricingView


@dataclass(frozen=True)
class Fixed:
    """Keep the price in force."""

    def price(self, view: PricingView) -> NDArray[np.int64]:
        """Return the prices as they are."""
        return view.price.astype(np.int64)
