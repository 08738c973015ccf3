"""How well first pages met what their consumers turned to."""

import numpy as np

from sim.metrics.definition import define
from sim.metrics.pages import K, Pages
from sim.metrics.ranking import MEASURES
from sim.metrics.ratio import mean, ratio

_JUDGED = (
    "the first page of each session of the last day, judged by what its consumer clicked, carted or ordered from "
    "then on until the day's end; sessions of consumers who did nothing are left out"
)
_MEANINGS = {
    "ndcg": "normalised discounted gain, binary relevance, ideal list of min(10, relevant)",
    "recall": "relevant items on the page / relevant items",
    "precision": "relevant items on the page / places",
    "hit_rate": "pages with a relevant item / pages",
    "mrr": "mean of 1 / rank of the first relevant item",
    "map": "mean of the average precision down to each relevant item, out of min(10, relevant)",
}

DEFINITIONS = define(
    "recommendation",
    *((f"{name}_at_{K}", "share", "up", f"{meaning}; {_JUDGED}") for name, meaning in _MEANINGS.items()),
    (
        "serendipity",
        "share",
        "up",
        f"places that are relevant and not among the {K} most popular offers / places; pages as for ndcg_at_{K}",
    ),
)


def quality(pages: Pages) -> dict[str, float]:
    """Return the KPIs of the first pages of a day."""
    judged = pages.judged(K)
    found = {f"{name}_at_{K}": mean(measure(judged.hits, judged.relevant)) for name, measure in MEASURES.items()}
    best = np.argsort(-pages.past.popularity, kind="stable")[:K]
    beyond = judged.hits & ~np.isin(judged.item, best)
    return found | {"serendipity": ratio(int(beyond.sum()), int((judged.item >= 0).sum()))}
