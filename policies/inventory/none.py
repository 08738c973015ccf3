"""The reference at the foot of the table: nobody orders anything."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.schema.stocking import InventoryView


@dataclass(frozen=True)
class NonePolicy:
    """Order nothing: what is there sells out."""

    def review(self, view: InventoryView) -> NDArray[np.int64]:
        """Return no units for every row."""
        return np.zeros(len(view), np.int64)
