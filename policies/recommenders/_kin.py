"""Pages by what offers have in common: each profile names features, each feature offers, each offer its contents.

Compiled.  Videos and rooms are as good as the offer they show.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._best import keep, key_of
from policies.recommenders._in_order import among
from policies.recommenders._neighbours import Lists
from policies.recommenders._personal import profile_of, unload, write_page
from policies.recommenders._shelves import Shelves, fits, shelf_of, showable
from sim.schema.compiled import allocating, inner
from sim.schema.kinds import ContentKind
from sim.schema.recommending import CatalogueView, Int, PageRequests

Double = NDArray[np.float64]
FEED = 0


@dataclass(frozen=True, slots=True)
class Kin:
    """What an offer leads to: the features it has, and the offers that have a feature, each with its weight.

    Attributes
    ----------
    features : Lists
        Of each offer.
    strength : float64[len(features.member)]
    offers : Lists
        Of each feature.
    weight : float64[len(offers.member)]
    """

    features: Lists
    strength: Double
    offers: Lists
    weight: Double


@dataclass(frozen=True, slots=True)
class Shown:
    """Which contents show an offer, and which of two equals comes first.

    Attributes
    ----------
    offer : int32[n_contents]
        -1 for a room.
    videos : Lists
        Of each offer.
    place, order : int32[n_contents]
        Of each content in the order of the feed's shelf, and the contents in that order.
    """

    offer: Int
    videos: Lists
    place: Int
    order: Int


def shown(catalogue: CatalogueView, shelf: Shelves) -> Shown:
    """Return what shows what; of equals the one further in front on the feed's shelf comes first."""
    videos = np.flatnonzero(catalogue.kind == ContentKind.VIDEO)
    videos = videos[np.argsort(catalogue.offer[videos], kind="stable")]
    start = np.searchsorted(catalogue.offer[videos], np.arange(catalogue.n_offers + 1)).astype(np.int64)
    order = shelf.member[: catalogue.n_contents].copy()
    place = np.empty(catalogue.n_contents, np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return Shown(catalogue.offer.copy(), Lists(start, videos.astype(np.int32)), place, order)


def kin_pages(requests: PageRequests, k: int, history: int, held: Lists, kin: Kin, on: Shown, shelf: Shelves) -> Int:
    """Return slates, shape (n, k): the offers that share most with the profile's, as what shows them.

    The profile's own offers, and all that shows them, are left to the shelf that fills up.
    """
    pages: Int = _pages(
        requests.consumer, requests.page, requests.surface, requests.query, requests.minute, requests.recent,
        requests.view.room_offer, k, history, held.start, held.member, kin.features.start, kin.features.member,
        kin.strength, kin.offers.start, kin.offers.member, kin.weight, on.offer, on.videos.start, on.videos.member,
        on.place, on.order, shelf.start, shelf.member, shelf.category, shelf.listed, shelf.first_room,
    )  # fmt: skip
    return pages


@allocating
def _pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    consumer, page, surface, query, minute, recent, room_offer, k, longest, held_start, held, feature_start, feature,
    strength, with_start, with_it, weight, offer_of, video_start, video, place, order, shelf_start, member, category,
    listed, first_room
):  # fmt: skip
    out = np.full((len(page), k), -1, np.int32)
    n_offers, n_features = len(video_start) - 1, len(with_start) - 1
    score, pull = np.zeros(n_offers), np.zeros(n_features)
    touched, pulling = np.empty(n_offers + 1, np.int32), np.empty(n_features + 1, np.int32)
    profile = np.empty(longest, np.int32)
    most = (page.max() + 1) * k if len(page) else 0
    best, ranked = np.empty(most, np.int64), np.empty(most, np.int32)
    first_live, next_live = _live(room_offer, n_offers)
    for i in range(len(page)):
        size = profile_of(recent[i], held[held_start[consumer[i]] : held_start[consumer[i] + 1]], profile)
        size = _offers(profile[:size], offer_of, room_offer, first_room)
        own = profile[:size]
        n_pulling = _pull(own, feature_start, feature, strength, pull, pulling)
        n_touched = _sum_up(pulling[:n_pulling], pull, with_start, with_it, weight, score, touched)
        need = (page[i] + 1) * k
        kept = 0
        for o in touched[:n_touched]:
            likeness = np.float32(score[o])
            score[o] = 0.0
            if (kept == need and key_of(0, likeness) < best[0]) or among(o, own):
                continue
            c = int(o)
            at, end = video_start[o], video_start[o + 1]
            room = first_live[o]
            while c >= 0:
                key = key_of(place[c], likeness)
                if (
                    (kept < need or key > best[0])
                    and fits(c, surface[i], query[i], category)
                    and showable(c, minute[i], listed, first_room, room_offer)
                    and not among(c, recent[i])
                ):
                    kept = keep(best[:need], kept, key)
                # the offer itself, then its videos, then the rooms that show it now: in the feed only
                if surface[i] != FEED:
                    c = -1
                elif at < end:
                    c, at = int(video[at]), at + 1
                elif room >= 0:
                    c, room = first_room + room, next_live[room]
                else:
                    c = -1
        unload(best[:kept], ranked)
        for rank in range(kept):
            ranked[rank] = order[ranked[rank]]
        begin, end = shelf_of(surface[i], query[i], shelf_start)
        write_page(
            out[i], page[i] * k, ranked[:kept], member[begin:end], minute[i], recent[i], listed, first_room, room_offer
        )
    return out


@allocating
def _live(room_offer, n_offers):  # type: ignore[no-untyped-def]  # as above
    """Return the first room that shows each offer, and the next such room of each; -1 = none."""
    first, following = np.full(n_offers, -1, np.int64), np.full(len(room_offer), -1, np.int64)
    for room in range(len(room_offer) - 1, -1, -1):
        o = room_offer[room]
        if o >= 0:
            following[room], first[o] = first[o], room
    return first, following


@inner
def _offers(profile, offer_of, room_offer, first_room):  # type: ignore[no-untyped-def]  # as above
    """Put the offers that contents show in their place, each once; return how many."""
    size = 0
    for c in profile:
        o = offer_of[c] if c < first_room else room_offer[c - first_room]
        if o >= 0 and not among(o, profile[:size]):
            profile[size] = o
            size += 1
    return size


@inner
def _pull(own, feature_start, feature, strength, pull, pulling):  # type: ignore[no-untyped-def]  # as above
    """Add up in ``pull`` how much the profile's offers have of each feature; return how many, listed in ``pulling``."""
    n = 0
    for o in own:
        for at in range(feature_start[o], feature_start[o + 1]):
            f = feature[at]
            pulling[n] = f
            n += pull[f] == 0.0
            pull[f] += strength[at]
    return n


@inner
def _sum_up(pulling, pull, with_start, with_it, weight, score, touched):  # type: ignore[no-untyped-def]  # as above
    """Add up in ``score`` what features lead to; clear their pull; return how many offers, listed in ``touched``."""
    n = 0
    for f in pulling:
        for at in range(with_start[f], with_start[f + 1]):
            o = with_it[at]
            touched[n] = o
            n += score[o] == 0.0
            score[o] += pull[f] * weight[at]
        pull[f] = 0.0
    return n
