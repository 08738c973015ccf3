"""Serve from close by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.schema.stocking import AllocationView


@dataclass(frozen=True)
class Nearest:
    """Bind each order line to the nearest node that has enough units, else to the node with most.

    Ties go to the smaller node id.
    """

    def allocate(self, view: AllocationView) -> NDArray[np.int32]:
        """Return the chosen candidate row per line; -1 where a line has no candidate."""
        enough = view.available >= view.units[view.line]
        lacking = np.where(enough, 0, -view.available)
        order = np.lexsort((view.node, view.distance, lacking, ~enough, view.line))
        chosen = np.full(len(view.units), -1, np.int32)
        back = order[::-1]  # of several candidates of a line the first is written last
        chosen[view.line[back]] = back
        return chosen
