"""The best of many scored contents, one after the other until the page is full: a tournament.  Compiled.

Keys stand in blocks, each block's best is known; to take the best of all is to look at the blocks' best and to play
one block again.  Such loops go through all of a block without a branch, where a heap guesses wrong at every level.
"""

import numpy as np

from policies.recommenders._best import content_of, key_of
from policies.recommenders._shelves import FEED, fits, showable
from sim.schema.compiled import inner

BLOCK = 16
"""Keys in a block: about the root of how many contents a page has to choose from."""


@inner
def lay_out(touched, score, keys, surface, query, category):  # type: ignore[no-untyped-def]  # numba compiles it
    """Write the keys of the contents touched that fit the surface; clear their scores; return how many keys.

    ``keys`` has room for all of them and a block more.
    """
    n = 0
    for c in touched:
        keys[n] = key_of(c, score[c])
        score[c] = 0.0
        n += surface == FEED or fits(c, surface, query, category)
    return n


@inner
def take_best(  # type: ignore[no-untyped-def]  # as above
    keys, n, winner, ranked, minute, recent, listed, first_room, room_offer
):
    """Fill ``ranked`` with the contents of the n keys that may be shown now, best first; return how many there are."""
    n_blocks = (n + BLOCK - 1) // BLOCK
    keys[n : n_blocks * BLOCK] = 0  # no content has this key
    for b in range(n_blocks):
        winner[b] = _best(keys[b * BLOCK : (b + 1) * BLOCK])
    kept = 0
    while kept < len(ranked):
        best = _best(winner[:n_blocks])
        if best == 0:
            break
        b = 0
        while winner[b] != best:
            b += 1
        winner[b] = _best_without(keys[b * BLOCK : (b + 1) * BLOCK], best)
        c = content_of(best)
        if showable(c, minute, listed, first_room, room_offer) and not among(c, recent):
            ranked[kept] = c
            kept += 1
    return kept


@inner
def among(c, some):  # type: ignore[no-untyped-def]  # as above
    """Whether a content is one of some."""
    for other in some:  # noqa: SIM110  # numba compiles loops, not generator expressions
        if other == c:
            return True
    return False


@inner
def _best(keys):  # type: ignore[no-untyped-def]  # as above
    best = np.int64(0)
    for key in keys:
        best = max(best, key)
    return best


@inner
def _best_without(block, taken):  # type: ignore[no-untyped-def]  # as above
    """Take a key out of a block; return the best of the others."""
    best = np.int64(0)
    for j in range(BLOCK):
        key = block[j] if block[j] != taken else np.int64(0)
        block[j] = key
        best = max(best, key)
    return best
