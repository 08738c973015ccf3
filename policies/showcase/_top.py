"""The best offers per livestream."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.schema.stocking import ShowcaseView


def top_offers(score: NDArray[np.floating[Any]], view: ShowcaseView) -> NDArray[np.int32]:
    """Return the offers of highest score per row, shape (livestreams, most slots), -1 where none is left.

    Only offers in stock with a score above zero; scores are compared as float32, ties go to the smaller id.
    """
    most = int(view.slots.max(initial=0))
    rank = np.where(view.available > 0, score, 0.0).astype(np.float32)
    chosen = np.full((len(view.creator), most), -1, np.int32)
    for row, slots in enumerate(view.slots):
        best = np.argsort(-rank[row], kind="stable")[:slots]
        best = best[rank[row, best] > 0]
        chosen[row, : len(best)] = best
    return chosen
