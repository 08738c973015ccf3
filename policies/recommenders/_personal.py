"""Pages of summed similarities, compiled: no Python per row, and each row alone decides its page."""

import numpy as np

from policies.recommenders._best import content_of, drop, keep, key_of
from policies.recommenders._shelves import fits, shelf_of, showable
from sim.schema.compiled import allocating, inner


@allocating
def personal_pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    consumer, page, surface, query, minute, recent, room_offer, k, longest, held_start, held, near_start,
    near, similarity, score, shelf_start, member, category, listed, first_room
):  # fmt: skip
    """Return slates, shape (n, k).  ``score`` is zero on entry and on return."""
    out = np.full((len(page), k), -1, np.int32)
    touched = np.empty(len(score) + 1, np.int32)
    profile = np.empty(longest, np.int32)
    best = np.empty((page.max() + 1) * k if len(page) else 0, np.int64)
    for i in range(len(page)):
        own = held[held_start[consumer[i]] : held_start[consumer[i] + 1]]
        size = _profile(recent[i], own, profile)
        n_touched = _sum_up(profile[:size], near_start, near, similarity, score, touched)
        need = (page[i] + 1) * k
        kept = 0
        for c in touched[:n_touched]:
            key = key_of(c, score[c])
            score[c] = 0.0
            # the cheap test first: most contents fall short of the worst that is kept
            if (
                (kept < need or key > best[0])
                and fits(c, surface[i], query[i], category)
                and showable(c, minute[i], listed, first_room, room_offer)
                and not _among(c, recent[i])
            ):
                kept = keep(best[:need], kept, key)
        if kept < need:
            begin, end = shelf_of(surface[i], query[i], shelf_start)
            rest = member[begin:end]
            _fill_up(
                out[i], kept - page[i] * k, best[:kept], rest, minute[i], recent[i], listed, first_room, room_offer
            )
        # the smallest key is the last rank: this page's are on top of the heap, earlier pages' below
        for rank in range(kept - 1, page[i] * k - 1, -1):
            out[i, rank - page[i] * k] = content_of(best[0])
            drop(best[: rank + 1])
    return out


@inner
def _profile(recent, own, profile):  # type: ignore[no-untyped-def]  # as above
    """Fill ``profile`` with the session's clicks, then what came before; return its size."""
    return _take(own, profile, _take(recent, profile, 0))


@inner
def _take(source, profile, size):  # type: ignore[no-untyped-def]  # as above
    for c in source:
        if size == len(profile):
            break
        if c >= 0 and not _among(c, profile[:size]):
            profile[size] = c
            size += 1
    return size


@inner
def _sum_up(profile, near_start, near, similarity, score, touched):  # type: ignore[no-untyped-def]  # as above
    """Add up similarities in ``score``; return how many contents have one, listed in ``touched``."""
    n_touched = 0
    for c in profile:
        for at in range(near_start[c], near_start[c + 1]):
            other = near[at]
            # written always, counted only when new: a branch here is mispredicted half the time
            touched[n_touched] = other
            n_touched += score[other] == 0.0
            score[other] += similarity[at]
    return n_touched


@inner
def _fill_up(  # type: ignore[no-untyped-def]  # as above
    slate, place, own, shelf, minute, recent, listed, first_room, room_offer
):
    """Put the shelf's contents behind the personal ones; a place below 0 was on an earlier page."""
    for c in shelf:
        if place == len(slate):
            return
        if not showable(c, minute, listed, first_room, room_offer) or _among(c, recent):
            continue
        personal = False
        for key in own:
            personal |= content_of(key) == c
        if not personal:
            if place >= 0:
                slate[place] = c
            place += 1


@inner
def _among(c, some):  # type: ignore[no-untyped-def]  # as above
    for other in some:  # noqa: SIM110  # numba compiles loops, not generator expressions
        if other == c:
            return True
    return False
