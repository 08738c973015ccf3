"""How often a content was looked at, and how often clicked, by consumers whose looks are logged."""

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._shelves import Shelves, shelves, unranked
from sim.schema.kinds import Act, Surface
from sim.schema.recommending import BehaviourLog, CatalogueView, Int

Float = NDArray[np.float64]

MINUTES_PER_DAY = 1440.0
USUAL_CLICK_RATE = 0.05
"""Before anything was looked at; assumed."""
OPTIMISM = 2.0
"""Standard deviations above the mean by which contents are retrieved."""


def trials(log: BehaviourLog, n_contents: int, half_life_days: float) -> tuple[Float, Float]:
    """Return (looks, clicks) per content, ``0.5 ** (age / half-life)`` weighted.

    Looks are logged for some consumers only: only their clicks count.  What happens in rooms is left out.
    """
    outside = (log.surface != Surface.LIVE) & (log.content >= 0)
    looked = outside & (log.act == Act.IMPRESSION)
    logged = np.zeros(int(log.consumer.max(initial=-1)) + 1, np.bool_)
    logged[log.consumer[looked]] = True
    clicked = outside & (log.act == Act.CLICK) & logged[log.consumer]
    weight = 0.5 ** ((log.until - log.minute) / (half_life_days * MINUTES_PER_DAY))
    looks, clicks = (
        np.bincount(log.content[rows], weight[rows], minlength=n_contents).astype(np.float64)
        for rows in (looked, clicked)
    )
    return np.maximum(looks, clicks), clicks


def posterior(looks: Float, clicks: Float, prior_looks: float) -> tuple[Float, Float]:
    """Return (a, b) of each content's Beta posterior: the prior is everybody's click rate, as of ``prior_looks``."""
    total = looks.sum()
    rate = float(np.clip(clicks.sum() / total, 1e-4, 1 - 1e-4)) if total > 0 else USUAL_CLICK_RATE
    return prior_looks * rate + clicks, prior_looks * (1 - rate) + looks - clicks


def hopeful(catalogue: CatalogueView, a: Float, b: Float) -> Shelves:
    """Return the shelves in order of ``mean + 2 sd``; among equals the newest first."""
    mean = a / (a + b)
    upper = (mean + OPTIMISM * np.sqrt(mean * (1 - mean) / (a + b + 1))).astype(np.float32)
    order: Int = unranked(catalogue)
    order = order[np.argsort(-upper[order], kind="stable")]
    return shelves(catalogue, order, order[order < catalogue.n_offers])
