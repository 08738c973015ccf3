"""How varied logged pages were, against what is popular."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.metrics.definition import define
from sim.metrics.interest import Interest
from sim.metrics.pages import K, Pages, Past
from sim.metrics.ratio import mean, ratio, ratios

Long = NDArray[np.int64]
Int = NDArray[np.int32]
Float = NDArray[np.float64]

HEAD_SHARE = 0.2
"""The rest of the catalogue is its tail."""
CHUNK = 1 << 14
"""Pages at a time: memory."""
_LOGGED = "logged pages of the window"

DEFINITIONS = define(
    "recommendation",
    (f"coverage_at_{K}", "share", "up", f"distinct offers in the first {K} places of {_LOGGED} / offers"),
    ("tail_share", "share", "", "places of the last day's logged pages that hold one of the 80 % least ordered offers"),
    (
        "intra_list_diversity",
        "ratio",
        "up",
        f"1 - cosine of the contents' latent vectors, mean over pairs of a page, then over {_LOGGED}",
    ),
    (
        "novelty",
        "bits",
        "up",
        "mean over places of the last day's logged pages of -log2(the offer's share of all clicks, carts and orders "
        "before; one is added to each offer)",
    ),
    (
        "popularity_lift",
        "ratio",
        "",
        "(mean popularity of what consumers were shown on the last day - of what they had turned to before) / the "
        "latter; each consumer counts alike; popularity = clicks, carts and orders before",
    ),
)


def coverage(content: Int, interest: Interest) -> dict[str, float]:
    """Return the share of the catalogue in the first places of pages, int32[n, places]."""
    covered = np.zeros(len(interest.item_of), bool)
    covered[interest.item_of[content[:, :K]]] = True  # an empty place marks the last, which is no offer
    share = ratio(int(covered[: interest.offers].sum()), interest.offers)
    return {f"coverage_at_{K}": share if len(content) else math.nan}


def diversity(content: Int, vectors: NDArray[np.float32]) -> Float:
    """Return the mean over pairs of 1 - cosine of each page, float64[n]; NaN below two contents.

    Parameters
    ----------
    content : int32[n, places]
        -1 = empty place.
    vectors : float32[n_contents, d]
        A content without a direction (a room's) is no part of a pair.
    """
    length = np.sqrt(np.square(vectors, dtype=np.float64).sum(axis=1))
    unit = np.append(vectors / np.where(length > 0, length, 1)[:, None], np.zeros((1, vectors.shape[1])), axis=0)
    aimed = np.append(length > 0, False)
    found = np.zeros(len(content))
    for start in range(0, len(content), CHUNK):
        places = content[start : start + CHUNK]
        n = aimed[places].sum(axis=1)
        # The sum over ordered pairs is the squared length of the sum less the n squares of one.
        likeness = np.square(unit[places].sum(axis=1)).sum(axis=1) - n
        found[start : start + CHUNK] = 1 - ratios(likeness, n * (n - 1))
    return found


def mean_diversity(pages: Float) -> dict[str, float]:
    """Return the mean of `diversity` over the pages that have one."""
    return {"intra_list_diversity": mean(pages[~np.isnan(pages)])}


def popularity(pages: Pages) -> dict[str, float]:
    """Return how popular what a day's pages held was before."""
    offered = (pages.item >= 0) & (pages.item < pages.offers)
    shown = pages.item[offered]
    consumer = np.broadcast_to(pages.rows["consumer"][:, None], pages.item.shape)[offered]
    past = pages.past
    share = (past.popularity + 1) / (past.popularity.sum() + pages.offers)
    tail = np.ones(pages.offers, bool)
    tail[np.argsort(-past.orders, kind="stable")[: math.floor(HEAD_SHARE * pages.offers)]] = False
    return {
        "novelty": mean(-np.log2(share[shown])),
        "tail_share": ratio(int(tail[shown].sum()), len(shown)),
        "popularity_lift": _lift(past, consumer, shown),
    }


def _lift(past: Past, consumer: Int, shown: Int) -> float:
    n = int(max(consumer.max(initial=-1), past.own[0].max(initial=-1))) + 1
    recommended = _mean_popularity(past.popularity, consumer, shown, n)
    own = _mean_popularity(past.popularity, *past.own, n)
    both = ~np.isnan(recommended) & ~np.isnan(own)
    return ratio(float((recommended - own)[both].sum()), float(own[both].sum()))


def _mean_popularity(popularity: Long, consumer: NDArray[np.integer], item: NDArray[np.integer], n: int) -> Float:
    """Return the mean popularity of each consumer's items, NaN for whom there are none."""
    return ratios(np.bincount(consumer, popularity[item], n), np.bincount(consumer, minlength=n))
