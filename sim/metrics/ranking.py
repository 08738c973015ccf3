"""How good rankings are, judged by what was relevant.  Binary relevance; all functions are vectorised over rankings.

A ranking is a row of ``hits``: bool[n, k], best place first, true where the place holds a relevant item; an item
counts once, so a row has at most ``relevant`` hits.  ``relevant`` (int[n], at least 1) is how many items there were
to find.  Each function returns one number per ranking, float64[n]; the KPI is their mean.

References
----------
Järvelin & Kekäläinen (2002), ACM TOIS 20(4): nDCG with gains 0 and 1 and discount 1 / log2(rank + 1).
"""

import numpy as np
from numpy.typing import NDArray

Bool = NDArray[np.bool_]
Float = NDArray[np.float64]
Int = NDArray[np.integer]


def ndcg(hits: Bool, relevant: Int) -> Float:
    """Return the discounted gain over that of the ideal ranking of min(k, relevant) hits."""
    discount = 1 / np.log2(np.arange(2, hits.shape[1] + 2))
    ideal = np.concatenate(([0.0], np.cumsum(discount)))
    return np.asarray((hits @ discount) / ideal[np.minimum(hits.shape[1], relevant)])


def recall(hits: Bool, relevant: Int) -> Float:
    """Return hits / relevant items."""
    return np.asarray(hits.sum(axis=1) / relevant)


def precision(hits: Bool, relevant: Int) -> Float:
    """Return hits / places."""
    return np.asarray(hits.sum(axis=1) / hits.shape[1])


def hit_rate(hits: Bool, relevant: Int) -> Float:
    """Return 1 where there is a hit, else 0."""
    return np.asarray(hits.any(axis=1), np.float64)


def mrr(hits: Bool, relevant: Int) -> Float:
    """Return 1 / rank of the first hit, 0 where there is none."""
    return np.where(hits.any(axis=1), 1.0 / (1 + hits.argmax(axis=1)), 0.0)


def average_precision(hits: Bool, relevant: Int) -> Float:
    """Return the mean over the hits of the precision down to each, out of min(k, relevant) possible hits."""
    ranks = np.arange(1, hits.shape[1] + 1)
    precisions = np.cumsum(hits, axis=1) / ranks
    return np.asarray(np.where(hits, precisions, 0.0).sum(axis=1) / np.minimum(hits.shape[1], relevant))


MEASURES = {
    "ndcg": ndcg,
    "recall": recall,
    "precision": precision,
    "hit_rate": hit_rate,
    "mrr": mrr,
    "map": average_precision,
}
