"""Retrieval: the few hundred contents of a page that are worth ranking, and the page once they are ranked."""

import numpy as np

from policies.recommenders._best import content_of, keep, key_of
from policies.recommenders._in_order import among
from policies.recommenders._personal import profile_of, unload, write_page
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
        Padded with -1; candidates are in no order that means anything.
    """
    n = len(consumer)
    profile = np.full((n, n_profile), -1, np.int32)
    found = np.full((n, n_candidates), -1, np.int32)
    affinity = np.zeros((n, n_candidates))
    touched = np.empty(len(scratch) + 1, np.int32)
    taken = np.zeros(len(scratch), np.bool_)
    best = np.empty(n_candidates // 2, np.int64)
    for i in range(n):
        own = known.held[known.held_start[consumer[i]] : known.held_start[consumer[i] + 1]]
        size = profile_of(recent[i], own, profile[i])
        n_touched = _sum_up(profile[i, :size], known, scratch, touched)
        near = touched[:n_touched]
        held = _nearest(near, scratch, best, surface[i], query[i], minute[i], recent[i], category, known.listed,
                        first_room, room_offer)  # fmt: skip
        for j in range(held):
            c = content_of(best[j])
            found[i, j] = c
            taken[c] = True
        begin, end = shelf_of(surface[i], query[i], shelf_start)
        size = _popular(member[begin:end], taken, found[i], held, minute[i], recent[i], known.listed, first_room,
                        room_offer)  # fmt: skip
        for j in range(size):
            affinity[i, j] = scratch[found[i, j]]
        for j in range(held):
            taken[found[i, j]] = False
        for c in near:
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
    best, ranked = np.empty(m, np.int64), np.empty(m, np.int32)
    for i in range(n):
        need = min((page[i] + 1) * k, m)
        kept, worst = 0, np.int64(-1)
        for j in range(m):
            if candidate[i, j] < 0:
                break
            key = key_of(candidate[i, j], score[i, j])
            if key > worst:
                kept = keep(best[:need], kept, key)
                worst = best[0] if kept == need else worst
        unload(best[:kept], ranked)
        begin, end = shelf_of(surface[i], query[i], shelf_start)
        shelf = member[begin:end]
        write_page(out[i], page[i] * k, ranked[:kept], shelf, minute[i], recent[i], listed, first_room, room_offer)
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


@inner
def _nearest(  # type: ignore[no-untyped-def]  # as above
    near, score, best, surface, query, minute, recent, category, listed, first_room, room_offer
):
    """Keep the keys of the best of what is near; return how many are kept."""
    kept, worst = 0, np.int64(-1)
    for c in near:
        key = key_of(c, score[c])
        # the cheap test first: most contents fall short of the worst that is kept
        if (
            key > worst
            and fits(c, surface, query, category)
            and showable(c, minute, listed, first_room, room_offer)
            and not among(c, recent)
        ):
            kept = keep(best, kept, key)
            worst = best[0] if kept == len(best) else worst
    return kept


@inner
def _popular(  # type: ignore[no-untyped-def]  # as above
    shelf, taken, found, size, minute, recent, listed, first_room, room_offer
):
    """Fill ``found`` up from the shelf with what is not taken; return how many it holds."""
    for c in shelf:
        if size == len(found):
            break
        if not taken[c] and showable(c, minute, listed, first_room, room_offer) and not among(c, recent):
            found[size] = c
            size += 1
    return size
