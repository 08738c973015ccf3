"""Several rankings made one, compiled."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._best import content_of, drop, keep, key_of
from sim.schema.compiled import allocating
from sim.schema.recommending import Int

FUSION = 60.0
"""Damps the lead of the first places in reciprocal rank fusion."""


def fused(
    lists: Sequence[Int], weights: NDArray[np.float64], candidates: int, page: Int, k: int, n_contents: int
) -> Int:
    """Return pages of the ranking by ``sum of weight / (60 + rank)``; ties go to the smaller id.

    Parameters
    ----------
    lists : sequence of int32[n, depth]
        One ranking per member, -1 padded; behind the fused head follows the first, from ``candidates`` on.
    """
    pages: Int = _fused(np.stack(lists), weights, candidates, page, k, np.zeros(n_contents))
    return pages


def refined(lists: Sequence[Int], candidates: int, page: Int, k: int, n_contents: int) -> Int:
    """Return pages of the first ranking, its first ``candidates`` put in order by each later one in turn."""
    stacked = np.stack(lists)
    for later in range(1, len(stacked)):
        _refine(stacked[0], stacked[later], candidates, np.full(n_contents, candidates, np.int64))
    wide = np.full((len(page), stacked.shape[2] + k), -1, np.int32)
    wide[:, : stacked.shape[2]] = stacked[0]
    first = np.minimum(page.astype(np.int64) * k, stacked.shape[2])
    pages: Int = np.take_along_axis(wide, first[:, None] + np.arange(k), axis=1)
    return pages


@allocating
def _fused(lists, weights, candidates, page, k, score):  # type: ignore[no-untyped-def]  # numba compiles it
    members, n, depth = lists.shape
    head = min(candidates, depth)
    out = np.full((n, k), -1, np.int32)
    seen = np.empty(members * head, np.int32)
    best = np.empty(members * head, np.int64)
    for i in range(n):
        found = 0
        for m in range(members):
            for rank in range(head):
                c = lists[m, i, rank]
                if c >= 0:
                    if score[c] == 0.0:
                        seen[found] = c
                        found += 1
                    # a trace of worth, so that a member of weight 0 still counts a content once
                    score[c] += weights[m] / (FUSION + 1.0 + rank) + 1e-12
        begin = page[i] * k
        need = min(begin + k, found)
        kept = 0
        for c in seen[:found]:
            key = key_of(c, score[c])
            if kept < need or (need > 0 and key > best[0]):
                kept = keep(best[:need], kept, key)
        for rank in range(kept - 1, begin - 1, -1):
            out[i, rank - begin] = content_of(best[0])
            drop(best[: rank + 1])
        place = max(found, head) - begin
        for rank in range(head, depth):
            c = lists[0, i, rank]
            if place < k and c >= 0 and score[c] == 0.0:
                if place >= 0:
                    out[i, place] = c
                place += 1
        for c in seen[:found]:
            score[c] = 0.0
    return out


@allocating
def _refine(first, later, candidates, rank_of):  # type: ignore[no-untyped-def]  # as above
    """Sort the head of each row of ``first`` by rank in ``later``, in place, the unnamed behind as they were."""
    n, depth = first.shape
    head = min(candidates, depth)
    key = np.empty(head, np.int64)
    row = np.empty(head, np.int32)
    for i in range(n):
        for rank in range(head):
            if later[i, rank] >= 0:
                rank_of[later[i, rank]] = rank
        for rank in range(head):
            row[rank] = first[i, rank]
            # what is empty stays behind all that is not
            key[rank] = (rank_of[row[rank]] if row[rank] >= 0 else candidates + 1) * head + rank
        order = np.argsort(key)
        for rank in range(head):
            first[i, rank] = row[order[rank]]
            if later[i, rank] >= 0:
                rank_of[later[i, rank]] = candidates
