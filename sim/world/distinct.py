"""Draws without repeats within a row, for many rows at once."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Long = NDArray[np.int64]
ROUNDS = 30


def draw_distinct(counts: Long, n_choices: int, draw: Callable[[Long], Long]) -> tuple[Long, Long]:
    """Return (row, choice) pairs, ordered by row, about ``counts[row]`` of each row and none twice.

    Repeats are drawn again a bounded number of times: where a few choices have nearly all the weight a row may
    end with fewer; it has at least one where it should.

    Parameters
    ----------
    counts : int64[n]
        At most ``n_choices`` count.
    draw : callable
        ``draw(rows)`` returns one choice in 0..n_choices-1 per row.
    """
    wanted = np.minimum(counts, n_choices)
    pairs = np.zeros(0, np.int64)  # row * n_choices + choice, sorted
    missing = np.repeat(np.arange(len(counts)), wanted)
    for _ in range(ROUNDS):
        if not len(missing):
            break
        drawn = np.unique(missing * n_choices + draw(missing))
        place = np.searchsorted(pairs, drawn)
        known = place < len(pairs)
        known[known] = pairs[place[known]] == drawn[known]
        pairs = np.insert(pairs, place[~known], drawn[~known])
        wanted = wanted - np.bincount(drawn[~known] // n_choices, minlength=len(counts))
        missing = np.repeat(np.arange(len(counts)), wanted)
    return np.divmod(pairs, max(1, n_choices))


def zipf_weights(n: int, exponent: float) -> NDArray[np.float64]:
    """Return shares that fall with the rank as 1 / rank^exponent and sum to one."""
    weights = np.arange(1, n + 1, dtype=np.float64) ** -exponent
    return np.asarray(weights / weights.sum())


def pick(rng: np.random.Generator, weights: NDArray[np.float64], n: int) -> Long:
    """Return ``n`` independent draws of an index by weight."""
    cumulated = np.cumsum(weights)
    chosen = np.searchsorted(cumulated, rng.random(n) * cumulated[-1], side="right")
    return np.asarray(np.minimum(chosen, len(weights) - 1))


def deal(rng: np.random.Generator, shares: NDArray[np.float64], n: int) -> Long:
    """Return ``n`` indices in random order, each index as often as its share says (largest remainders)."""
    exact = n * shares / shares.sum()
    counts = np.floor(exact).astype(np.int64)
    counts[np.argsort(counts - exact, kind="stable")[: n - counts.sum()]] += 1
    dealt: Long = rng.permutation(np.repeat(np.arange(len(shares)), counts))
    return dealt
