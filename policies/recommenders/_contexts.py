"""What consumer, content and view have in common, in numbers: at a logged look, and at a request."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._best import content_of, drop, keep, key_of
from policies.recommenders._counts import WEIGHT
from policies.recommenders._shelves import Shelves, shelf_of, showable
from sim.schema.compiled import allocating, inner
from sim.schema.kinds import Act, ContentKind, Surface
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, Long, PageRequests

Float = NDArray[np.float64]

FEATURES = 9
NEW_MINUTES = 7 * 1440.0
PRIOR_LOOKS = 50.0
"""By which the click rate of a category in a segment is drawn towards that of all."""
_LIVE, _IMPRESSION = int(Surface.LIVE), int(Act.IMPRESSION)


@dataclass(frozen=True, slots=True)
class Contexts:
    """What features are made of.

    Attributes
    ----------
    acts : int32[n_consumers, n_categories]
        Clicks, carts and orders before the fit.
    rate : float64[n_segments, n_categories]
        Click rate of the category's contents in the segment, by logged looks.
    """

    acts: Int
    rate: Float
    segment: Int
    category: Int
    offer: Int
    listed: Float
    list_price: Long
    typical: float
    n_offers: int
    first_room: int


def contexts_of(catalogue: CatalogueView, log: BehaviourLog | None) -> Contexts:
    """Count who acted in which category, and which segments click in which."""
    n_categories = int(catalogue.category.max(initial=0)) + 1
    n_segments = int(catalogue.segment.max(initial=0)) + 1
    acts = np.zeros((catalogue.n_consumers, n_categories), np.int32)
    rate = np.zeros((n_segments, n_categories))
    if log is not None:
        known = np.flatnonzero(np.isin(log.act, list(WEIGHT)) & (log.offer >= 0))
        np.add.at(acts, (log.consumer[known], catalogue.category[log.offer[known]]), 1)
        rate = _rates(log, catalogue, rate.shape)
    first_room = catalogue.n_contents - int(np.count_nonzero(catalogue.kind == ContentKind.ROOM))
    typical = float(np.log(np.maximum(catalogue.list_price, 1)).mean()) if catalogue.n_offers else 0.0
    return Contexts(
        acts, rate, catalogue.segment.copy(), catalogue.category.copy(), catalogue.offer.copy(),
        catalogue.listed.astype(np.float64), catalogue.list_price.copy(), typical, catalogue.n_offers, first_room,
    )  # fmt: skip


def clicked_later(log: BehaviourLog, n_contents: int) -> Float:
    """Return 1 for each row whose session clicked its content, else 0."""
    what = log.session * n_contents + log.content
    return np.isin(what, what[log.act == Act.CLICK]).astype(np.float64)


def accumulate(log: BehaviourLog, reward: Float, c: Contexts, theta: Float) -> tuple[Float, Float, Float]:
    """Return (sum x x', sum r x, per content sum r - theta' x) over logged looks outside rooms.

    A look sees what its consumer had done before it.
    """
    weighs = np.zeros(max(Act) + 1, np.bool_)
    weighs[list(WEIGHT)] = True
    found: tuple[Float, Float, Float] = _accumulate(
        log.act, log.consumer, log.content, log.offer, log.surface, log.minute, reward, weighs, np.zeros_like(c.acts),
        c.rate, c.segment, c.category, c.listed, c.list_price, c.typical, c.n_offers, c.first_room, theta,
    )  # fmt: skip
    return found


def scored_pages(
    requests: PageRequests, k: int, candidates: int, alpha: float, c: Contexts, s: Shelves, theta: Float,
    inverse: Float, effect: Float, doubt: Float,
) -> Int:  # fmt: skip
    """Return pages, shape (n, k), of each shelf's candidates by upper bound, the rest of the shelf behind."""
    view = requests.view
    pages: Int = _pages(
        requests.consumer, requests.page, requests.surface, requests.query, requests.minute, requests.recent, k,
        candidates, alpha, view.price, view.room_offer, view.room_price, c.acts, c.rate, c.segment, c.category, c.offer,
        c.listed, c.list_price, c.typical, c.n_offers, c.first_room, s.start, s.member, theta, inverse, effect, doubt,
    )  # fmt: skip
    return pages


def _rates(log: BehaviourLog, catalogue: CatalogueView, shape: tuple[int, int]) -> Float:
    looked = np.flatnonzero((log.act == Act.IMPRESSION) & (log.surface != Surface.LIVE) & (log.offer >= 0))
    clicked = clicked_later(log, catalogue.n_contents)[looked]
    cell: Any = catalogue.segment[log.consumer[looked]], catalogue.category[log.offer[looked]]
    flat = np.ravel_multi_index(cell, shape)
    looks, clicks = (np.bincount(flat, weight, shape[0] * shape[1]) for weight in (np.ones(len(flat)), clicked))
    usual = clicked.mean() if len(looked) else 0.0
    rate: Float = ((clicks + PRIOR_LOOKS * usual) / (looks + PRIOR_LOOKS)).reshape(shape)
    return rate


@allocating
def _accumulate(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    act, consumer, content, offer, surface, minute, reward, weighs, acts, rate, segment, category, listed, list_price,
    typical, n_offers, first_room, theta
):  # fmt: skip
    moments = np.zeros((FEATURES, FEATURES))
    products = np.zeros(FEATURES)
    residual = np.zeros(len(listed))
    total = np.zeros(len(acts), np.int32)
    x = np.empty(FEATURES)
    for row in range(len(act)):
        u, o = consumer[row], offer[row]
        if o < 0:
            continue
        if act[row] == _IMPRESSION and surface[row] != _LIVE and content[row] >= 0:
            c = content[row]
            # the price shown then is not in the log: the list price stands for it
            _features(x, c, o, acts[u, category[o]], total[u], float(list_price[o]), minute[row], rate[segment[u]],
                      category, listed, list_price, typical, n_offers, first_room)  # fmt: skip
            expected = 0.0
            for a in range(FEATURES):
                expected += theta[a] * x[a]
                products[a] += reward[row] * x[a]
                for b in range(FEATURES):
                    moments[a, b] += x[a] * x[b]
            residual[c] += reward[row] - expected
        elif weighs[act[row]]:
            acts[u, category[o]] += 1
            total[u] += 1
    return moments, products, residual


@allocating
def _pages(  # type: ignore[no-untyped-def]  # as above
    consumer, page, surface, query, minute, recent, k, candidates, alpha, price, room_offer, room_price, acts, rate,
    segment, category, offer, listed, list_price, typical, n_offers, first_room, start, member, theta, inverse, effect,
    doubt
):  # fmt: skip
    n = len(page)
    out = np.full((n, k), -1, np.int32)
    best = np.empty(candidates, np.int64)
    x = np.empty(FEATURES)
    own = np.empty(acts.shape[1], np.int32)
    for i in range(n):
        begin, end = shelf_of(surface[i], query[i], start)
        pool = min(candidates, end - begin)
        own[:] = acts[consumer[i]]
        for c in recent[i]:
            if c >= 0 and offer[c] >= 0:
                own[category[offer[c]]] += 1
        total = own.sum()
        first = page[i] * k
        need = min(first + k, pool)
        kept, there = 0, 0
        for c in member[begin : begin + pool]:
            if not showable(c, minute[i], listed, first_room, room_offer):
                continue
            there += 1
            o = room_offer[c - first_room] if c >= first_room else offer[c]
            paid = float(room_price[c - first_room] if c >= first_room else price[o])
            _features(x, c, o, own[category[o]], total, paid, minute[i], rate[segment[consumer[i]]], category, listed,
                      list_price, typical, n_offers, first_room)  # fmt: skip
            mean, variance = effect[c], doubt[c]
            for a in range(FEATURES):
                mean += theta[a] * x[a]
                along = 0.0
                for b in range(FEATURES):
                    along += inverse[a, b] * x[b]
                variance += x[a] * along
            # shifted: keys order numbers that are not negative
            key = key_of(c, max(mean + alpha * np.sqrt(max(variance, 0.0)) + 1.0, 0.0))
            if kept < need or key > best[0]:
                kept = keep(best[:need], kept, key)
        for rank in range(kept - 1, first - 1, -1):
            out[i, rank - first] = content_of(best[0])
            drop(best[: rank + 1])
        place = there - first
        for c in member[begin + pool : end]:
            if place >= k:
                break
            if showable(c, minute[i], listed, first_room, room_offer):
                if place >= 0:
                    out[i, place] = c
                place += 1
    return out


@inner
def _features(  # type: ignore[no-untyped-def]  # as above
    x, c, o, acts, total, paid, minute, rate, category, listed, list_price, typical, n_offers, first_room
):
    x[0] = 1.0
    x[1] = acts / (total + 1.0)
    x[2] = 1.0 if total > 0 else 0.0
    x[3] = np.log(max(paid, 1.0)) - typical
    x[4] = max(0.0, 1.0 - paid / max(list_price[o], 1))
    x[5] = np.exp(-max(minute - listed[c], 0.0) / NEW_MINUTES)
    x[6] = 1.0 if n_offers <= c < first_room else 0.0
    x[7] = 1.0 if c >= first_room else 0.0
    x[8] = rate[category[o]]
