"""How much can really be ordered: whole packs, and no less than the supplier's minimum."""

import numpy as np
from numpy.typing import NDArray

from sim.schema.stocking import InventoryView


def in_packs(units: NDArray[np.int64], view: InventoryView) -> NDArray[np.int64]:
    """Raise each order above zero to the minimum order and to whole packs; below one nothing is ordered."""
    wanted = np.maximum(units, view.minimum_order)
    pack = np.maximum(view.pack_size, 1)
    return np.where(units > 0, -(-wanted // pack) * pack, 0).astype(np.int64)


def days_of_demand(days: float, view: InventoryView) -> NDArray[np.int64]:
    """Return ``days`` times mean daily demand so far, rounded up; at least one unit, so all can sell."""
    history = view.demand
    mean = history.mean(axis=1) if history.shape[1] else np.zeros(len(view))
    return np.maximum(np.ceil(days * mean), 1).astype(np.int64)
