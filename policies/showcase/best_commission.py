"""Show what pays the creator."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policies.showcase._top import top_offers
from sim.schema.stocking import ShowcaseView


@dataclass(frozen=True)
class BestCommission:
    """Show what earns the creator most per unit among what fits.

    ``score = price * commission * max(affinity, 0)``.
    """

    def choose(self, view: ShowcaseView) -> NDArray[np.int32]:
        """Return the offers of each run of show, best first."""
        return top_offers(view.price * view.commission * np.maximum(view.affinity, 0.0), view)
