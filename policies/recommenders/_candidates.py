"""Retrieval: the few hundred contents of a page that are worth ranking, and the page once they are ranked."""

import numpy as np

from policies.recommenders._best import content_of, keep, key_of
from policies.recommenders._personal import among, profile_of, unload, write_page
from policies.recommenders._shelves import fits, shelf_of, showable
from sim.schema.compiled import allocating, inner


@allocating
def gather(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    consumer, surface, query, minute, recent, room_offer, n_profile, n_candidates, known, scratch,
    shelf_start, member, category, first_room
):  # fmt: skip
    """Return (profiles, candidates, affinities): the profile's nearest, half at most, then the most popular.

    ``scratch`` is zero on entry and on return.  What the session clicked is no candidate.

    Returns
    -------
    int32[n, n_profile], int32[n, n_candidates], float64[n, n_candidates]
        Padded with -1.
    """
    n = len(consumer)
    profile = np.full((n, n_profile), -1, np.int32)
    found = np.full((n, n_candidates), -1, np.int32)
    affinity = np.zeros((n, n_candidates))
    touched = np.empty(len(scratch) + 1, np.int32)
    best = np.empty(n_candidates // 2, np.int64)
    for i in range(n):
        own = known.held[known.held_start[consumer[i]] : known.held_start[consumer[i] + 1]]
        size = profile_of(recent[i], own, profile[i])
        n_touched = _sum_up(profile[i, :size], known, scratch, touched)
        held = 0
        for c in touched[:n_touched]:
            if not fits(c, surface[i], query[i], category) or among(c, recent[i]):
                continue
            if showable(c, minute[i], known.listed, first_room, room_offer):
                key = key_of(c, scratch[c])
                if held < len(best) or (held and key > best[0]):
                    held = keep(best, held, key)
        unload(best[:held], found[i])
        size = held
        begin, end = shelf_of(surface[i], query[i], shelf_start)
        for c in member[begin:end]:
            if size == n_candidates:
                break
            if among(c, recent[i]) or among(c, found[i, :held]):
                continue
            if showable(c, minute[i], known.listed, first_room, room_offer):
                found[i, size] = c
                size += 1
        for j in range(size):
            affinity[i, j] = scratch[found[i, j]]
        for c in touched[:n_touched]:
            scratch[c] = 0.0
    return profile, found, affinity


@allocating
def laid_out(  # type: ignore[no-untyped-def]  # as above
    candidate, score, page, surface, query, minute, recent, room_offer, k, shelf_start, member, listed, first_room
):
    """Return slates (n, k): page n shows the next k of the candidates by score, popularity behind them.

    Scores are not negative and count as float32; ties go to the smaller id.
    """
    n, m = candidate.shape
    out = np.full((n, k), -1, np.int32)
    keys, ranked = np.empty(m, np.int64), np.empty(m, np.int32)
    for i in range(n):
        size = 0
        while size < m and candidate[i, size] >= 0:
            keys[size] = -key_of(candidate[i, size], score[i, size])
            size += 1
        keys[:size].sort()
        for rank in range(size):
            ranked[rank] = content_of(-keys[rank])
        begin, end = shelf_of(surface[i], query[i], shelf_start)
        shelf = member[begin:end]
        write_page(out[i], page[i] * k, ranked[:size], shelf, minute[i], recent[i], listed, first_room, room_offer)
    return out


@inner
def _sum_up(profile, known, score, touched):  # type: ignore[no-untyped-def]  # as above
    n_touched = 0
    for c in profile:
        for at in range(known.near_start[c], known.near_start[c + 1]):
            other = known.near[at]
            touched[n_touched] = other
            n_touched += score[other] == 0.0
            score[other] += known.similarity[at]
    return n_touched
