"""Pages of summed similarities, compiled: no Python per row, and each row alone decides its page."""

import numpy as np

from policies.recommenders._best import content_of, drop, keep, key_of
from policies.recommenders._shelves import fits, shelf_of, showable
from sim.schema.compiled import allocating, inner


@allocating
def personal_pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    consumer, page, surface, query, minute, recent, room_offer, k, longest, held_start, held, near_start,
    near, similarity, score, shelf_start, member, category, listed, first_room, fade=1.0
):  # fmt: skip
    """Return slates, shape (n, k).  ``score`` is zero on entry and on return.

    Each place further back in the profile counts ``fade`` times as much.
    """
    out = np.full((len(page), k), -1, np.int32)
    touched = np.empty(len(score) + 1, np.int32)
    profile = np.empty(longest, np.int32)
    most = (page.max() + 1) * k if len(page) else 0
    best, ranked = np.empty(most, np.int64), np.empty(most, np.int32)
    for i in range(len(page)):
        own = held[held_start[consumer[i]] : held_start[consumer[i] + 1]]
        size = profile_of(recent[i], own, profile)
        n_touched = _sum_up(profile[:size], fade, near_start, near, similarity, score, touched)
        need = (page[i] + 1) * k
        kept = select(
            touched[:n_touched], score, best[:need], surface[i], query[i], minute[i], recent[i], category, listed,
            first_room, room_offer,
        )  # fmt: skip
        unload(best[:kept], ranked)
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
def _sum_up(profile, fade, near_start, near, similarity, score, touched):  # type: ignore[no-untyped-def]  # as above
    """Add up similarities in ``score``; return how many contents have one, listed in ``touched``."""
    n_touched = 0
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
def select(  # type: ignore[no-untyped-def]  # as above
    touched, score, best, surface, query, minute, recent, category, listed, first_room, room_offer
):
    """Keep the best of the contents touched that may be on the page; clear their scores; return how many are kept."""
    kept = 0
    worst = np.int64(0)
    for c in touched:
        key = key_of(c, score[c])
        score[c] = 0.0
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


@inner
def among(c, some):  # type: ignore[no-untyped-def]  # as above
    """Whether a content is one of some."""
    for other in some:  # noqa: SIM110  # numba compiles loops, not generator expressions
        if other == c:
            return True
    return False
