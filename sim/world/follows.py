"""Whom consumers follow at the start: the famous, and those who show what they like."""

import numpy as np
from numpy.typing import NDArray

from sim.world.distinct import draw_distinct, pick
from sim.world.state import FOLLOW_PLACES, Rows

Float = NDArray[np.float64]
Single = NDArray[np.float32]
Long = NDArray[np.int64]

PROPOSALS = 4
"""A follow is the best match of so many creators met by reach."""
CHUNK = 1 << 17


def follow(consumers: Rows, mean: float, reach: Float, topic: Single, rng: np.random.Generator) -> None:
    """Fill ``follows``: Poisson(mean) distinct creators, at most as many as there are places.

    Each is drawn by reach times about exp(match of the consumer's taste with the creator's topic).

    Parameters
    ----------
    reach : float64[n_creators]
    topic : float32[n_creators, d]
    """
    if not len(reach) or not len(consumers):
        return
    counts = np.minimum(rng.poisson(min(mean, 1e6), len(consumers)), FOLLOW_PLACES)

    def draw(rows: Long) -> Long:
        parts = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]  # in pieces: memory
        return np.concatenate([_best_of_proposals(consumers["taste"][part], reach, topic, rng) for part in parts])

    row, creator = draw_distinct(counts, len(reach), draw)
    place = np.arange(len(row)) - np.searchsorted(row, row)
    consumers["follows"][row, place] = creator


def _best_of_proposals(taste: Single, reach: Float, topic: Single, rng: np.random.Generator) -> Long:
    met = pick(rng, reach, len(taste) * PROPOSALS).reshape(len(taste), PROPOSALS)
    liking = np.einsum("nd,npd->np", taste, topic[met])
    best = np.argmax(liking + rng.gumbel(size=met.shape), axis=1)
    chosen: Long = met[np.arange(len(met)), best]
    return chosen
