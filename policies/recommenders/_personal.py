"""Pages of summed similarities, compiled: no Python per row, and each row alone decides its page."""

import numpy as np

from policies.recommenders._best import content_of, drop
from policies.recommenders._in_order import BLOCK, among, lay_out, take_best
from policies.recommenders._shelves import fits, shelf_of, showable
from sim.schema.compiled import allocating, inner

CACHE_LINE = 16
"""Values of four bytes that the processor fetches at once."""


@allocating
def personal_pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    consumer, page, surface, query, minute, recent, room_offer, k, longest, held_start, held, near_start,
    near, similarity, score, shelf_start, member, category, listed, first_room, fade=1.0
):  # fmt: skip
    """Return slates, shape (n, k).  ``score``, as long as there are contents, is zero on entry and on return.

    Each list of ``near`` is best first.  Each place further back in the profile counts ``fade`` times as much.
    """
    out = np.full((len(page), k), -1, np.int32)
    touched, profile = np.empty(len(score) + 1, np.int32), np.empty(longest, np.int32)
    keys, winner = np.empty(len(score) + BLOCK, np.int64), np.empty(len(score) // BLOCK + 1, np.int64)
    ranked = np.empty((page.max() + 1) * k if len(page) else 0, np.int32)
    for i in range(len(page)):
        own = held[held_start[consumer[i]] : held_start[consumer[i] + 1]]
        size = profile_of(recent[i], own, profile)
        need = (page[i] + 1) * k
        if size == 1:
            only = near[near_start[profile[0]] : near_start[profile[0] + 1]]
            kept = _walk(
                only, ranked[:need], surface[i], query[i], minute[i], recent[i], category, listed, first_room,
                room_offer,
            )  # fmt: skip
        else:
            n_touched = _glimpse(profile[:size], near_start, near, similarity)
            n_touched = _sum_up(profile[:size], fade, near_start, near, similarity, score, touched, n_touched)
            n = lay_out(touched[:n_touched], score, keys, surface[i], query[i], category)
            kept = take_best(keys, n, winner, ranked[:need], minute[i], recent[i], listed, first_room, room_offer)
        begin, end = shelf_of(surface[i], query[i], shelf_start)
        write_page(
            out[i], page[i] * k, ranked[:kept], member[begin:end], minute[i], recent[i], listed, first_room, room_offer
        )
    return out


@inner
def profile_of(recent, own, profile):  # type: ignore[no-untyped-def]  # as above
    """Fill ``profile`` with the session's clicks, then what came before; return its size."""
    return _take(own, profile, _take(recent, profile, 0))


@inner
def _take(source, profile, size):  # type: ignore[no-untyped-def]  # as above
    for c in source:
        if size == len(profile):
            break
        if c >= 0 and not among(c, profile[:size]):
            profile[size] = c
            size += 1
    return size


@inner
def _walk(  # type: ignore[no-untyped-def]  # as above
    only, ranked, surface, query, minute, recent, category, listed, first_room, room_offer
):
    """Fill ``ranked`` from the only list there is, which is best first already; return how many there are."""
    kept = 0
    for c in only:
        if kept == len(ranked):
            break
        shown = fits(c, surface, query, category) and showable(c, minute, listed, first_room, room_offer)
        if shown and not among(c, recent):
            ranked[kept] = c
            kept += 1
    return kept


@inner
def _glimpse(profile, near_start, near, similarity):  # type: ignore[no-untyped-def]  # as above
    """Look at all lists so that memory fetches them side by side, not each when its turn comes; return 0."""
    below_zero = 0  # nothing is, which the compiler does not know
    for c in profile:
        for at in range(near_start[c], near_start[c + 1], CACHE_LINE):
            below_zero += (near[at] < 0) + (similarity[at] < 0)
    return below_zero


@inner
def _sum_up(  # type: ignore[no-untyped-def]  # as above
    profile, fade, near_start, near, similarity, score, touched, n_touched
):
    """Add up similarities in ``score``; return how many contents have one, listed in ``touched``."""
    weight = 1.0
    for c in profile:
        for at in range(near_start[c], near_start[c + 1]):
            other = near[at]
            # written always, counted only when new: a branch here is mispredicted half the time
            touched[n_touched] = other
            n_touched += score[other] == 0.0
            score[other] += weight * similarity[at]
        weight *= fade
    return n_touched


@inner
def unload(best, ranked):  # type: ignore[no-untyped-def]  # as above
    """Write the contents of a heap of keys in ``ranked``, best first."""
    # the smallest key, in front, is the last rank
    for rank in range(len(best) - 1, -1, -1):
        ranked[rank] = content_of(best[0])
        drop(best[: rank + 1])


@inner
def write_page(  # type: ignore[no-untyped-def]  # as above
    slate, skipped, ranked, shelf, minute, recent, listed, first_room, room_offer
):
    """Write one page of what is ranked, the first ``skipped`` being on earlier pages; then of the shelf."""
    for rank in range(skipped, min(len(ranked), skipped + len(slate))):
        slate[rank - skipped] = ranked[rank]
    place = len(ranked) - skipped
    for c in shelf:
        if place >= len(slate):
            return
        shown = showable(c, minute, listed, first_room, room_offer) and not among(c, recent)
        if shown and not among(c, ranked):
            if place >= 0:
                slate[place] = c
            place += 1
