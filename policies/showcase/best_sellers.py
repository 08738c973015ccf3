"""Show what sells."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policies.showcase._top import top_offers
from sim.schema.stocking import ShowcaseView


@dataclass(frozen=True)
class BestSellers:
    """Show last week's best sellers among what fits the creator.

    ``score = (1 + units sold last week) * max(affinity, 0)``: before anything has sold, what fits best.
    """

    def choose(self, view: ShowcaseView) -> NDArray[np.int32]:
        """Return the offers of each run of show, best first."""
        return top_offers((1.0 + view.sold_week) * np.maximum(view.affinity, 0.0), view)
