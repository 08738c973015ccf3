"""How varied logged pages were, against what is popular."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.metrics.definition import define
from sim.metrics.pages import K, Pages
from sim.metrics.ratio import mean, ratio, ratios

Long = NDArray[np.int64]

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


def variety(pages: Pages) -> dict[str, float]:
    """Return the KPIs of what logged pages held."""
    shown = np.unique(pages.item_of[pages.all["content"][:, :K]])
    covered = int(((shown >= 0) & (shown < pages.offers)).sum())
    return {
        f"coverage_at_{K}": ratio(covered, pages.offers) if len(pages.all) else math.nan,
        "intra_list_diversity": diversity(pages.all["content"], pages.vectors),
    } | _popularity(pages)


def diversity(content: NDArray[np.int32], vectors: NDArray[np.float32]) -> float:
    """Return the mean over pages of the mean over pairs of 1 - cosine; pages of fewer than two contents are left out.

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
    total, pages = 0.0, 0
    for start in range(0, len(content), CHUNK):
        places = content[start : start + CHUNK]
        n = aimed[places].sum(axis=1)
        # The sum over ordered pairs is the squared length of the sum less the n squares of one.
        likeness = np.square(unit[places].sum(axis=1)).sum(axis=1) - n
        several = n > 1
        total += float((1 - likeness[several] / (n * (n - 1))[several]).sum())
        pages += int(several.sum())
    return ratio(total, pages)


def _popularity(pages: Pages) -> dict[str, float]:
    item = pages.item_of[pages.last_day["content"]]
    offered = (item >= 0) & (item < pages.offers)
    shown = item[offered]
    consumer = np.broadcast_to(pages.last_day["consumer"][:, None], item.shape)[offered]
    share = (pages.popularity + 1) / (pages.popularity.sum() + pages.offers)
    tail = np.argsort(-pages.orders_so_far, kind="stable")[math.floor(HEAD_SHARE * pages.offers) :]
    return {
        "novelty": mean(-np.log2(share[shown])),
        "tail_share": ratio(int(np.isin(shown, tail).sum()), len(shown)),
        "popularity_lift": _lift(pages, consumer, shown),
    }


def _lift(pages: Pages, consumer: NDArray[np.int32], shown: NDArray[np.int32]) -> float:
    acts = pages.before
    turned_to = pages.items(acts)
    known = (turned_to >= 0) & (turned_to < pages.offers)
    n = pages.consumers
    recommended = _mean_popularity(pages.popularity, consumer, shown, n)
    own = _mean_popularity(pages.popularity, acts["consumer"][known], turned_to[known], n)
    both = ~np.isnan(recommended) & ~np.isnan(own)
    return ratio(float((recommended - own)[both].sum()), float(own[both].sum()))


def _mean_popularity(popularity: Long, consumer: NDArray[np.int32], item: NDArray[np.integer], n: int) -> np.ndarray:
    """Return the mean popularity of each consumer's items, NaN for whom there are none."""
    return ratios(np.bincount(consumer, popularity[item], n), np.bincount(consumer, minlength=n))
